/// An operation with a derivative of your own.
///
/// Use it where the composition of operations is slow or delicate. The derivative is written in
/// operations on variables, so it can be differentiated again; check both orders with
/// ``gradCheck``.
///
/// ```swift
/// let cube = DifferentiableFunction("cube") { x in
///   x[0] * x[0] * x[0]
/// } derivative: { inputs, output, cotangent in
///   [3 * square(inputs[0]) * cotangent]
/// }
/// let y = cube(x)
/// ```
public final class DifferentiableFunction {
  /// The vector–Jacobian product: given the inputs, the output and the cotangent of the output, one
  /// cotangent for each input, of its shape, or nil where nothing flows.
  public typealias Derivative = (
    _ inputs: [Variable], _ output: Variable, _ cotangent: Variable
  ) -> [Variable?]

  /// The name, for errors and pictures of the graph.
  public let name: String
  private let forward: ([Variable]) -> Variable
  /// The shape and type of a value that is computed on raw memory, where a recorder sees nothing.
  private var opaqueResult: (([Variable]) -> (shape: Shape, dtype: DType))?
  private let derivative: Derivative

  /// Creates an operation from its value and its derivative, both written in operations on
  /// variables.
  ///
  /// - Parameters:
  ///   - name: A name for errors and pictures of the graph.
  ///   - forward: Computes the value; it is not recorded.
  ///   - derivative: The vector–Jacobian product.
  public init(
    _ name: String, forward: @escaping ([Variable]) -> Variable,
    derivative: @escaping Derivative
  ) {
    self.name = name
    self.forward = forward
    self.derivative = derivative
  }

  /// Creates an operation whose value is computed on raw memory.
  ///
  /// - Parameters:
  ///   - name: A name for errors and pictures of the graph.
  ///   - scalar: The Swift type of all inputs and of the output; a call with another type stops
  ///     with an error.
  ///   - shape: The shape of the output, from those of the inputs.
  ///   - kernel: Reads the inputs, each row-major without gaps, and writes every element of the
  ///     output.
  ///   - derivative: The vector–Jacobian product.
  public convenience init<Scalar: TensorScalar>(
    _ name: String, of scalar: Scalar.Type, shape: @escaping ([Shape]) -> Shape,
    kernel:
      @escaping (
        _ inputs: [UnsafeBufferPointer<Scalar>], _ output: UnsafeMutableBufferPointer<Scalar>
      ) -> Void,
    derivative: @escaping Derivative
  ) {
    func result(of inputs: [Variable]) -> (shape: Shape, dtype: DType) {
      for input in inputs where input.dtype != Scalar.dtype {
        fatalError("\(name): the input is \(describe(input)), not \(Scalar.dtype)")
      }
      return (shape(inputs.map(\.shape)), Scalar.dtype)
    }
    self.init(
      name,
      forward: { inputs in
        let (shape, dtype) = result(of: inputs)
        let sources = inputs.map { $0.value.contiguous() }
        let result = Tensor(uninitialized: shape, dtype: dtype)
        let buffers = sources.map {
          UnsafeBufferPointer(start: $0.data.assumingMemoryBound(to: Scalar.self), count: $0.count)
        }
        let output = result.data.assumingMemoryBound(to: Scalar.self)
        kernel(buffers, UnsafeMutableBufferPointer(start: output, count: result.count))
        withExtendedLifetime(sources) {}
        return Variable(result)
      }, derivative: derivative)
    opaqueResult = result
  }

  /// Applies the operation.
  public func callAsFunction(_ inputs: Variable...) -> Variable {
    let value = withoutRecording { evaluate(inputs) }
    guard value.dtype.isFloatingPoint, Context.isRecording,
      inputs.contains(where: \.requiresGradient)
    else { return value.detached() }
    let node = value.node.viewNode()
    node.ensureExtras().function = self
    node.connect(customPrimitive, to: inputs, .none)
    node.finishConnecting(true)
    return Variable(node)
  }

  private func evaluate(_ inputs: [Variable]) -> Variable {
    guard let opaqueResult, Context.isTracing else { return forward(inputs) }
    let result: Variable
    if Context.isDeferring {
      let (shape, dtype) = opaqueResult(inputs)
      result = Variable(Node.make(shape: shape, count: shape.elementCount, dtype: dtype))
    } else {
      result = Context.untraced { forward(inputs) }
    }
    Recorder.current?.note(result.node, host: inputs.map(\.node)) { [self] inputs, memory in
      write(forward(inputs).value, to: memory)
    }
    return result
  }

  fileprivate func cotangents(_ site: Site, _ g: Variable) -> [Variable?] {
    let inputs = (0..<site.node.inputCount).map { site[$0] }
    var result = derivative(inputs, site.y, g)
    guard result.count == inputs.count else {
      fatalError(
        "\(name): the derivative returned \(result.count) cotangents for \(inputs.count) inputs")
    }
    for (index, (input, cotangent)) in zip(inputs, result).enumerated() {
      guard let cotangent, input.requiresGradient else { continue }
      guard let adapted = cotangent.adapted(to: input.node.fields),
        input.shape.broadcast(with: adapted.shape) != nil
      else {
        fatalError(
          "\(name): cotangent \(index) is \(describe(cotangent)), its input \(describe(input))")
      }
      result[index] = adapted
    }
    return result
  }
}

let customPrimitive = Primitive(
  "custom", .view,
  rule: .allInputs { s, g in s.node.fields.pointee.extras?.function?.cotangents(s, g) ?? [] })

extension Variable {
  /// Calls a closure with the variable's complete cotangent during every backward pass.
  ///
  /// - Parameter hook: Receives the cotangent; may return another one to pass on in its place, or
  ///   nil. The variable must require a gradient, or it is an error.
  public func addGradientHook(_ hook: @escaping (Variable) -> Variable?) {
    guard requiresGradient else {
      fatalError("addGradientHook: the variable does not require a gradient\(location(of: self))")
    }
    node.ensureExtras().hooks.append(hook)
  }
}
