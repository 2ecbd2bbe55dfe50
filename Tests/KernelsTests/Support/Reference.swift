#if arch(x86_64)
  #if canImport(Darwin)
    import Darwin
  #elseif canImport(Musl)
    import Musl
  #else
    import Glibc
  #endif

  /// Elementwise functions in Float80, after the formulas in Kernels.h.
  enum Reference {
    static func sqrt(_ x: Float80) -> Float80 { x.squareRoot() }
    static func exp(_ x: Float80) -> Float80 { expl(x) }
    static func expm1(_ x: Float80) -> Float80 { expm1l(x) }
    static func log(_ x: Float80) -> Float80 { logl(x) }
    static func log1p(_ x: Float80) -> Float80 { log1pl(x) }
    static func log2(_ x: Float80) -> Float80 { log2l(x) }
    static func log10(_ x: Float80) -> Float80 { log10l(x) }
    static func sin(_ x: Float80) -> Float80 { sinl(x) }
    static func cos(_ x: Float80) -> Float80 { cosl(x) }
    static func tan(_ x: Float80) -> Float80 { tanl(x) }
    static func tanh(_ x: Float80) -> Float80 { tanhl(x) }
    static func erf(_ x: Float80) -> Float80 { erfl(x) }
    static func erfc(_ x: Float80) -> Float80 { erfcl(x) }
    static func pow(_ x: Float80, _ y: Float80) -> Float80 { powl(x, y) }

    static func sigmoid(_ x: Float80) -> Float80 {
      x < 0 ? expl(x) / (1 + expl(x)) : 1 / (1 + expl(-x))
    }

    static func softplus(_ x: Float80) -> Float80 {
      log1pl(expl(-x.magnitude)) + (x < 0 ? 0 : x)
    }

    /// Φ(x) and x φ(x), whose sum is the derivative of x Φ(x).
    static func geluTerms(_ x: Float80) -> (tail: Float80, slope: Float80) {
      let density = expl(-0.5 * x * x) / (2 * Float80.pi).squareRoot()
      return (0.5 * erfcl(-x * Float80(0.5).squareRoot()), density == 0 ? 0 : x * density)
    }

    /// 2 u with u = sqrt(2 / pi) (x + 0.044715 x^3).
    static func geluExponent(_ x: Float80) -> Float80 {
      2 * (2 / Float80.pi).squareRoot() * (x + 0.044715 * x * x * x)
    }
  }
#endif
