import MachinePeak

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// How a workload is run: operation by operation, as a plan, or many times in one call of a plan.
enum Variant: String, CaseIterable {
  case eager, compiled, loop
}

/// What a kernel must at least do, to be compared with what the machine can do.
struct Work {
  enum Limit: String {
    case float32, float64, memory
  }

  let limit: Limit
  /// Floating-point operations, or bytes that are read and written.
  let amount: Double

  static func operations(_ count: Int, _ dtype: Limit = .float32) -> Work {
    Work(limit: dtype, amount: Double(count))
  }

  static func floats(_ count: Int) -> Work { Work(limit: .memory, amount: 4 * Double(count)) }
}

/// Measures, and prints the results of one part on one number of threads as lines of JSON.
struct Bench {
  /// The part that is measured.
  let section: String
  /// The number of threads that the library uses.
  let threads: Int

  /// Measures a body.
  ///
  /// - Parameters:
  ///   - name: What is measured; the same for all sides.
  ///   - variant: How.
  ///   - check: A number that all sides must agree on, such as the loss after some steps.
  ///   - calls: How many steps a call of the body takes.
  ///   - total: About how many seconds to measure.
  ///   - work: What a step must at least do.
  func measure(
    _ name: String, _ variant: Variant = .eager, check: Double? = nil, calls: Int = 1,
    total: Double = 0.5, work: Work? = nil, _ body: () -> Void
  ) {
    let times = Times.measure(total: total, body)
    let step = 1 / Double(calls)
    report(
      name, variant.rawValue, times.fastest * step, median: times.median * step, check: check,
      work: work)
  }

  /// Prints a result: times are in seconds.
  func report(
    _ name: String, _ variant: String, _ value: Double, unit: String = "s", median: Double? = nil,
    check: Double? = nil, work: Work? = nil, side: String = "ours"
  ) {
    let words = [
      "section": section, "side": side, "name": name, "variant": variant, "unit": unit,
      "limit": work?.limit.rawValue,
    ].compactMapValues { $0 }
    let numbers: [String: Double?] = [
      "threads": Double(threads), "value": value, "median": median, "check": check,
      "work": work?.amount,
    ]
    let fields =
      words.map { "\"\($0)\": \"\($1)\"" }
      + numbers.compactMap { key, number in number.map { "\"\(key)\": \($0)" } }
    print("{\(fields.sorted().joined(separator: ", "))}")
    fflush(nil)  // what was measured stays if a later workload fails
  }
}

/// How long a call took in several repetitions, in seconds.
struct Times {
  /// What the code takes when nothing disturbs it.
  let fastest: Double
  /// What it usually takes.
  let median: Double

  /// Measures for about `total` seconds, at least 5 repetitions of at least about 5 ms.
  static func measure(total: Double, _ body: () -> Void) -> Times {
    body()
    var start = peak_now()
    body()
    let once = max(peak_now() - start, 1e-9)
    let calls = max(1, Int(0.005 / once))
    let repetitions = max(5, min(400, Int(total / (once * Double(calls)))))
    let times = (0..<repetitions).map { _ in
      start = peak_now()
      for _ in 0..<calls { body() }
      return (peak_now() - start) / Double(calls)
    }.sorted()
    return Times(fastest: times[0], median: times[times.count / 2])
  }
}
