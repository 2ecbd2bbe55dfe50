import Autograd

/// A module that maps one variable to one variable, so that it can stand in a ``Sequential``.
///
/// Write the computation as ``forward(_:)``, and call the layer as a function:
///
/// ```swift
/// struct Classifier: Layer {
///   let hidden: Linear, output: Linear
///
///   func forward(_ x: Variable) -> Variable { output(relu(hidden(x))) }
/// }
/// let y = classifier(x)
/// ```
///
/// The call lets errors say in which part of the model they arose, and
/// ``Layer/summary(inputShape:dtype:)`` list the shapes.
public protocol Layer: Module {
  /// What the layer computes; call the layer itself rather than this.
  func forward(_ x: Variable) -> Variable
}

extension Layer {
  /// Applies the layer.
  public func callAsFunction(_ x: Variable) -> Variable {
    scope { forward(x) }
  }
}

extension Module {
  /// Runs the computation of the module's call, so that errors can say where they arose and
  /// summaries can list it.
  ///
  /// ``Layer``s are called through it. A module with a signature of its own does it itself:
  ///
  /// ```swift
  /// func callAsFunction(_ query: Variable, _ memory: Variable) -> Variable {
  ///   scope { output(attention(query, memory)) }
  /// }
  /// ```
  ///
  /// - Parameter body: Computes what comes out: a variable, or a tuple, an array or a structure of
  ///   variables.
  public func scope<Result>(_ body: () -> Result) -> Result {
    Scope.run(self, describe: modulePath) {
      guard let observer = Scope.observer else { return body() }
      let listener = observer as? any CallObserver
      listener?.begin()
      let result = body()
      listener?.end(self, result)
      return result
    }
  }
}
