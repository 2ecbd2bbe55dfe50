// How far a result is from the truth. Units in the last place for functions of one number; for
// derivatives, errors relative to the forward magnitude Σ|vᵢ||(Ju)ᵢ|, which does not grow with the
// element count as an elementwise tolerance must.

/// A hardware float whose bits, read as an integer, are ordered like the numbers.
package protocol OrderedBits: HardwareReal {
  /// The number's place in the order of all numbers; both zeros are at 0.
  var place: Int64 { get }
}

extension Float: OrderedBits {
  package var place: Int64 {
    let size = Int64(bitPattern & 0x7fff_ffff)
    return sign == .minus ? -size : size
  }
}

extension Double: OrderedBits {
  package var place: Int64 {
    let size = Int64(bitPattern & 0x7fff_ffff_ffff_ffff)
    return sign == .minus ? -size : size
  }
}

/// How many representable numbers `b` is away from `a`: 0 for equal and for two NaNs, the largest
/// integer if only one is NaN.
package func ulpDistance<T: OrderedBits>(_ a: T, _ b: T) -> UInt64 {
  if a.isNaN || b.isNaN { return a.isNaN == b.isNaN ? 0 : .max }
  let (low, high) = a.place < b.place ? (a.place, b.place) : (b.place, a.place)
  return UInt64(bitPattern: high &- low)
}

/// `|actual − exact|` in units in the last place of T at `exact`; infinite where exactly one of the
/// two, rounded to T, is not finite or the two are different non-finite values.
package func ulpError<T: HardwareReal>(_ actual: T, exact: WideFloat) -> WideFloat {
  let rounded = T(exact)
  if !rounded.isFinite || !actual.isFinite {
    return rounded == actual || (rounded.isNaN && actual.isNaN) ? 0 : .infinity
  }
  return WideFloat.abs(WideFloat(actual) - exact) / WideFloat(rounded.ulp)
}

/// `max|aᵢ − eᵢ| / max(scale, max|eᵢ|)` over the finite elements.
///
/// Infinite where shapes, NaNs or infinities differ. With the default scale 0 it is relative to the
/// largest element.
package func scaledError(
  _ actual: WideArray, _ expected: WideArray, scale: WideFloat = 0
) -> WideFloat {
  guard actual.shape == expected.shape else { return .infinity }
  var largestError: WideFloat = 0
  var size = scale
  for (a, e) in zip(actual.elements, expected.elements) {
    if a.isNaN && e.isNaN || a == e && e.isInfinite { continue }
    guard a.isFinite && e.isFinite else { return .infinity }
    largestError = max(largestError, WideFloat.abs(a - e))
    size = max(size, WideFloat.abs(e))
  }
  return largestError == 0 ? 0 : largestError / size
}

/// `Σ|vᵢ||(Ju)ᵢ|`: the magnitude that errors of ⟨v, Ju⟩ are measured by.
package func forwardMagnitude(cotangent v: WideArray, tangent ju: WideArray) -> WideFloat {
  total((v * ju).elements.map { WideFloat.abs($0) })
}

/// `|⟨v, Ju⟩ − ⟨Jᵀv, u⟩| / Σ|vᵢ||(Ju)ᵢ|`: the error of the products `jtv`, one per input, against the
/// tangent; 0 if both sides are 0.
package func adjointError(
  cotangent v: WideArray, tangent ju: WideArray, products jtv: [WideArray],
  direction u: [WideArray]
) -> WideFloat {
  precondition(jtv.count == u.count, "\(jtv.count) products for \(u.count) inputs")
  guard zip(jtv, u).allSatisfy({ $0.shape == $1.shape }), v.shape == ju.shape else {
    return .infinity
  }
  let forward = total((v * ju).elements)
  let backward = total(zip(jtv, u).map { total(($0 * $1).elements) })
  let difference = WideFloat.abs(forward - backward)
  return difference == 0 ? 0 : difference / forwardMagnitude(cotangent: v, tangent: ju)
}
