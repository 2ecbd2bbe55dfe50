import Kernels

extension Tensor: ExpressibleByArrayLiteral, ExpressibleByFloatLiteral, ExpressibleByIntegerLiteral,
  ExpressibleByBooleanLiteral
{
  /// A literal of any nesting, from which a tensor can be made.
  public indirect enum Literal: Sendable, ExpressibleByArrayLiteral, ExpressibleByFloatLiteral,
    ExpressibleByIntegerLiteral, ExpressibleByBooleanLiteral
  {
    /// A number with a fraction.
    case real(Double)
    /// A whole number.
    case whole(Int64)
    /// A truth value.
    case truth(Bool)
    /// Literals of equal shape along a new first axis.
    case array([Literal])

    /// Creates an array of literals.
    public init(arrayLiteral elements: Literal...) { self = .array(elements) }
    /// Creates a number with a fraction.
    public init(floatLiteral value: Double) { self = .real(value) }
    /// Creates a whole number.
    public init(integerLiteral value: Int64) { self = .whole(value) }
    /// Creates a truth value.
    public init(booleanLiteral value: Bool) { self = .truth(value) }
  }

  /// Creates a tensor from a literal; stops with an error that gives the place if it is ragged.
  ///
  /// ```swift
  /// let weights = Tensor([[1, 2], [3, 4]])              // float32
  /// let labels = Tensor([0, 2, 1], dtype: .int64)
  /// ```
  ///
  /// - Parameters:
  ///   - literal: Numbers or truth values in brackets of any nesting.
  ///   - dtype: The type, or nil for float32 (bool if all elements are truth values).
  public init(_ literal: Literal, dtype: DType? = nil) {
    var shape = Shape()
    literal.measure(&shape)
    var elements: [Literal] = []
    literal.collect(&elements, shape, axis: 0, path: [])
    let isBool =
      !elements.isEmpty && elements.allSatisfy { if case .truth = $0 { true } else { false } }
    let dtype = dtype ?? (isBool ? .bool : .float32)
    self.init(uninitialized: shape, dtype: dtype)
    for (index, element) in elements.enumerated() {
      element.store(in: storage.memory + index * dtype.size, as: dtype)
    }
  }

  /// Creates a tensor along one axis, or several if the elements are arrays.
  public init(arrayLiteral elements: Literal...) { self.init(.array(elements)) }
  /// Creates a float32 scalar.
  public init(floatLiteral value: Double) { self.init(.real(value)) }
  /// Creates a float32 scalar.
  public init(integerLiteral value: Int64) { self.init(.whole(value)) }
  /// Creates a bool scalar.
  public init(booleanLiteral value: Bool) { self.init(.truth(value)) }
}

extension Tensor.Literal {
  /// The shape by the first elements.
  fileprivate func measure(_ shape: inout Shape) {
    guard case .array(let elements) = self else { return }
    shape.append(elements.count)
    elements.first?.measure(&shape)
  }

  /// Appends the scalars in row-major order, and checks every place against the shape.
  fileprivate func collect(
    _ scalars: inout [Tensor.Literal], _ shape: Shape, axis: Int, path: [Int]
  ) {
    let place = path.isEmpty ? "" : " at [" + path.map(String.init).joined(separator: "][") + "]"
    guard case .array(let elements) = self else {
      guard axis == shape.rank else {
        fatalError(
          "Tensor: ragged literal: a number\(place), where others have \(shape[axis]) elements")
      }
      scalars.append(self)
      return
    }
    guard axis < shape.rank else {
      fatalError(
        "Tensor: ragged literal: \(elements.count) elements\(place), where others are numbers")
    }
    guard elements.count == shape[axis] else {
      fatalError(
        "Tensor: ragged literal: \(elements.count) elements\(place), where others have \(shape[axis])"
      )
    }
    for (index, element) in elements.enumerated() {
      element.collect(&scalars, shape, axis: axis + 1, path: path + [index])
    }
  }

  fileprivate func store(in memory: UnsafeMutableRawPointer, as dtype: DType) {
    switch self {
    case .whole(var value): k_convert(dtype.kernelType, memory, .int64, &value, 1)
    case .truth(let value):
      var byte: UInt8 = value ? 1 : 0
      k_convert(dtype.kernelType, memory, .bool, &byte, 1)
    case .real(var value):
      guard dtype.isFloatingPoint else {
        fatalError("Tensor: the literal \(value) does not fit \(dtype)")
      }
      k_convert(dtype.kernelType, memory, .float64, &value, 1)
    case .array: break
    }
  }
}
