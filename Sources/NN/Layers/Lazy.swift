import Autograd

/// A layer that learns the size of its input when it is first called.
///
/// ```swift
/// let model = Sequential {
///   Linear.lazy(outputs: 64, using: &generator)
///   ReLU()
///   Linear.lazy(outputs: 10, using: &generator)
/// }
/// model.build(inputShape: [1, 784])
/// let optimizer = Adam(model.namedParameters)
/// ```
///
/// The parameters are there after the first call, or after ``Layer/build(inputShape:dtype:)``;
/// asking for them before stops with an error. Their paths are those of the layer itself.
public final class Lazy<Wrapped: Layer>: Layer {
  /// The layer, nil until it is first called.
  public private(set) var layer: Wrapped?
  private let make: (Variable) -> Wrapped
  private let mode = Mode()

  /// Creates a layer that is made of its first input.
  public init(_ make: @escaping (Variable) -> Wrapped) { self.make = make }

  /// The members of the layer.
  public var members: [(name: String, value: Any)] {
    layer?.members ?? [("", Unbuilt()), ("", mode)]
  }

  /// The buffers of the layer.
  public var buffers: [Variable] { layer?.buffers ?? [] }

  /// That of the layer, or its type with open sizes.
  public var label: String { layer?.label ?? "\(Wrapped.self)(sizes not known yet)" }

  /// Applies the layer, making it first if need be.
  public func forward(_ x: Variable) -> Variable {
    let layer = self.layer ?? made(of: x)
    self.layer = layer
    return layer.forward(x)
  }

  /// The layer, which trains or evaluates as was said before it was there.
  private func made(of x: Variable) -> Wrapped {
    let layer = make(x)
    mode.followers = ModuleWalk(layer).modes
    layer.isTraining = mode.isTraining
    return layer
  }
}

/// In the place of variables that are not there yet.
struct Unbuilt {}

extension Layer {
  /// Makes the layers whose sizes are not known yet, by evaluating the model on zeros.
  ///
  /// - Parameters:
  ///   - inputShape: The shape of an input, with an axis of examples as usual.
  ///   - dtype: The type of an input.
  public func build(inputShape: Shape, dtype: DType = .float32) {
    evaluating {
      withoutRecording { _ = self(Variable(Tensor.zeros(inputShape, dtype: dtype))) }
    }
  }
}

extension Linear {
  /// A map whose number of inputs is that of the last axis of its first input.
  ///
  /// - Parameters:
  ///   - outputs: The number of features that come out.
  ///   - bias: Whether there is a b.
  ///   - generator: The source of randomness.
  public static func lazy(
    outputs: Int, bias: Bool = true, using generator: inout RandomGenerator
  ) -> Lazy<Linear> {
    var own = generator.split()
    return Lazy { x in
      guard let inputs = x.shape.last else {
        fatalError("Linear: the input \(describe(x)) has no axis of features")
      }
      return Linear(inputs: inputs, outputs: outputs, bias: bias, dtype: x.dtype, using: &own)
    }
  }
}
