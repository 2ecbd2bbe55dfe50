import MachinePeak

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// Prints what the library takes for each workload, a line of JSON each; `run.sh` compares them
/// with peers.
@main
enum Main {
  static func main() {
    let parts: [(String, () -> Void)] = [
      ("graph", benchmarkGraph), ("matmul", benchmarkMatmul), ("elementwise", benchmarkElementwise),
      ("training", benchmarkTraining), ("process", benchmarkProcess),
    ]
    let wanted = CommandLine.arguments.dropFirst()
    peak_set_library_threads(1)
    for (name, run) in parts where wanted.isEmpty || wanted.contains(name) { run() }
  }

  /// The textbook linear regression, 1,000 epochs of batches of 32, from process start to answer.
  static func benchmarkProcess() {
    let path = "../.build/release/Demos"
    let words = ["Demos", "linear-regression", "--data", "textbook", "--svg", "results/fit.svg"]
    var arguments = words.map { strdup($0) as UnsafeMutablePointer<CChar>? }
    arguments.append(nil)
    var code: Int32 = 0
    let seconds = fastest { code = peak_run(path, arguments) }
    guard code == 0 else { return print("{\"name\": \"\(path) failed\", \"value\": \(code)}") }
    report("linear regression, 1,000 epochs, whole process", seconds * 1e3, "ms")
  }
}
