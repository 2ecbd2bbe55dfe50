// The syntax of einsum.

/// A parsed equation.
struct EinsumEquation {
  /// One operand's or the result's letters; "..." is the label 0.
  struct Term {
    var labels: [Int] = []
    var text = ""
    /// Where each label stands in the equation, counted from 0.
    var positions: [Int] = []
    /// Where the term begins in the equation.
    var start = 0
    var hasEllipsis: Bool { labels.contains(EinsumEquation.ellipsis) }
  }

  static let ellipsis = 0

  let text: String
  private(set) var inputs: [Term] = []
  private(set) var output: Term?

  init(_ text: String) {
    self.text = text
    let characters = Array(text)
    var term = Term()
    var isOutput = false
    var position = 0
    while position < characters.count {
      let character = characters[position]
      switch character {
      case " ": break
      case ",":
        if isOutput { fail("a comma in the result", at: position) }
        inputs.append(term)
        term = Term(start: position + 1)
      case "-":
        guard characters[position...].starts(with: "->"), !isOutput else {
          fail("\"-\" that does not begin the only \"->\"", at: position)
        }
        inputs.append(term)
        term = Term(start: position + 2)
        isOutput = true
        position += 1
      case ".":
        guard characters[position...].starts(with: "..."), !term.hasEllipsis else {
          fail("\".\" that does not begin the only \"...\" of its operand", at: position)
        }
        term.labels.append(EinsumEquation.ellipsis)
        term.positions.append(position)
        term.text += "..."
        position += 2
      case "a"..."z", "A"..."Z":
        guard let code = character.asciiValue else {
          fail("the letter \"\(character)\", which is not plain", at: position)
        }
        term.labels.append(Int(code))
        term.positions.append(position)
        term.text.append(character)
      default: fail("\"\(character)\", which is not a letter", at: position)
      }
      position += 1
    }
    if isOutput { output = term } else { inputs.append(term) }
    checkOutput()
  }

  private func fail(_ problem: String, at position: Int) -> Never {
    fatalError("einsum: \"\(text)\" has \(problem), at position \(position)")
  }

  private func checkOutput() {
    guard let output else { return }
    let known = Set(inputs.flatMap(\.labels))
    for (index, label) in output.labels.enumerated() where label != EinsumEquation.ellipsis {
      let name = EinsumEquation.name(label)
      if !known.contains(label) {
        fail("\(name) in the result, which no operand has", at: output.positions[index])
      }
      if output.labels[..<index].contains(label) {
        fail("\(name) twice in the result", at: output.positions[index])
      }
    }
  }

  private static func name(_ label: Int) -> String {
    UInt8(exactly: label).map { "\"\(Character(Unicode.Scalar($0)))\"" } ?? "\"...\""
  }

  /// An operand with a label for each of its axes; stops with an error if their number differs.
  func labelled(_ variable: Variable, _ term: Term, index: Int) -> LabelledVariable {
    let named = term.labels.count - (term.hasEllipsis ? 1 : 0)
    let further = variable.rank - named
    guard term.hasEllipsis ? further >= 0 : further == 0 else {
      fatalError(
        "einsum: \"\(text)\" names the axes \"\(term.text)\" (at position \(term.start)) for "
          + "operand \(index), which "
          + "is \(describe(variable))\(location(of: variable))")
    }
    let labels = term.labels.flatMap { label in
      label == EinsumEquation.ellipsis ? (0..<further).map { $0 - further } : [label]
    }
    return LabelledVariable(variable: variable, labels: labels)
  }

  /// Stops with an error if axes of one letter differ in size, or those of "..." do not broadcast.
  func requireSizes(_ factors: [LabelledVariable]) {
    var sizes: [Int: Int] = [:]
    for (index, factor) in factors.enumerated() {
      for (axis, label) in factor.labels.enumerated() {
        let size = factor.variable.shape[axis]
        let before = sizes[label] ?? size
        let broadcasts = label < 0 && (before == 1 || size == 1)
        guard before == size || broadcasts else {
          let term = inputs[index]
          let letter = term.labels.firstIndex(of: label < 0 ? EinsumEquation.ellipsis : label) ?? 0
          fatalError(
            "einsum: \"\(text)\": \(EinsumEquation.name(label)) has size \(before), but at "
              + "position "
              + "\(term.positions[letter]) size \(size): operand \(index) is "
              + "\(describe(factor.variable))"
              + location(of: factor.variable))
        }
        sizes[label] = before == 1 ? size : before
      }
    }
  }

  /// The labels of the result, explicit or implied.
  func outputLabels(_ factors: [LabelledVariable]) -> [Int] {
    let all = factors.flatMap(\.labels)
    let further = -(all.min().map { Swift.min($0, 0) } ?? 0)
    let ellipsis = (0..<further).map { $0 - further }
    guard let output else {
      let once = Set(all).filter { label in label > 0 && all.count { $0 == label } == 1 }
      return ellipsis + once.sorted()
    }
    return output.labels.flatMap { $0 == EinsumEquation.ellipsis ? ellipsis : [$0] }
  }
}
