extension Tensor: CustomStringConvertible {
  /// The elements in brackets, in aligned columns, as NumPy prints them.
  ///
  /// Numbers have at most four decimals, and are in scientific notation if they are very large,
  /// very small or both; a scalar has all its digits. Of tensors of more than 1000 elements, the
  /// first and last three along each axis are shown. ``array(of:)`` has everything.
  public var description: String { description(indent: 0) }

  /// As ``description``, with `indent` spaces in front of every line but the first.
  func description(indent: Int) -> String {
    if count == 0 { return rank == 1 ? "[]" : "[] of shape \(shape)" }
    let isCut = count > 1000
    var positions: [Int] = []
    collect(&positions, axis: 0, position: 0, isCut)
    var texts = texts(at: positions)[...]
    var result = ""
    write(&result, &texts, axis: 0, isCut, indent: indent)
    return result
  }

  /// The positions that are shown along an axis; nil for those that are left out.
  private func shown(_ axis: Int, _ isCut: Bool) -> [Int?] {
    let size = shape[axis]
    guard isCut, size > 6 else { return Array(0..<size) }
    return [0, 1, 2, nil, size - 3, size - 2, size - 1]
  }

  /// The memory positions of the elements that are shown, in row-major order.
  private func collect(_ positions: inout [Int], axis: Int, position: Int, _ isCut: Bool) {
    if axis == rank {
      positions.append(position)
      return
    }
    let step = effectiveStrides[axis]
    for case let index? in shown(axis, isCut) {
      collect(&positions, axis: axis + 1, position: position + index * step, isCut)
    }
  }

  /// Consumes the texts of the elements in row-major order.
  private func write(
    _ result: inout String, _ texts: inout ArraySlice<String>, axis: Int, _ isCut: Bool, indent: Int
  ) {
    if axis == rank {
      result += texts.popFirst() ?? ""
      return
    }
    result += "["
    let margin = String(repeating: " ", count: indent + axis + 1)
    let isLast = axis == rank - 1
    var column = margin.count
    for (place, index) in shown(axis, isCut).enumerated() {
      if place > 0 {
        result += isLast ? ", " : "," + String(repeating: "\n", count: rank - 1 - axis) + margin
      }
      let width = index == nil ? 3 : texts.first?.count ?? 0
      if isLast, place > 0, column + width > 78 {
        result.removeLast()
        result += "\n" + margin
        column = margin.count
      }
      column += width + 2
      if index == nil {
        result += "..."
      } else {
        write(&result, &texts, axis: axis + 1, isCut, indent: indent)
      }
    }
    result += "]"
  }

  /// The elements at the given places in memory, all of one width.
  private func texts(at positions: [Int]) -> [String] {
    func load<Scalar: TensorScalar>(_ type: Scalar.Type) -> [Scalar] {
      withExtendedLifetime(storage) {
        positions.map { data.load(fromByteOffset: $0 * dtype.size, as: Scalar.self) }
      }
    }
    let texts =
      switch dtype {
      case .float32: load(Float.self).formatted(isScalar: rank == 0)
      case .float64: load(Double.self).formatted(isScalar: rank == 0)
      case .int32: load(Int32.self).map(String.init)
      case .int64: load(Int64.self).map(String.init)
      case .uint8: load(UInt8.self).map(String.init)
      case .bool: load(UInt8.self).map { $0 == 0 ? "false" : "true" }
      }
    let width = texts.map(\.count).max() ?? 0
    return texts.map { String(repeating: " ", count: width - $0.count) + $0 }
  }
}

extension Array where Element: BinaryFloatingPoint & LosslessStringConvertible {
  /// The numbers in one notation, with as many decimals as they need, but at most four; a scalar
  /// has all.
  fileprivate func formatted(isScalar: Bool) -> [String] {
    let magnitudes = filter(\.isFinite).map(\.magnitude).filter { $0 > 0 }
    let (least, most) = (magnitudes.min() ?? 1, magnitudes.max() ?? 1)
    // NumPy's rule; whole numbers stay whole as long as they are short.
    let isWhole = allSatisfy { !$0.isFinite || $0 == $0.rounded() }
    let isScientific = most >= 1e8 || !isWhole && (least < 1e-4 || most / least > 1000)
    let limit = isScalar ? 17 : 4
    let numbers = map { $0.isFinite ? DecimalDigits($0.description) : nil }
    let decimals = numbers.reduce(0) { most, number in
      guard let number else { return most }
      return Swift.max(
        most, Swift.min(limit, isScientific ? number.digits.count - 1 : number.decimals))
    }
    return zip(self, numbers).map { value, number in
      guard let number else { return value.isNaN ? "nan" : value < 0 ? "-inf" : "inf" }
      return isScientific ? number.scientific(decimals: decimals) : number.fixed(decimals: decimals)
    }
  }
}

extension Variable: CustomStringConvertible {
  /// The value as ``Tensor/description`` prints it; with the type, the name and the operation that
  /// made it if there is something to say about them: `Variable([2, 4], float64, "weight",
  /// requiresGradient)`.
  public var description: String {
    var notes: [String] = []
    if dtype != .float32, dtype != .bool { notes.append(dtype.description) }
    if let name { notes.append("\"\(name)\"") }
    if let operationName { notes.append("operation: \(operationName)") }
    if requiresGradient { notes.append("requiresGradient") }
    if notes.isEmpty { return value.description }
    let start = "Variable("
    return ([start + value.description(indent: start.count)] + notes).joined(separator: ", ") + ")"
  }
}
