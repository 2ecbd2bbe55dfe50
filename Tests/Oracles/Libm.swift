// Float, Double and Float80 as RealScalar, through the platform's mathematics library. The
// functions are looked up at file scope, in a table: inside an extension that declares `exp`, the
// name `exp` would mean the extension's own.
#if canImport(Darwin)
  import Darwin
#elseif canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// The platform's elementary functions for one hardware float.
package struct Libm<Real: Sendable>: Sendable {
  package typealias Unary = @Sendable (Real) -> Real
  package typealias Binary = @Sendable (Real, Real) -> Real
  let exp, expm1, log, log1p, log2, log10: Unary
  let sin, cos, tan, asin, acos, atan: Unary
  let sinh, cosh, tanh, asinh, acosh, atanh: Unary
  let erf, erfc: Unary
  let atan2, pow: Binary
}

/// A hardware float, whose elementary functions are the platform's.
package protocol HardwareReal: RealScalar, BinaryFloatingPoint {
  static var libm: Libm<Self> { get }
}

extension HardwareReal {
  package var primal: WideFloat { WideFloat(self) }
  package var isIdenticallyZero: Bool { self == 0 }

  package static func abs(_ x: Self) -> Self { x.magnitude }
  package static func sign(_ x: Self) -> Self { x > 0 ? 1 : x < 0 ? -1 : x }
  package static func floor(_ x: Self) -> Self { x.rounded(.down) }
  package static func ceil(_ x: Self) -> Self { x.rounded(.up) }
  package static func trunc(_ x: Self) -> Self { x.rounded(.towardZero) }
  package static func round(_ x: Self) -> Self { x.rounded(.toNearestOrEven) }
  package static func fmod(_ a: Self, _ b: Self) -> Self { a.truncatingRemainder(dividingBy: b) }
  package static func average(ofEqual ties: [Self]) -> Self { ties[0] }

  package static func sqrt(_ x: Self) -> Self { x.squareRoot() }
  package static func exp(_ x: Self) -> Self { libm.exp(x) }
  package static func expm1(_ x: Self) -> Self { libm.expm1(x) }
  package static func log(_ x: Self) -> Self { libm.log(x) }
  package static func log1p(_ x: Self) -> Self { libm.log1p(x) }
  package static func log2(_ x: Self) -> Self { libm.log2(x) }
  package static func log10(_ x: Self) -> Self { libm.log10(x) }
  package static func sin(_ x: Self) -> Self { libm.sin(x) }
  package static func cos(_ x: Self) -> Self { libm.cos(x) }
  package static func tan(_ x: Self) -> Self { libm.tan(x) }
  package static func asin(_ x: Self) -> Self { libm.asin(x) }
  package static func acos(_ x: Self) -> Self { libm.acos(x) }
  package static func atan(_ x: Self) -> Self { libm.atan(x) }
  package static func sinh(_ x: Self) -> Self { libm.sinh(x) }
  package static func cosh(_ x: Self) -> Self { libm.cosh(x) }
  package static func tanh(_ x: Self) -> Self { libm.tanh(x) }
  package static func asinh(_ x: Self) -> Self { libm.asinh(x) }
  package static func acosh(_ x: Self) -> Self { libm.acosh(x) }
  package static func atanh(_ x: Self) -> Self { libm.atanh(x) }
  package static func erf(_ x: Self) -> Self { libm.erf(x) }
  package static func erfc(_ x: Self) -> Self { libm.erfc(x) }
  package static func atan2(_ y: Self, _ x: Self) -> Self { libm.atan2(y, x) }
  package static func pow(_ x: Self, _ y: Self) -> Self { libm.pow(x, y) }
}

extension Float: HardwareReal {
  package static let libm = Libm<Float>(
    exp: expf, expm1: expm1f, log: logf, log1p: log1pf, log2: log2f, log10: log10f,
    sin: sinf, cos: cosf, tan: tanf, asin: asinf, acos: acosf, atan: atanf,
    sinh: sinhf, cosh: coshf, tanh: tanhf, asinh: asinhf, acosh: acoshf, atanh: atanhf,
    erf: erff, erfc: erfcf, atan2: atan2f, pow: powf)
}

private let doubleLibm = Libm<Double>(
  exp: { exp($0) }, expm1: { expm1($0) }, log: { log($0) }, log1p: { log1p($0) },
  log2: { log2($0) }, log10: { log10($0) },
  sin: { sin($0) }, cos: { cos($0) }, tan: { tan($0) },
  asin: { asin($0) }, acos: { acos($0) }, atan: { atan($0) },
  sinh: { sinh($0) }, cosh: { cosh($0) }, tanh: { tanh($0) },
  asinh: { asinh($0) }, acosh: { acosh($0) }, atanh: { atanh($0) },
  erf: { erf($0) }, erfc: { erfc($0) }, atan2: { atan2($0, $1) }, pow: { pow($0, $1) })

extension Double: HardwareReal {
  package static var libm: Libm<Double> { doubleLibm }
}

#if arch(x86_64) && !os(Windows) && !os(Android)
  extension Float80: HardwareReal {
    package static let libm = Libm<Float80>(
      exp: expl, expm1: expm1l, log: logl, log1p: log1pl, log2: log2l, log10: log10l,
      sin: sinl, cos: cosl, tan: tanl, asin: asinl, acos: acosl, atan: atanl,
      sinh: sinhl, cosh: coshl, tanh: tanhl, asinh: asinhl, acosh: acoshl, atanh: atanhl,
      erf: erfl, erfc: erfcl, atan2: atan2l, pow: powl)
  }
#endif
