import Kernels

// Functions that are constant between jumps: their derivative is 0 wherever it exists, and 0 at the
// jumps.

let floorPrimitive = Primitive.step("floor", .floor)
let ceilPrimitive = Primitive.step("ceil", .ceil)
let roundPrimitive = Primitive.step("round", .round)
let truncatePrimitive = Primitive.step("truncate", .truncate)
let signPrimitive = Primitive.step("sign", .sign)

extension Primitive {
  fileprivate static func step(_ name: String, _ kernel: KUnary) -> Primitive {
    unary(name, kernel, liveness: .linear) { _, g in full(0, g.shape, g.dtype) }
  }
}

/// The largest integer not above x.
public func floor(_ x: Variable) -> Variable { floorPrimitive(x) }

/// The smallest integer not below x.
public func ceil(_ x: Variable) -> Variable { ceilPrimitive(x) }

/// The nearest integer, halves to even.
public func round(_ x: Variable) -> Variable { roundPrimitive(x) }

/// The integer part of x, towards 0.
public func truncate(_ x: Variable) -> Variable { truncatePrimitive(x) }

/// −1, 0 or 1 by the sign of x; NaN for NaN.
public func sign(_ x: Variable) -> Variable { signPrimitive(x) }
