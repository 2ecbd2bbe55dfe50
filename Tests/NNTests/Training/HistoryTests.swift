import Autograd
import NN
import Testing

@Suite struct HistoryTests {
  private func history(epochs: Int) -> History {
    var history = History(of: [.loss, .validationMetric("a, \"b\""), .seconds])
    for epoch in 1...epochs { history.append([1 / Double(epoch), Double(epoch), 0.25]) }
    return history
  }

  @Test func `It prints as a table`() {
    #expect(
      history(epochs: 2).description == """
        epoch  loss  validation a, "b"  seconds
            1     1                  1     0.25
            2   0.5                  2     0.25
        """)
    #expect(History(of: [.loss]).description == "epoch  loss")
    let lines = history(epochs: 1000).description.split(separator: "\n")
    #expect(lines.count == 22)
    #expect(lines[11].contains("…"))
    #expect(lines[21].split(separator: " ") == ["1000", "0.001", "1000", "0.25"])
    #expect(Set(lines.map(\.count)).count == 1)
  }

  @Test func `It is exported in full precision`() throws {
    let history = history(epochs: 3)
    let table = try CSV(parsing: history.csv)
    #expect(table.header == ["epoch", "loss", "validation a, \"b\"", "seconds"])
    #expect(try table.numbers(in: "loss") == history[.loss])
    #expect(history[.loss] == [1, 0.5, 1.0 / 3])
    var gap = History(of: [.loss])
    for loss in [1, .nan] { gap.append([loss]) }
    #expect(try CSV(parsing: gap.csv).numbers(in: "loss", missing: .text("0")) == [1, 0])
  }

  @Test func `The best epoch is the first of equals, and NaN is none`() {
    var history = History(of: [.loss])
    #expect(history.bestEpoch(by: .least(.loss)) == nil)
    for loss in [.nan, 2, 1, 3, 1] { history.append([loss]) }
    #expect(history.bestEpoch(by: .least(.loss)) == 3)
    #expect(history.bestEpoch(by: .greatest(.loss)) == 4)
  }

  @Test func `A file that cannot be written is an error`() {
    let path = "/nowhere/history.csv"
    let error = #expect(throws: TrainingFileError.self) {
      try history(epochs: 1).writeCSV(to: path)
    }
    #expect(error?.description == "cannot write '\(path)': No such file or directory")
  }
}
