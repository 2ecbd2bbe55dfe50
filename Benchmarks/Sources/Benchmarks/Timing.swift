import MachinePeak

/// The fastest of several repetitions, in seconds per call: what the code takes when nothing
/// disturbs it.
///
/// Each repetition calls `body` often enough to last about `sample` seconds.
func fastest(sample: Double = 0.005, total: Double = 1, _ body: () -> Void) -> Double {
  body()
  var start = peak_now()
  body()
  let once = max(peak_now() - start, 1e-9)
  let calls = max(1, Int(sample / once))
  let repetitions = max(3, min(400, Int(total / (once * Double(calls)))))
  var best = Double.infinity
  for _ in 0..<repetitions {
    start = peak_now()
    for _ in 0..<calls { body() }
    best = min(best, (peak_now() - start) / Double(calls))
  }
  return best
}

/// Prints one result: a line of JSON for the comparison, and nothing else on standard output.
func report(_ name: String, _ value: Double, _ unit: String, threads: Int = 1) {
  print(
    "{\"name\": \"\(name)\", \"value\": \(value), \"unit\": \"\(unit)\", \"threads\": \(threads)}")
}
