import Autograd

/// The parts of a model in the order in which they are called, with shapes, sizes and work.
///
/// It prints as a table; see ``Layer/summary(inputShape:dtype:)``.
public struct ModelSummary {
  /// One call of a part.
  public struct Row: Sendable {
    /// The path of the part, empty for the model itself.
    public let path: String
    /// The part in a line, such as "Linear(2 → 8)".
    public let label: String
    /// How deep the part lies in the model.
    public let depth: Int
    /// The shapes of what it returns.
    public let outputShapes: [Shape]
    /// The bytes of what it returns.
    public let outputBytes: Int
    /// The elements of the parameters it holds itself, outside of its parts, trained or frozen; 0
    /// if an earlier row counts them.
    public let parameterCount: Int
    /// The bytes of these parameters.
    public let parameterBytes: Int
    /// The multiply-adds of its matrix products and convolutions, without those of its parts.
    public let multiplyAdds: Int
  }

  /// The calls in their order.
  public let rows: [Row]
  /// The elements of all parameters that require a gradient.
  public let trainedCount: Int
  /// The elements of all parameters that are frozen.
  public let frozenCount: Int
  /// The elements of all buffers.
  public let bufferCount: Int

  /// The bytes of the parameters.
  public var parameterBytes: Int { rows.reduce(0) { $0 + $1.parameterBytes } }
  /// The multiply-adds of the whole call.
  public var multiplyAdds: Int { rows.reduce(0) { $0 + $1.multiplyAdds } }
}

extension Layer {
  /// Calls the model on zeros, evaluating, and lists the calls of its parts.
  ///
  /// ```swift
  /// print(model.summary(inputShape: [1, 784]))
  /// ```
  ///
  /// - Parameters:
  ///   - inputShape: The shape of an input, with an axis of examples as usual.
  ///   - dtype: The type of an input; .int64 for a model that takes indices.
  public func summary(inputShape: Shape, dtype: DType = .float32) -> ModelSummary {
    summary { _ = self(Variable(Tensor.zeros(inputShape, dtype: dtype))) }
  }
}

extension Module {
  /// Runs a closure that calls the model, evaluating, and lists the calls of its parts.
  ///
  /// ```swift
  /// print(translator.summary { _ = translator(source, target) })
  /// ```
  public func summary(of call: () -> Void) -> ModelSummary {
    let frozen = ModuleWalk(self).variables.filter {
      !$0.isBuffer && !$0.value.requiresGradient && $0.value.dtype.isFloatingPoint
    }.map(\.value)
    // The work is read off the graph, and frozen parts record none.
    for variable in frozen { variable.requiresGradient = true }
    defer { for variable in frozen { variable.requiresGradient = false } }
    let recorder = CallRecorder()
    evaluating { Scope.run(recorder, observer: recorder, describe: modulePath, call) }

    let variables = ModuleWalk(self).variables
    func count(_ isIncluded: (Bool, Bool) -> Bool) -> Int {
      variables.reduce(0) { sum, found in
        let isFrozen = frozen.contains { $0.isIdentical(to: found.value) }
        return sum + (isIncluded(found.isBuffer, isFrozen) ? found.value.count : 0)
      }
    }
    return ModelSummary(
      rows: rows(of: recorder.calls), trainedCount: count { !$0 && !$1 },
      frozenCount: count { !$0 && $1 }, bufferCount: count { isBuffer, _ in isBuffer })
  }

  private func rows(of calls: [CallRecorder.Call]) -> [ModelSummary.Row] {
    let buffers = ModuleWalk(self).variables.filter(\.isBuffer).map(\.value)
    var counted: [Variable] = buffers
    return calls.sorted { $0.start < $1.start }.map { call in
      var (count, bytes) = (0, 0)
      for variable in call.ownVariables
      where !counted.contains(where: { $0.isIdentical(to: variable) }) {
        counted.append(variable)
        count += variable.count
        bytes += variable.count * variable.dtype.size
      }
      return ModelSummary.Row(
        path: call.path, label: call.label, depth: call.depth, outputShapes: call.outputShapes,
        outputBytes: call.outputBytes, parameterCount: count, parameterBytes: bytes,
        multiplyAdds: call.multiplyAdds)
    }
  }
}

extension ModelSummary: CustomStringConvertible {
  /// The table.
  public var description: String {
    let header = ["part", "output", "parameters", "bytes", "multiply-adds"]
    let table = rows.map { row in
      [
        String(repeating: "  ", count: row.depth)
          + (row.path.isEmpty ? row.label : "\(row.path): \(row.label)"),
        row.outputShapes.map(\.description).joined(separator: " "),
        row.parameterCount == 0 ? "–" : grouped(row.parameterCount),
        row.parameterBytes == 0 ? "–" : grouped(row.parameterBytes),
        row.multiplyAdds == 0 ? "–" : grouped(row.multiplyAdds),
      ]
    }
    let total = [
      "total", "", grouped(rows.reduce(0) { $0 + $1.parameterCount }), grouped(parameterBytes),
      grouped(multiplyAdds),
    ]
    let widths = (0..<5).map { column in
      ([header, total] + table).map { $0[column].count }.max() ?? 0
    }
    func line(_ cells: [String]) -> String {
      let padded = zip(cells, widths).enumerated().map { index, cell in
        let space = String(repeating: " ", count: cell.1 - cell.0.count)
        return index < 2 ? cell.0 + space : space + cell.0
      }
      var text = padded.joined(separator: "  ")
      while text.last == " " { text.removeLast() }
      return text
    }
    let rule = String(repeating: "─", count: widths.reduce(8, +))
    var notes = ["\(grouped(trainedCount)) trained"]
    if frozenCount > 0 { notes.append("\(grouped(frozenCount)) frozen") }
    if bufferCount > 0 { notes.append("\(grouped(bufferCount)) in buffers") }
    return
      ([line(header), rule] + table.map(line) + [rule, line(total), notes.joined(separator: ", ")])
      .joined(separator: "\n")
  }
}

/// 1234567 as "1,234,567".
private func grouped(_ number: Int) -> String {
  var digits = String(number)
  var groups: [String] = []
  while digits.count > 3 {
    groups.append(String(digits.suffix(3)))
    digits.removeLast(3)
  }
  return ([digits] + groups.reversed()).joined(separator: ",")
}
