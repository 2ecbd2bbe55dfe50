/// A finite number as the shortest decimal digits that identify it, for printing.
struct DecimalDigits {
  var isNegative: Bool
  /// Without zeros at either end, empty for 0; the first one is worth 10^exponent.
  var digits: [UInt8]
  var exponent: Int

  /// Takes apart Swift's description of a number, such as "-12.5", "1e-05" or "3.0".
  init(_ description: String) {
    isNegative = description.hasPrefix("-")
    let parts = description.drop { $0 == "-" }.split(separator: "e")
    let mantissa = parts[0].split(separator: ".")
    digits = mantissa.joined().utf8.map { $0 - UInt8(ascii: "0") }
    exponent = mantissa[0].count - 1 + (parts.count > 1 ? Int(parts[1]) ?? 0 : 0)
    let zeros = digits.prefix { $0 == 0 }.count
    digits.removeFirst(zeros)
    exponent = digits.isEmpty ? 0 : exponent - zeros
    trim()
  }

  private mutating func trim() {
    while digits.last == 0 { digits.removeLast() }
  }

  /// How many decimals the number has.
  var decimals: Int { Swift.max(0, digits.count - 1 - exponent) }

  /// Rounded to `count` digits, halves away from zero.
  private func rounded(toDigits count: Int) -> DecimalDigits {
    if count >= digits.count { return self }
    var result = self
    let roundsUp = count >= 0 && digits[count] >= 5
    result.digits = Array(digits.prefix(Swift.max(count, 0)))
    if roundsUp {
      while result.digits.last == 9 { result.digits.removeLast() }
      if result.digits.isEmpty {
        result.digits = [1]
        result.exponent += 1
      } else {
        result.digits[result.digits.count - 1] += 1
      }
    }
    result.trim()
    return result
  }

  /// For example "-12.50", with as many decimals as asked for.
  func fixed(decimals: Int) -> String {
    let number = rounded(toDigits: exponent + 1 + decimals)
    /// The digit worth 10^place.
    func digit(_ place: Int) -> String {
      let index = number.exponent - place
      return number.digits.indices.contains(index) ? String(number.digits[index]) : "0"
    }
    var text = isNegative ? "-" : ""
    let first = number.digits.isEmpty ? 0 : Swift.max(0, number.exponent)
    for place in stride(from: first, through: 0, by: -1) { text += digit(place) }
    if decimals > 0 { text += "." }
    for place in stride(from: -1, through: -decimals, by: -1) { text += digit(place) }
    return text
  }

  /// For example "-1.25e+01", with as many decimals as asked for.
  func scientific(decimals: Int) -> String {
    let number = rounded(toDigits: 1 + decimals)
    var text = (isNegative ? "-" : "") + String(number.digits.first ?? 0)
    if decimals > 0 { text += "." }
    for index in 1..<(decimals + 1) {
      text += index < number.digits.count ? String(number.digits[index]) : "0"
    }
    let exponent = Swift.abs(number.exponent)
    text += number.exponent < 0 ? "e-" : "e+"
    return text + (exponent < 10 ? "0" : "") + String(exponent)
  }
}
