extension BinaryFloatingPoint {
  /// The number with a given count of digits after the point: `0.12346.fixed(3)` is `"0.123"`.
  ///
  /// The shortest decimal that names the value as a `Double` is rounded, halves away from zero;
  /// so the text is the same on every platform and in every locale. NaN and infinities read `nan`,
  /// `inf` and `-inf`; zero has no sign.
  public func fixed(_ digits: Int) -> String {
    guard var decimal = Decimal(Double(self)) else { return nonFiniteText }
    decimal.round(keeping: decimal.pointPosition + digits)
    return decimal.plainText(fractionDigits: max(digits, 0))
  }

  /// The number with at most a given count of significant digits: `0.0012345.significant(3)` is
  /// `"0.00123"`.
  ///
  /// Digits before the point are kept up to a million; beyond that and below 0.0001 the text is
  /// scientific (`1.23e6`). Trailing zeros are left out. Rounds as `fixed(_:)` does.
  public func significant(_ digits: Int) -> String {
    guard var decimal = Decimal(Double(self)) else { return nonFiniteText }
    let isPlain = { (position: Int) in -3...6 ~= position }
    let integerDigits = isPlain(decimal.pointPosition) ? decimal.pointPosition : 0
    decimal.round(keeping: max(digits, integerDigits, 1))
    guard isPlain(decimal.pointPosition) else { return decimal.scientificText }
    return decimal.plainText(fractionDigits: max(decimal.digits.count - decimal.pointPosition, 0))
  }

  private var nonFiniteText: String { isNaN ? "nan" : self < 0 ? "-inf" : "inf" }
}

/// ±0.d₁d₂d₃… · 10^pointPosition, with d₁ ≠ 0; no digits at all for zero.
private struct Decimal {
  private(set) var digits: [UInt8] = []
  private(set) var pointPosition = 0
  private let isNegative: Bool

  /// The shortest decimal that names the value; nil if it is not finite.
  init?(_ value: Double) {
    guard value.isFinite else { return nil }
    isNegative = value < 0
    // Swift prints the shortest digits that read back as the same value: "0.001", "1.5e+20".
    let parts = value.magnitude.description.split(separator: "e")
    pointPosition = parts.count > 1 ? Int(parts[1]) ?? 0 : 0
    let mantissa = parts[0].utf8
    pointPosition += (mantissa.firstIndex(of: UInt8(ascii: ".")) ?? mantissa.endIndex)
      .utf16Offset(in: parts[0])
    digits = mantissa.filter { $0 != UInt8(ascii: ".") }.map { $0 - UInt8(ascii: "0") }
    let leadingZeros = digits.prefix { $0 == 0 }.count
    digits.removeFirst(leadingZeros)
    pointPosition = digits.isEmpty ? 0 : pointPosition - leadingZeros
    dropTrailingZeros()
  }

  /// Keeps the first `count` digits, halves away from zero.
  mutating func round(keeping count: Int) {
    guard count < digits.count else { return }
    let roundsUp = count >= 0 && digits[count] >= 5
    digits.removeSubrange(max(count, 0)...)
    if roundsUp { increment() }
    dropTrailingZeros()
  }

  /// Adds one in the last place that is kept.
  private mutating func increment() {
    var index = digits.count - 1
    while index >= 0, digits[index] == 9 {
      digits[index] = 0
      index -= 1
    }
    if index >= 0 {
      digits[index] += 1
    } else {
      digits.insert(1, at: 0)
      pointPosition += 1
    }
  }

  private mutating func dropTrailingZeros() {
    while digits.last == 0 { digits.removeLast() }
  }

  private func digit(_ index: Int) -> String {
    digits.indices.contains(index) ? String(digits[index]) : "0"
  }

  private var sign: String { isNegative && !digits.isEmpty ? "-" : "" }

  func plainText(fractionDigits: Int) -> String {
    let integer = pointPosition > 0 ? (0..<pointPosition).map(digit).joined() : "0"
    let fraction = (0..<fractionDigits).map { digit(pointPosition + $0) }.joined()
    return sign + integer + (fraction.isEmpty ? "" : "." + fraction)
  }

  var scientificText: String {
    let fraction = digits.dropFirst().map { String($0) }.joined()
    return "\(sign)\(digit(0))\(fraction.isEmpty ? "" : ".")\(fraction)e\(pointPosition - 1)"
  }
}
