import Autograd
import NN
import Testing

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

@Suite struct PlotFileTests {
  private let folder: String

  init() throws {
    var template = Array("/tmp/plot-tests-XXXXXX".utf8CString)
    let path = try #require(mkdtemp(&template))
    folder = String(cString: path)
  }

  @Test func filesAreWrittenReplacedAndNothingElseIsLeft() throws {
    let path = folder + "/plot ä.svg"
    var plot = Plot(title: "first")
    try plot.write(to: path)
    plot.title = "second"
    try plot.write(to: path)
    let bytes = try Platform.read(path, limit: 1 << 20)
    #expect(bytes == Array(plot.svg().utf8))
    #expect(unlink(path) == 0)
    #expect(rmdir(folder) == 0, "the folder is empty")
  }

  @Test func failuresSayWhatAndWhy() throws {
    let path = folder + "/none/plot.svg"
    let error = try #require(throws: PlotError.self) { try Plot().write(to: path) }
    #expect(error.description == "cannot write '\(path)': No such file or directory")
    // The name is taken by a folder: the new file cannot have it, and is removed again.
    let taken = folder + "/taken"
    #expect(mkdir(taken, 0o777) == 0)
    #expect(throws: PlotError.self) { try Figure([Plot()]).write(to: taken) }
    #expect(rmdir(taken) == 0)
    #expect(rmdir(folder) == 0, "the folder is empty")
  }

  @Test func readingStopsAtTheLimit() throws {
    let path = folder + "/long"
    try Platform.write([UInt8](repeating: 65, count: 200_000), to: path)
    #expect(try Platform.read(path, limit: 1000).count == 1001)
    var limits = CSV.Limits()
    limits.bytes = 1000
    let error = try #require(throws: CSVError.self) { try CSV(contentsOf: path, limits: limits) }
    #expect(error.reason == .tooLarge("more than 1000 bytes"))
    #expect(unlink(path) == 0)
    #expect(rmdir(folder) == 0)
  }
}
