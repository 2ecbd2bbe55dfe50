// Pictures of a graph, for people: what was computed from what.

/// The graph below a result as indented text, one line a node: operation, type, shape and name.
///
/// ```
/// 0 sum: float32 []
///   1 multiply: float32 [3]
///     2 leaf: float32 [3] "x", requires gradient
///     2 (see above)
/// ```
///
/// A node that is used several times is written out once.
///
/// - Complexity: Linear in the number of nodes and edges.
public func graphDescription(of result: Variable) -> String {
  var numbers: [ObjectIdentifier: Int] = [:]
  var lines: [String] = []
  // The next to be written lies at the end. Explicit, because a graph may be deeper than the stack.
  var pending = [(node: result.node, depth: 0)]
  while let (node, depth) = pending.popLast() {
    let margin = String(repeating: "  ", count: depth)
    if let number = numbers[ObjectIdentifier(node)] {
      lines.append("\(margin)\(number) (see above)")
      continue
    }
    let number = numbers.count
    numbers[ObjectIdentifier(node)] = number
    lines.append("\(margin)\(number) \(label(of: node))")
    for index in (0..<node.inputCount).reversed() {
      pending.append((node.input(index), depth + 1))
    }
  }
  return lines.joined(separator: "\n")
}

/// The graph below a result in the language of Graphviz: `dot -Tsvg graph.dot > graph.svg`.
///
/// Leaves are boxes, those that require a gradient bold; arrows point the way the values flow.
///
/// - Complexity: Linear in the number of nodes and edges.
public func graphDOT(of result: Variable) -> String {
  var numbers: [ObjectIdentifier: Int] = [:]
  var nodes: [Node] = []
  func number(of node: Node) -> Int {
    if let number = numbers[ObjectIdentifier(node)] { return number }
    numbers[ObjectIdentifier(node)] = nodes.count
    nodes.append(node)
    return nodes.count - 1
  }
  var lines = ["digraph {", "  node [fontname=\"sans-serif\"];"]
  _ = number(of: result.node)
  var next = 0
  while next < nodes.count {
    let node = nodes[next]
    let isBold = !node.isRecorded && node.fields.pointee.requiresGradient
    let shape = node.isRecorded ? "ellipse" : "box"
    let style = isBold ? ", style=bold" : ""
    let text = escapedForDOT(label(of: node))
    lines.append("  n\(next) [label=\"\(text)\", shape=\(shape)\(style)];")
    for index in 0..<node.inputCount {
      lines.append("  n\(number(of: node.input(index))) -> n\(next);")
    }
    next += 1
  }
  lines.append("}")
  return lines.joined(separator: "\n")
}

/// For example: multiply: float32 [2, 3] "hidden".
private func label(of node: Node) -> String {
  let variable = Variable(node)
  let text = "\(variable.operationName ?? "leaf"): \(describe(variable))"
  return variable.isLeaf && variable.requiresGradient ? text + ", requires gradient" : text
}

/// A text between quotation marks in the language of Graphviz.
func escapedForDOT(_ text: String) -> String {
  var result = ""
  for character in text {
    if character == "\"" || character == "\\" { result.append("\\") }
    if character == "\n" { result += "\\n" } else { result.append(character) }
  }
  return result
}
