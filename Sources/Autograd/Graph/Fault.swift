/// Where a variable belongs, for errors: " (in encoder.hidden)", or nothing if no name is known.
///
/// Parameters know their path in the model ("encoder.hidden.weight"), so an operation that fails
/// finds its layer by the names of its operands, or of what they were directly made from; else by
/// the call that is under way.
package func location(of variables: Variable...) -> String {
  for variable in variables {
    var node = variable.node
    // Through views such as the transpose of a weight.
    for _ in 0..<3 {
      if let name = node.fields.pointee.extras?.name {
        let layer = name.split(separator: ".").dropLast().joined(separator: ".")
        return layer.isEmpty ? " (in \(name))" : " (in \(layer))"
      }
      guard node.isRecorded, node.inputCount > 0 else { break }
      node = node.input(0)
    }
  }
  return Scope.path.map { " (in \($0))" } ?? ""
}

/// "float32 [2, 3]", with the name if there is one.
package func describe(_ variable: Variable) -> String {
  let name = variable.name.map { " \"\($0)\"" } ?? ""
  return "\(variable.dtype) \(variable.shape)\(name)"
}

/// The axis counted from 0, from one that may be negative to count from the end; stops with an
/// error if it is out of range.
func resolve(axis: Int, rank: Int, operation: String, of variable: Variable? = nil) -> Int {
  let resolved = axis < 0 ? axis + rank : axis
  guard resolved >= 0, resolved < rank else {
    let place = variable.map { " of \($0.shape)" } ?? ""
    let range = rank == 0 ? "a scalar has no axes" : "axes go from \(-rank) to \(rank - 1)"
    fatalError(
      "\(operation): axis \(axis)\(place) is out of range; \(range)\(variable.map { location(of: $0) } ?? "")"
    )
  }
  return resolved
}
