import Kernels

// Comparisons and tests: results are bool variables, through which no gradient flows.

let equalPrimitive = Primitive("equal", .compare(.equal), rule: .none)
let notEqualPrimitive = Primitive("notEqual", .compare(.notEqual), rule: .none)
let lessPrimitive = Primitive("less", .compare(.less), rule: .none)
let lessOrEqualPrimitive = Primitive("lessOrEqual", .compare(.lessOrEqual), rule: .none)
let greaterPrimitive = Primitive("greater", .compare(.greater), rule: .none)
let greaterOrEqualPrimitive = Primitive("greaterOrEqual", .compare(.greaterOrEqual), rule: .none)

let isNaNPrimitive = Primitive.test("isNaN", .naN)
let isInfinitePrimitive = Primitive.test("isInfinite", .infinite)
let isFinitePrimitive = Primitive.test("isFinite", .finite)
let isZeroPrimitive = Primitive.test("logicalNot", .zero)

extension Primitive {
  fileprivate static func test(_ name: String, _ kernel: KTest) -> Primitive {
    Primitive(
      name,
      .custom { s in
        let x = s[0].dense()
        let out = s.node.fields.pointee.data.assumingMemoryBound(to: UInt8.self)
        k_test(kernel, x.dtype.kernelType, out, x.node.fields.pointee.data, Int64(x.count))
        withExtendedLifetime(x) {}
      }, rule: .none)
  }
}

// The operators have the precedence of Swift's own SIMD comparisons, which they are named after.
extension Variable {
  /// Whether a = b, element by element.
  public static func .== (a: Variable, b: Variable) -> Variable { equalPrimitive(a, b) }
  /// Whether a ≠ b, element by element.
  public static func .!= (a: Variable, b: Variable) -> Variable { notEqualPrimitive(a, b) }
  /// Whether a < b, element by element.
  public static func .< (a: Variable, b: Variable) -> Variable { lessPrimitive(a, b) }
  /// Whether a ≤ b, element by element.
  public static func .<= (a: Variable, b: Variable) -> Variable { lessOrEqualPrimitive(a, b) }
  /// Whether a > b, element by element.
  public static func .> (a: Variable, b: Variable) -> Variable { greaterPrimitive(a, b) }
  /// Whether a ≥ b, element by element.
  public static func .>= (a: Variable, b: Variable) -> Variable { greaterOrEqualPrimitive(a, b) }
  /// Whether both are true.
  public static func .& (a: Variable, b: Variable) -> Variable { logicalAnd(a, b) }
  /// Whether at least one is true.
  public static func .| (a: Variable, b: Variable) -> Variable { logicalOr(a, b) }
  /// Whether x is false.
  public static prefix func .! (x: Variable) -> Variable { logicalNot(x) }
}

// What those who come from Python write: the compiler tells them the operator, instead of listing
// the types that have this one.
extension Variable {
  /// Not there: `.==` compares element by element.
  @available(*, unavailable, message: "use .==, which compares element by element")
  public static func == (a: Variable, b: Variable) -> Bool { fatalError("unavailable") }
  /// Not there: `.!=` compares element by element.
  @available(*, unavailable, message: "use .!=, which compares element by element")
  public static func != (a: Variable, b: Variable) -> Bool { fatalError("unavailable") }
  /// Not there: `.<` compares element by element.
  @available(*, unavailable, message: "use .<, which compares element by element")
  public static func < (a: Variable, b: Variable) -> Bool { fatalError("unavailable") }
  /// Not there: `.<=` compares element by element.
  @available(*, unavailable, message: "use .<=, which compares element by element")
  public static func <= (a: Variable, b: Variable) -> Bool { fatalError("unavailable") }
  /// Not there: `.>` compares element by element.
  @available(*, unavailable, message: "use .>, which compares element by element")
  public static func > (a: Variable, b: Variable) -> Bool { fatalError("unavailable") }
  /// Not there: `.>=` compares element by element.
  @available(*, unavailable, message: "use .>=, which compares element by element")
  public static func >= (a: Variable, b: Variable) -> Bool { fatalError("unavailable") }
}

/// Whether both are true; the operands are bool.
func logicalAnd(_ a: Variable, _ b: Variable) -> Variable {
  requireBool(a, b, operation: "logicalAnd")
  return minimumPrimitive(a, b)
}

/// Whether at least one is true; the operands are bool.
func logicalOr(_ a: Variable, _ b: Variable) -> Variable {
  requireBool(a, b, operation: "logicalOr")
  return maximumPrimitive(a, b)
}

/// Whether x is false; the operand is bool.
func logicalNot(_ x: Variable) -> Variable {
  requireBool(x, operation: "logicalNot")
  return isZeroPrimitive(x, shape: x.shape, dtype: .bool)
}

private func requireBool(_ variables: Variable..., operation: String) {
  for variable in variables where variable.dtype != .bool {
    fatalError("\(operation): the operand is \(describe(variable)), not bool")
  }
}

/// Whether each element is NaN.
public func isNaN(_ x: Variable) -> Variable { isNaNPrimitive(x, shape: x.shape, dtype: .bool) }

/// Whether each element is +∞ or −∞.
public func isInfinite(_ x: Variable) -> Variable {
  isInfinitePrimitive(x, shape: x.shape, dtype: .bool)
}

/// Whether each element is neither infinite nor NaN.
public func isFinite(_ x: Variable) -> Variable {
  isFinitePrimitive(x, shape: x.shape, dtype: .bool)
}

/// Whether all elements agree within |a − b| ≤ `absolute` + `relative` · |b|, as in NumPy and PyTorch.
///
/// Shapes must be equal, or it is an error. NaN agrees with nothing, infinities with themselves.
public func allClose(
  _ a: Variable, _ b: Variable, relative: Double = 1e-5, absolute: Double = 1e-8
) -> Bool {
  guard a.shape == b.shape, a.dtype == b.dtype else {
    fatalError("allClose: left \(describe(a)) and right \(describe(b)) differ in shape or type")
  }
  return zip(a.value.doubles(), b.value.doubles()).allSatisfy { a, b in
    a == b || Swift.abs(a - b) <= absolute + relative * Swift.abs(b) && b.isFinite
  }
}
