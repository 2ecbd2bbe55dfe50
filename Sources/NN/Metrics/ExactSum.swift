/// The exact sum of numbers, rounded once when it is read: it does not depend on their order.
///
/// A number of double precision is an integer times 2⁻¹⁰⁷⁴. The sum of such integers is kept in
/// digits of 32 bits, each in an Int64, so that carries can wait (Kulisch's accumulator).
struct ExactSum: Sendable {
  /// The digits, the lowest first; the largest number ends in digit 65, and the last two are room
  /// for 2⁶⁴ of them.
  private var digits = [Int64](repeating: 0, count: 68)
  /// The additions since carries were last passed on.
  private var pending = 0
  /// The sum of what is infinite or NaN.
  private var nonFinite = 0.0

  /// Adds a number.
  mutating func add(_ x: Double) {
    guard x.isFinite else {
      nonFinite += x
      return
    }
    // The significand counts units of 2^(shift − 1074).
    let field = Int(x.exponentBitPattern)
    let significand = x.significandBitPattern | (field > 0 ? 1 << 52 : 0)
    let shift = max(field, 1) - 1
    let (first, offset) = (shift / 32, shift % 32)
    let low = (significand & 0xffff_ffff) << offset
    let high = (significand >> 32) << offset
    let sign: Int64 = x.sign == .minus ? -1 : 1
    digits[first] += sign * Int64(low & 0xffff_ffff)
    digits[first + 1] += sign * Int64(low >> 32 + high & 0xffff_ffff)
    digits[first + 2] += sign * Int64(high >> 32)
    pending += 1
    // Each addition changes a digit by less than 2³³, so there is room for 2³⁰ of them.
    if pending == 1 << 20 { passCarries() }
  }

  /// Adds a product; exactly, unless its last bits are below the least number.
  mutating func addProduct(_ a: Double, _ b: Double) {
    let product = a * b
    add(product)
    if product.isFinite { add((-product).addingProduct(a, b)) }
  }

  /// The sum, rounded to nearest, ties to even.
  var value: Double {
    guard nonFinite == 0 else { return nonFinite }
    var positive = self
    positive.passCarries()
    let isNegative = positive.digits[positive.digits.count - 1] < 0
    if isNegative {
      for index in digits.indices { positive.digits[index].negate() }
      positive.passCarries()
    }
    let magnitude = positive.magnitude
    return isNegative ? -magnitude : magnitude
  }

  /// Numbers whose sum is this sum, but for what is below 2⁻¹⁵⁰ of it; each has half a unit in the
  /// last place of the one before, or less.
  var parts: [Double] {
    var rest = self
    return (0..<3).map { _ in
      let part = rest.value
      rest.add(-part)
      return part
    }
  }

  /// The value of digits that are all below 2³² and not negative.
  private var magnitude: Double {
    guard let top = digits.lastIndex(where: { $0 != 0 }) else { return 0 }
    func digit(_ index: Int) -> UInt64 { index < 0 ? 0 : UInt64(digits[index]) }
    let zeros = UInt32(digits[top]).leadingZeroBitCount
    var bits = (digit(top) << 32 | digit(top - 1)) << zeros
    let third = digit(top - 2) << zeros
    bits |= third >> 32
    // One bit for all that follow decides ties as they would.
    let isMore = third & 0xffff_ffff != 0 || digits.prefix(max(top - 2, 0)).contains { $0 != 0 }
    if isMore { bits |= 1 }
    return Double(
      sign: .plus, exponent: 32 * (top - 1) - zeros - 1074, significand: Double(bits))
  }

  private mutating func passCarries() {
    for index in 0..<(digits.count - 1) {
      let carry = digits[index] >> 32
      digits[index] -= carry << 32
      digits[index + 1] += carry
    }
    pending = 0
  }
}
