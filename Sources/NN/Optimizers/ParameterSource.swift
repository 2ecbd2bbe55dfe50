import Autograd

/// What has named parameters for an optimizer to improve: a module, or a list of names and variables.
///
/// ```swift
/// let all = Adam(model)
/// let some = Adam(model.namedParameters.filter { $0.value.rank >= 2 })
/// let own = Adam([(name: "temperature", value: temperature)])
/// ```
public protocol ParameterSource {
  /// The parameters with their paths.
  var namedParameters: [(name: String, value: Variable)] { get }
}

extension Array: ParameterSource where Element == (name: String, value: Variable) {
  /// The list itself.
  public var namedParameters: [(name: String, value: Variable)] { self }
}

/// Parameters that can be told apart: at least one, each name and each variable once.
func requireDistinct(_ parameters: [(name: String, value: Variable)], for optimizer: String) {
  guard !parameters.isEmpty else {
    fatalError("\(optimizer): there are no parameters to improve; are all of them frozen?")
  }
  var names: Set<String> = []
  for (index, (name, parameter)) in parameters.enumerated() {
    guard names.insert(name).inserted else {
      fatalError("\(optimizer): two parameters are named '\(name)'")
    }
    if let twin = parameters[..<index].first(where: { $0.value.isIdentical(to: parameter) }) {
      fatalError("\(optimizer): '\(twin.name)' and '\(name)' are one variable")
    }
    guard parameter.isLeaf, parameter.requiresGradient else {
      fatalError("\(optimizer): '\(name)' is not a leaf that requires a gradient")
    }
  }
}
