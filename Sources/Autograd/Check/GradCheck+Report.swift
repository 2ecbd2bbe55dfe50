/// What ``gradCheck(_:at:order:tolerance:seed:)`` has found.
///
/// ```
/// gradCheck failed at order 1: ∂output[3] / ∂input 0 "weight"[0, 2] is wrong
///   analytic 0.55, numeric 0.5, relative error 0.10 (4.5e+14 ulp), allowed error 5.0e-08
///   1 of 64 comparisons failed; 1 kink, 0 uncertain, 0 not finite
/// ```
public struct GradCheckReport: Sendable, CustomStringConvertible {
  /// How the check ended.
  public enum Outcome: Sendable, Equatable {
    /// Every comparison was certain and within the allowed error.
    case passed
    /// A derivative is wrong.
    case failed
    /// The point is a kink: the one-sided derivatives differ, so no value is right.
    case kink
    /// A value or a derivative is infinite or not a number.
    case nonFinite
    /// No verdict: the reason says why.
    case inconclusive(reason: String)
  }

  /// One element of an input, of the output, or of a gradient.
  public struct Place: Sendable, Equatable, CustomStringConvertible {
    /// The number of the input; nil for the output.
    public internal(set) var input: Int? = nil
    /// The input's name.
    public internal(set) var name: String? = nil
    /// The indices of the element; empty for a scalar.
    public internal(set) var index: [Int]

    /// For example: input 0 "weight"[0, 2].
    public var description: String {
      let base = input.map { "input \($0)" + (name.map { " \"\($0)\"" } ?? "") } ?? "output"
      return index.isEmpty ? base : base + "\(index)"
    }
  }

  /// One derivative, compared.
  public struct Comparison: Sendable {
    enum Kind { case passed, failed, kink, uncertain, nonFinite }

    /// 1 for a derivative of the function, 2 for one of its gradient.
    public internal(set) var order = 1
    /// What is derived by; nil for a random direction.
    public let element: Place?
    /// What is derived: an output element, at order 2 an element of the gradient; nil for a random
    /// direction.
    public let output: Place?
    /// The value by the derivatives under test.
    public let analytic: Double
    /// The value by differences.
    public let numeric: Double
    /// The error that the tolerance allows.
    public let allowedError: Double
    /// How far off the numeric value may be.
    public let uncertainty: Double
    /// At a kink: the one-sided derivatives, the lesser first.
    public internal(set) var oneSided: ClosedRange<Double>? = nil
    var kind: Kind

    /// |analytic − numeric|.
    public var error: Double { Swift.abs(analytic - numeric) }
    /// The error relative to the numeric value; infinite if that is 0 and the analytic one is not.
    public var relativeError: Double { error == 0 ? 0 : error / Swift.abs(numeric) }
    /// The error in units of the numeric value's last place.
    public var ulps: Double { error / numeric.ulp }
  }

  /// How the check ended.
  public let outcome: Outcome
  /// The comparison behind the outcome that is furthest off, or of all if the check passed.
  ///
  /// Nil if nothing was compared.
  public let worst: Comparison?
  /// How many derivatives were compared, and how many of them failed, met a kink, remained
  /// uncertain or were not finite.
  public let counts: (all: Int, failed: Int, kinks: Int, uncertain: Int, nonFinite: Int)

  let detail: String?

  /// Whether every comparison was certain and within the allowed error.
  public var passed: Bool { outcome == .passed }

  /// Two or three lines.
  public var description: String {
    var lines = [headline]
    if let worst { lines.append("  " + worst.values) }
    if counts.all > 0, !passed {
      lines.append(
        "  \(counts.failed) of \(counts.all) comparisons failed; \(counts.kinks) at kinks, "
          + "\(counts.uncertain) uncertain, \(counts.nonFinite) not finite")
    }
    return lines.joined(separator: "\n")
  }

  private var headline: String {
    let order = "at order \(worst?.order ?? 1)"
    let place = worst?.derivative ?? ""
    switch outcome {
    case .passed: return "gradCheck passed: \(counts.all) comparisons; the worst is \(place)"
    case .failed: return "gradCheck failed \(order): \(place) is wrong"
    case .kink: return "gradCheck met a kink \(order): \(place) differs from side to side"
    case .nonFinite: return "gradCheck failed \(order): \(detail ?? "\(place) is not finite")"
    case .inconclusive(let reason): return "gradCheck is inconclusive: \(reason)"
    }
  }
}

extension GradCheckReport.Comparison {
  fileprivate var derivative: String {
    guard let element, let output else { return "the derivative along a random direction" }
    if order == 1 { return "∂\(output) / ∂\(element)" }
    return "∂²f / ∂\(output) ∂\(element)"
  }

  fileprivate var values: String {
    var text = "analytic \(analytic), numeric \(numeric)"
    if let oneSided {
      let isWithin = oneSided.contains(analytic) ? "within" : "outside of"
      text += ", \(isWithin) the one-sided derivatives "
      return text + "\(short(oneSided.lowerBound)) and \(short(oneSided.upperBound))"
    }
    if error.isFinite {
      text += ", relative error \(short(relativeError)) (\(short(ulps)) ulp)"
      text += ", allowed error \(short(allowedError))"
    }
    return text
  }
}

/// Two significant digits: 0.10, 4.5e-08.
func short(_ value: Double) -> String {
  guard value.isFinite, value != 0 else { return "\(value)" }
  var mantissa = Swift.abs(value)
  var exponent = 0
  while mantissa >= 9.95 { (mantissa, exponent) = (mantissa / 10, exponent + 1) }
  while mantissa < 0.995 { (mantissa, exponent) = (mantissa * 10, exponent - 1) }
  let digits = "\((10 * mantissa).rounded() / 10)"
  return (value < 0 ? "-" : "") + digits + (exponent == 0 ? "" : "e\(exponent)")
}

/// Collects comparisons, and keeps the worst of each kind.
struct GradCheckTally {
  var order = 1
  private var worst: [GradCheckReport.Comparison.Kind: GradCheckReport.Comparison] = [:]
  private var counts: [GradCheckReport.Comparison.Kind: Int] = [:]
  private var refusal: GradCheckReport.Outcome?
  private var detail: String?

  /// Whether nothing but passes has been seen.
  var isClean: Bool { refusal == nil && counts.keys.allSatisfy { $0 == .passed } }

  mutating func refuse(_ reason: String) { refusal = .inconclusive(reason: reason) }

  mutating func refuse(nonFinite detail: String) {
    refusal = .nonFinite
    self.detail = detail
  }

  mutating func add(_ comparison: GradCheckReport.Comparison) {
    var comparison = comparison
    comparison.order = order
    counts[comparison.kind, default: 0] += 1
    if let before = worst[comparison.kind], before.excess >= comparison.excess { return }
    worst[comparison.kind] = comparison
  }

  var report: GradCheckReport {
    let all = counts.values.reduce(0, +)
    var outcome = GradCheckReport.Outcome.passed
    var kind = GradCheckReport.Comparison.Kind.passed
    if counts[.nonFinite] != nil {
      (outcome, kind) = (.nonFinite, .nonFinite)
    } else if counts[.failed] != nil {
      (outcome, kind) = (.failed, .failed)
    } else if counts[.kink] != nil {
      (outcome, kind) = (.kink, .kink)
    } else if let most = worst[.uncertain] {
      outcome = .inconclusive(
        reason: "\(most.derivative) by differences is uncertain by \(short(most.uncertainty)), "
          + "\(short(most.allowedError)) is allowed")
      kind = .uncertain
    }
    return GradCheckReport(
      outcome: refusal ?? outcome, worst: refusal == nil ? worst[kind] : nil,
      counts: (
        all, counts[.failed] ?? 0, counts[.kink] ?? 0, counts[.uncertain] ?? 0,
        counts[.nonFinite] ?? 0
      ), detail: detail)
  }
}

extension GradCheckReport.Comparison {
  /// How far off the comparison is, to find the worst.
  fileprivate var excess: Double {
    let size = kind == .passed || kind == .failed ? error : uncertainty
    return size == 0 ? 0 : size / allowedError
  }
}
