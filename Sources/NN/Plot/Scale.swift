import Autograd

/// A linear or logarithmic axis: where numbers lie on it, and which of them are labelled.
struct Scale {
  struct Tick: Equatable {
    let fraction: Double
    let label: String
  }

  let isLogarithmic: Bool
  /// The ends of the axis; exponents of ten if it is logarithmic.
  private let range: ClosedRange<Double>

  /// An axis that shows all the values it can.
  ///
  /// These are the finite ones, on a logarithmic axis the positive ones. `padding` is the share of
  /// the range that stays free at either end.
  init(showing values: some Sequence<Double>, isLogarithmic: Bool = false, padding: Double = 0) {
    self.isLogarithmic = isLogarithmic
    let positions = values.lazy.compactMap { Scale.position($0, isLogarithmic) }
    range = Array(positions).finiteRange.widened(
      by: padding, leastSpan: isLogarithmic ? 1e-9 : 1e-290)
  }

  /// Where a number lies on the axis, 0 to 1; nil if it cannot be shown.
  func fraction(of value: Double) -> Double? {
    Scale.position(value, isLogarithmic).map { range.fraction(of: $0) }
  }

  private static func position(_ value: Double, _ isLogarithmic: Bool) -> Double? {
    guard value.isFinite else { return nil }
    guard isLogarithmic else { return value }
    return value > 0 ? Platform.log10(value) : nil
  }

  /// The distance of the ends, in decades on a logarithmic axis.
  var span: Double { range.upperBound - range.lowerBound }

  /// The positions 0, 1, 2 and so on with their names, as far as they lie on the axis.
  func ticks(_ categories: [String]) -> [Tick] {
    categories.enumerated().compactMap { position, name in
      fraction(of: Double(position)).flatMap {
        0...1 ~= $0 ? Tick(fraction: $0, label: name) : nil
      }
    }
  }

  /// About `count` labelled positions.
  func ticks(about count: Int) -> [Tick] {
    isLogarithmic ? logarithmicTicks(about: count) : linearTicks(about: count)
  }

  /// Multiples of 1, 2 or 5 times a power of ten, after Heckbert, "Nice numbers for graph labels"
  /// (Graphics Gems, 1990).
  private func linearTicks(about count: Int) -> [Tick] {
    Scale.niceNumbers(in: range, about: count).map {
      Tick(fraction: range.fraction(of: $0.value), label: $0.label)
    }
  }

  private static func niceNumbers(
    in range: ClosedRange<Double>, about count: Int
  ) -> [(value: Double, label: String)] {
    let parts = Double(max(count, 1))
    let distance = range.upperBound / parts - range.lowerBound / parts
    guard distance > 1e-300 else { return [] }
    let step = Step(nearest: distance)
    // The range is wider than 10⁻¹² of its ends, so these are small whole numbers.
    let first = (range.lowerBound / step.size).rounded(.up)
    let last = (range.upperBound / step.size).rounded(.down)
    guard first <= last else { return [] }
    let multiples = stride(from: first, through: last, by: 1)
    let largest = max(abs(first), abs(last)) * step.size
    return multiples.map { ($0 * step.size, step.label($0 * step.size, largest: largest)) }
  }

  /// Powers of ten; over less than three of them also 2 and 5 times these, or any nice numbers.
  private func logarithmicTicks(about count: Int) -> [Tick] {
    let first = Int(range.lowerBound.rounded(.up))
    let last = Int(range.upperBound.rounded(.down))
    if last - first >= 2 {
      let stride = max(1, (last - first + count) / count)
      return (first...last).filter { $0 % stride == 0 }.map {
        Tick(fraction: range.fraction(of: Double($0)), label: "10".raised(to: $0))
      }
    }
    let simple = (first - 1...max(first, last)).flatMap { exponent in
      [1, 2, 5].map { $0 * Platform.power10(exponent) }
    }
    var labelled = simple.map { (value: $0, label: $0.significant(1).typeset) }
    labelled.removeAll { !range.contains(Platform.log10($0.value)) }
    if labelled.count < 2 {
      let values = Platform.power10(range.lowerBound)...Platform.power10(range.upperBound)
      labelled = Scale.niceNumbers(in: values, about: count)
    }
    return labelled.map {
      Tick(fraction: range.fraction(of: Platform.log10($0.value)), label: $0.label)
    }
  }
}

/// The distance of ticks: 1, 2 or 5 times a power of ten.
private struct Step {
  let size: Double
  /// The power of ten of its digit.
  let exponent: Int

  init(nearest raw: Double) {
    var exponent = Int(Platform.log10(raw).rounded(.down))
    let mantissa = raw / Platform.power10(exponent)
    var digit = mantissa < 1.5 ? 1.0 : mantissa < 3 ? 2.0 : mantissa < 7 ? 5.0 : 10.0
    if exponent == 308 { digit = 1 }  // 2·10³⁰⁸ is no longer a number
    if digit == 10 {
      digit = 1
      exponent += 1
    }
    self.exponent = exponent
    size = digit * Platform.power10(exponent)
  }

  /// The label of a multiple, with as many digits as tell multiples apart.
  func label(_ value: Double, largest: Double) -> String {
    if largest == 0 { return "0" }
    let leading = Int(Platform.log10(largest).rounded(.down))
    let digits = leading - exponent + 1
    let isPlain = leading < 6 && exponent >= -4 || leading < 15 && digits > 4 && exponent >= -4
    return isPlain ? value.fixed(max(-exponent, 0)) : value.significant(digits).typeset
  }
}

extension ClosedRange<Double> {
  /// The range with free room at both ends; one that is a mere point becomes a proper range.
  fileprivate func widened(by padding: Double, leastSpan: Double) -> ClosedRange {
    let magnitude = Swift.max(lowerBound.magnitude, upperBound.magnitude)
    let halfSpan = upperBound / 2 - lowerBound / 2
    let isPoint = halfSpan <= magnitude * 1e-12 || 2 * halfSpan < leastSpan
    let room = isPoint ? (magnitude < leastSpan * 1e6 ? 1 : magnitude / 20) : 2 * halfSpan * padding
    let limit = Double.greatestFiniteMagnitude
    return Swift.max(lowerBound - room, -limit)...Swift.min(upperBound + room, limit)
  }
}

extension String {
  /// `"1.5e-6"` as `"1.5×10⁻⁶"`, `"1e6"` as `"10⁶"`; other text unchanged.
  fileprivate var typeset: String {
    let parts = split(separator: "e")
    guard parts.count == 2, let exponent = Int(parts[1]) else { return self }
    let power = "10".raised(to: exponent)
    return parts[0] == "1" ? power : parts[0] == "-1" ? "-" + power : "\(parts[0])×\(power)"
  }

  /// The text with a superscript.
  fileprivate func raised(to exponent: Int) -> String {
    let digits: [Character: Character] = [
      "-": "⁻", "0": "⁰", "1": "¹", "2": "²", "3": "³", "4": "⁴", "5": "⁵", "6": "⁶", "7": "⁷",
      "8": "⁸", "9": "⁹",
    ]
    return self + String(String(exponent).compactMap { digits[$0] })
  }
}
