import Autograd
import Oracles

let unaryCases: [OperationCase] = [
  .unary("negate") { -$0 },
  .unary("abs") { abs($0) },
  .unary("square") { square($0) },
  .unary("sqrt", .positive) { sqrt($0) },
  .unary("rsqrt", .positive, singular: [-0.0]) { rsqrt($0) },
  .unary("reciprocal", .notSmall) { reciprocal($0) },
  .unary("exp") { exp($0) }.splitAmongThreads(),
  .unary("expm1") { expm1($0) },
  .unary("log", .positive) { log($0) },
  .unary("log1p", .positive) { log1p($0) },
  .unary("log2", .positive) { log2($0) },
  .unary("log10", .positive) { log10($0) },
  .unary("sin") { sin($0) },
  .unary("cos") { cos($0) },
  .unary("tan", .unit) { tan($0) },
  .unary("tanh") { tanh($0) },
  .unary("erf") { erf($0) },
  .unary("floor") { floor($0) },
  .unary("ceil") { ceil($0) },
  .unary("round") { round($0) },
  .unary("truncate") { truncate($0) },
  .unary("sign") { sign($0) },
  .unary("clamp") { clamp($0, low: -0.5, high: 1) },
  .unary("clampLow") { clamp($0, low: 0.5) },
  .unary("clampHigh") { clamp($0, high: -0.5) },
  .unary("squarePower") { pow($0, 2) },
  .unary("cubePower", .notSmall) { pow($0, 3) },
  .unary("inversePower", .positive) { pow($0, -1.5) },
  .unary("exponentOfTwo") { pow(2, $0) },
  .unary("scalarArithmetic") { 5 - (2 - $0 / 4) * 0.5 },
  .unary("scalarQuotient", .notSmall) { 3 / $0 },
  .unary("copied") { $0.copied() }.splitAmongThreads([32_769]),
  .unary("contiguous") { $0.contiguous() },
  .unary("cast") { x in x.cast(to: x.dtype == .float32 ? .float64 : .float32).cast(to: x.dtype) },
]

let binaryCases: [OperationCase] = [
  .binary("add") { $0 + $1 },
  .binary("subtract") { $0 - $1 },
  .binary("multiply") { $0 * $1 }.splitAmongThreads([32_767, 32_769]),
  .binary("divide", .any, .notSmall) { $0 / $1 },
  .binary("pow", .positive, .any) { pow($0, $1) },
  .binary("maximum") { maximum($0, $1) }.splitAmongThreads([32_769]),
  .binary("minimum") { minimum($0, $1) },
  .binary("atan2", .notSmall, .notSmall) { atan2($0, $1) },
  .binary("remainder", .any, .notSmall) { remainder($0, $1) },
  .binary("logAddExp") { logAddExp($0, $1) },
  .binary("xlogy", .any, .positive) { xlogy($0, $1) },
]

/// Operations without gradients; as numbers, so that values are compared alike.
let comparisonCases: [OperationCase] = [
  .constant(.binary("equal") { ($0 .== $1).cast(to: $0.dtype) }),
  .constant(.binary("notEqual") { ($0 .!= $1).cast(to: $0.dtype) }),
  .constant(.binary("less") { ($0 .< $1).cast(to: $0.dtype) }),
  .constant(.binary("lessOrEqual") { ($0 .<= $1).cast(to: $0.dtype) }),
  .constant(.binary("greater") { ($0 .> $1).cast(to: $0.dtype) }),
  .constant(.binary("greaterOrEqual") { ($0 .>= $1).cast(to: $0.dtype) }),
  .constant(.binary("and") { (($0 .> 0) .& ($1 .> 0)).cast(to: $0.dtype) }),
  .constant(.binary("or") { (($0 .> 0) .| ($1 .> 0)).cast(to: $0.dtype) }),
  .constant(.unary("not") { x in (.!(x .> 0)).cast(to: x.dtype) }),
  .constant(.unary("isNaN") { isNaN($0).cast(to: $0.dtype) }),
  .constant(.unary("isInfinite") { isInfinite($0).cast(to: $0.dtype) }),
  .constant(.unary("isFinite") { isFinite($0).cast(to: $0.dtype) }),
]

func comparisonReference<S: RealScalar>(
  _ name: String, _ x: [NaiveArray<S>]
) -> NaiveArray<S>? {
  func test(_ isTrue: (S) -> Bool) -> NaiveArray<S> { x[0].map { isTrue($0) ? 1 : 0 } }
  func compare(_ isTrue: (S, S) -> Bool) -> NaiveArray<S> {
    x[0].combined(with: x[1]) { isTrue($0, $1) ? 1 : 0 }
  }
  switch name {
  case "equal": return compare(==)
  case "notEqual": return compare { !($0 == $1) }
  case "less": return compare(<)
  case "lessOrEqual": return compare { $0 < $1 || $0 == $1 }
  case "greater": return compare { $1 < $0 }
  case "greaterOrEqual": return compare { $1 < $0 || $0 == $1 }
  case "and": return compare { $0 > 0 && $1 > 0 }
  case "or": return compare { $0 > 0 || $1 > 0 }
  case "not": return test { !($0 > 0) }
  case "isNaN": return test { $0.isNaN }
  case "isInfinite": return test { $0.isInfinite }
  case "isFinite": return test { $0.isFinite }
  default: return nil
  }
}

func elementwiseReference<S: RealScalar>(
  _ name: String, _ x: [NaiveArray<S>]
) -> NaiveArray<S>? {
  let a = x[0]
  switch name {
  case "negate": return -a
  case "abs": return a.map(S.abs)
  case "square", "squarePower": return a.map(S.square)
  case "sqrt": return a.map(S.sqrt)
  case "rsqrt": return a.map(S.rsqrt)
  case "reciprocal": return a.map(S.reciprocal)
  case "exp": return a.map(S.exp)
  case "expm1": return a.map(S.expm1)
  case "log": return a.map(S.log)
  case "log1p": return a.map(S.log1p)
  case "log2": return a.map(S.log2)
  case "log10": return a.map(S.log10)
  case "sin": return a.map(S.sin)
  case "cos": return a.map(S.cos)
  case "tan": return a.map(S.tan)
  case "tanh": return a.map(S.tanh)
  case "erf": return a.map(S.erf)
  case "floor": return a.map(S.floor)
  case "ceil": return a.map(S.ceil)
  case "round": return a.map(S.round)
  case "truncate": return a.map(S.trunc)
  case "sign": return a.map(S.sign)
  case "clamp": return a.clamped(-0.5, 1)
  case "clampLow": return a.clamped(0.5)
  case "clampHigh": return a.clamped(nil, -0.5)
  case "cubePower": return a.map { S.pow($0, 3) }
  case "inversePower": return a.map { S.pow($0, -1.5) }
  case "exponentOfTwo": return a.map { S.pow(2, $0) }
  case "scalarArithmetic": return a.map { 5 - (2 - $0 / 4) * 0.5 }
  case "scalarQuotient": return a.map { 3 / $0 }
  case "copied", "contiguous", "cast": return a
  case "add": return a + x[1]
  case "subtract": return a - x[1]
  case "multiply": return a * x[1]
  case "divide": return a / x[1]
  case "pow": return a.combined(with: x[1], S.pow)
  case "maximum": return a.combined(with: x[1], S.max)
  case "minimum": return a.combined(with: x[1], S.min)
  case "atan2": return a.combined(with: x[1], S.atan2)
  case "remainder": return a.combined(with: x[1], S.remainder)
  case "logAddExp": return a.combined(with: x[1], S.logAddExp)
  case "xlogy": return a.combined(with: x[1], S.xlogy)
  default: return nil
  }
}
