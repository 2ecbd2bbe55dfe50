import MachinePeak

/// Prints what the library takes for each workload, a line of JSON each; `run.sh` compares them with
/// peers.
///
///     Benchmarks THREADS PART
///     Benchmarks THREADS memory WORKLOAD VARIANT
///     Benchmarks THREADS plan WORKLOAD-OR-FUNCTION
@main
enum Main {
  static func main() {
    let words = CommandLine.arguments.dropFirst()
    let parts: [String: (Bench) -> Void] = [
      "graph": benchmarkGraph, "small": benchmarkSmallTrainings, "large": benchmarkLargeTrainings,
      "functions": { bench in functionsOnLargeArrays().forEach { $0.measure(bench, total: 0.5) } },
      "derivatives": { bench in derivatives().forEach { $0.measure(bench, total: 0.3) } },
      "kernels": benchmarkKernels, "process": benchmarkProcess,
    ]
    guard words.count >= 2, let threads = words.first.flatMap({ Int32($0) }) else {
      return print("Benchmarks THREADS PART, where PART is one of \(parts.keys.sorted())")
    }
    peak_set_library_threads(threads)
    let part = words.dropFirst().first!
    let bench = Bench(section: part, threads: Int(threads))
    if part == "memory" {
      measureMemory(bench, workload(words.dropFirst(2).first!), variant: words.last!)
    } else if part == "plan" {
      printPlan(words.last!)
    } else if let run = parts[part] {
      run(bench)
    } else {
      fatalError("there is no part \(part)")
    }
  }
}
