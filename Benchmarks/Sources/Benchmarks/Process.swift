import MachinePeak

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// From process start to the first gradient, of the programs that the variable `FIRST_GRADIENTS` lists:
/// lines of a side, a variant and a command, separated by bars.
func benchmarkProcess(_ bench: Bench) {
  guard let list = getenv("FIRST_GRADIENTS").map({ String(cString: $0) }) else {
    fatalError("FIRST_GRADIENTS is not set; run.sh does it")
  }
  for line in list.split(separator: "\n") {
    let words = line.split(separator: "|").map(String.init)
    guard words.count >= 3 else {
      fatalError("FIRST_GRADIENTS: \(line) is not side|variant|words…")
    }
    var arguments = words.dropFirst(2).map { strdup($0) as UnsafeMutablePointer<CChar>? } + [nil]
    var code: Int32 = 0
    let times = Times.measure(total: 1) { code = peak_run(words[2], &arguments) }
    guard code == 0 else { fatalError("\(line) failed: \(code)") }
    bench.report(
      "first gradient", words[1], times.fastest, median: times.median, side: words[0])
  }
}
