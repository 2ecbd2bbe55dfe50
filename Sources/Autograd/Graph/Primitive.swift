import Kernels

/// One operation of the closed set from which all others are composed.
///
/// It knows its name, how to compute its value, and the vector–Jacobian product for each input,
/// *written in operations on Variables*: so derivatives of any order need no further code.
/// Primitives are declared as constants beside the function that applies them:
///
/// ```swift
/// let tanhPrimitive = Primitive.unary("tanh", .tanh) { s, g in g * (1 - square(s.y)) }
/// ```
final class Primitive: @unchecked Sendable {
  /// The product of the cotangent `g` of the result with the derivative of the result by one input.
  ///
  /// Its shape may be the broadcast one: backward sums it to the input's shape.
  ///
  /// `.cotangent` says that it is the cotangent itself, as for a sum.
  typealias Derivative = (@Sendable (_ site: Site, _ g: Variable) -> Variable)?

  /// How the derivative of each input is found.
  enum Rule: Sendable {
    /// The result is integer, boolean or constant: nothing flows back.
    case none
    case perInput([Derivative])
    case indexed(@Sendable (_ site: Site, _ g: Variable, _ input: Int) -> Variable?)
    case allInputs(@Sendable (_ site: Site, _ g: Variable) -> [Variable?])
  }

  /// What the operation does with elements that are known to have no influence (Liveness.swift).
  enum Liveness: Sendable {
    /// Elements mix: nothing is known about the inputs' elements.
    case mixes
    /// Element by element, with derivatives that are finite constants: dead elements stay exactly
    /// 0.
    case linear
    /// Element by element, with derivatives that may be infinite: 0 × ∞ must be masked.
    case elementwise
    /// Moves elements: the derivative, applied to a mask, moves the mask.
    case moves
    /// Moves some elements and leaves out others: the derivative, applied to a mask or, if none has
    /// arrived, to an all-true one, gives the input's mask.
    case picks
    /// Chooses elements: this mask tells which elements of an input were chosen.
    case selects(@Sendable (_ site: Site, _ input: Int) -> Variable?)
  }

  enum Kernel: Sendable {
    case unary(KUnary)
    case binary(KBinary)
    case compare(KCompare)
    case reduce(KReduce)
    /// Writes the value of `site.y` from the inputs.
    case custom(@Sendable (_ site: Site) -> Void)
    /// The same; and a program, if one is given, runs on each block of the value once it is finished.
    case blockwise(@Sendable (_ site: Site, _ then: UnsafePointer<KProgram>?) -> Void)
    /// The value is a view of the input, or was written by the caller.
    case view
  }

  let name: String
  let kernel: Kernel
  let rule: Rule
  let liveness: Liveness
  /// The derivatives by input where backward needs nothing else; nil if there is not one each, or
  /// the inputs' liveness may differ from the result's.
  ///
  /// Primitives live for ever, and so does this memory.
  let plainDerivatives: UnsafePointer<Derivative>?

  init(_ name: String, _ kernel: Kernel, liveness: Liveness = .mixes, rule: Rule) {
    self.name = name
    self.kernel = kernel
    self.rule = rule
    self.liveness = liveness
    plainDerivatives = Primitive.plainDerivatives(rule, liveness)
  }

  private static func plainDerivatives(
    _ rule: Rule, _ liveness: Liveness
  ) -> UnsafePointer<Derivative>? {
    guard case .perInput(let derivatives) = rule else { return nil }
    switch liveness {
    case .selects, .picks: return nil
    case .mixes, .linear, .elementwise, .moves: break
    }
    let memory = UnsafeMutablePointer<Derivative>.allocate(capacity: derivatives.count)
    memory.initialize(from: derivatives, count: derivatives.count)
    return UnsafePointer(memory)
  }

  /// An element-by-element function of one variable.
  static func unary(
    _ name: String, _ kernel: KUnary, liveness: Liveness = .elementwise,
    _ derivative: Derivative
  ) -> Primitive {
    Primitive(name, .unary(kernel), liveness: liveness, rule: .perInput([derivative]))
  }

  /// An element-by-element function of two variables that broadcast.
  static func binary(
    _ name: String, _ kernel: KBinary, liveness: Liveness = .elementwise,
    _ first: Derivative, _ second: Derivative
  ) -> Primitive {
    Primitive(name, .binary(kernel), liveness: liveness, rule: .perInput([first, second]))
  }

  var isDifferentiable: Bool {
    if case .none = rule { return false }
    return true
  }

  /// The product for input `index`, or nil if nothing flows to it.
  func derivative(_ site: Site, _ g: Variable, input index: Int) -> Variable? {
    switch rule {
    case .none: nil
    case .perInput(let derivatives): derivatives[index]?(site, g) ?? g
    case .indexed(let derivative): derivative(site, g, index)
    case .allInputs(let derivative): derivative(site, g)[index]
    }
  }
}

extension Primitive.Derivative {
  /// The derivative is 1: the cotangent flows on as it is, and the engine need not even count the
  /// reference.
  static var cotangent: Primitive.Derivative { nil }
}

/// One use of a primitive: its inputs `site[0]`, `site[1]`…, its result `site.y` and its
/// attributes.
struct Site {
  /// The result.
  ///
  /// Whoever makes a site holds it.
  let reference: Unmanaged<Node>

  @inline(__always) init(_ reference: Unmanaged<Node>) { self.reference = reference }

  var node: Node { reference.takeUnretainedValue() }

  var y: Variable { Variable(node) }
  var attributes: Attributes { node.fields.pointee.attributes }

  subscript(input: Int) -> Variable { Variable(node.input(input)) }

  /// The attribute that is an axis, a set of axes or a permutation.
  var integer: Int {
    guard case .integer(let value) = attributes else { fatalError("no integer recorded") }
    return value
  }

  /// Larger attributes.
  func box<Box: AttributeBox>(_ type: Box.Type = Box.self) -> Box {
    guard case .box(let box) = attributes, let box = box as? Box else {
      fatalError("no \(Box.self) recorded")
    }
    return box
  }
}
