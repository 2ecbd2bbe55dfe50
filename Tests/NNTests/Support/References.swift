import Autograd
import Foundation
import NN
import Testing

/// What PyTorch computed in float64, as the scripts in the folder References have written it.
///
/// A topic is a file, `References(topic: "losses")` reads losses.json; a case is one computation
/// with its inputs, its value and its gradients by name.
struct References {
  private let cases: [String: [String: Tensor]]

  init(topic: String) throws {
    let folder = #filePath.split(separator: "/").dropLast(2).joined(separator: "/")
    let data = try Data(contentsOf: URL(fileURLWithPath: "/\(folder)/References/\(topic).json"))
    let json = try #require(JSONSerialization.jsonObject(with: data) as? [String: [String: Any]])
    cases = try json.mapValues { try $0.mapValues(tensor) }
  }

  /// The names of the cases.
  var names: [String] { cases.keys.sorted() }

  /// The arrays of one case.
  func callAsFunction(_ name: String) throws -> Reference {
    Reference(name: name, arrays: try #require(cases[name], "there is no case '\(name)'"))
  }
}

/// One computation of PyTorch's.
struct Reference {
  let name: String
  let arrays: [String: Tensor]

  /// An array of the case; there must be one of this name.
  subscript(key: String) -> Tensor {
    guard let tensor = arrays[key] else { fatalError("\(name): there is no array '\(key)'") }
    return tensor
  }

  /// An input as a constant, or as a leaf that requires a gradient if it is floating-point.
  func leaf(_ key: String) -> Variable {
    Variable(self[key], requiresGradient: self[key].dtype.isFloatingPoint)
  }

  /// Compares a value with the case's, and its gradients by leaves of the given names.
  ///
  /// Gradients that PyTorch has none of must be missing or zero.
  func expect(
    _ value: Variable, gradientsBy leaves: [String: Variable], within tolerance: Double = 1e-10,
    sourceLocation: SourceLocation = #_sourceLocation
  ) {
    expect(value.value, equals: "value", within: tolerance, sourceLocation: sourceLocation)
    let names = leaves.keys.sorted()
    let slopes = gradients(
      of: value, withRespectTo: names.map { leaves[$0]! }, seed: Variable(self["cotangent"]))
    for (key, slope) in zip(names, slopes) {
      if arrays["gradient \(key)"] == nil {
        let isZero = slope?.value.doubles().allSatisfy { $0 == 0 } ?? true
        #expect(isZero, "\(name): there is a gradient by '\(key)'", sourceLocation: sourceLocation)
        continue
      }
      guard let slope else {
        Issue.record("\(name): no gradient by '\(key)'", sourceLocation: sourceLocation)
        continue
      }
      expect(
        slope.value, equals: "gradient \(key)", within: tolerance, sourceLocation: sourceLocation)
    }
  }

  /// Loads a module's variables from the case, then compares its value and gradients.
  ///
  /// The names of the module's variables must be PyTorch's. Buffers are compared after the call.
  ///
  /// - Parameter call: Applies the module to the inputs, which are leaves.
  func expect<M: Module>(
    _ module: M, inputs: [String], within tolerance: Double = 1e-10,
    sourceLocation: SourceLocation = #_sourceLocation, call: (M, [Variable]) -> Variable
  ) throws {
    let own = module.namedParameters + module.namedBuffers
    try module.load(
      Dictionary(own.map { ($0.name, self[$0.name]) }, uniquingKeysWith: { first, _ in first }))
    var leaves: [String: Variable] = [:]
    for key in inputs { leaves[key] = leaf(key) }
    let value = call(module, inputs.map { leaves[$0]! })
    for (key, parameter) in module.namedParameters { leaves[key] = parameter }
    leaves = leaves.filter { $0.value.requiresGradient }
    expect(value, gradientsBy: leaves, within: tolerance, sourceLocation: sourceLocation)
    for (key, buffer) in module.namedBuffers where arrays["after \(key)"] != nil {
      expect(
        buffer.value, equals: "after \(key)", within: tolerance, sourceLocation: sourceLocation)
    }
  }

  /// Compares a tensor with an array of the case: shape, and elements relative to the largest.
  func expect(
    _ tensor: Tensor, equals key: String, within tolerance: Double = 1e-10,
    sourceLocation: SourceLocation = #_sourceLocation
  ) {
    let expected = self[key]
    guard tensor.shape == expected.shape else {
      Issue.record(
        "\(name), \(key): shape \(tensor.shape), expected \(expected.shape)",
        sourceLocation: sourceLocation)
      return
    }
    let reference = expected.doubles()
    let scale = max(1e-3, reference.filter(\.isFinite).map(abs).max() ?? 0)
    for (index, (a, b)) in zip(tensor.doubles(), reference).enumerated() {
      let isClose = a == b || (a.isNaN && b.isNaN) || abs(a - b) <= tolerance * scale
      if !isClose {
        Issue.record(
          "\(name), \(key)[\(index)]: \(a), expected \(b)", sourceLocation: sourceLocation)
        return
      }
    }
  }
}

/// A tensor from its JSON form.
private func tensor(_ json: Any) throws -> Tensor {
  let fields = try #require(json as? [String: Any])
  let shape = Shape(try #require(fields["shape"] as? [Int]))
  let values = try #require(fields["values"] as? [Any])
  switch fields["dtype"] as? String {
  case "int64": return Tensor(try values.map { try #require($0 as? Int) }, shape: shape)
  case "bool": return Tensor(try values.map { try #require($0 as? Bool) }, shape: shape)
  case "float64": return Tensor(try values.map(double), shape: shape)
  case let other: throw ReferenceError(dtype: other ?? "none")
  }
}

private func double(_ json: Any) throws -> Double {
  if let text = json as? String { return try #require(Double(text)) }
  return try #require(json as? Double)
}

private struct ReferenceError: Error { let dtype: String }
