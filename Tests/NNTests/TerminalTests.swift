import NN
import Testing

@Suite struct TerminalTests {
  private let plain = Terminal(isInteractive: false, usesColor: false)
  private let colored = Terminal(isInteractive: true, usesColor: true, width: 20)
  private let grey = ColorMap([PlotColor(0x000000), PlotColor(0xFFFFFF)])

  @Test func plainPicture() {
    let grid = SampleGrid(x: 0...4, y: 0...4, columns: 4, rows: 4)
    var picture = TerminalHeatMap(grid.points.map { $0.x + $0.y }, on: grid)
    #expect(picture.text(for: plain) == "=+#@\n :=+\n")
    picture.addPoint(x: 0.1, y: 3.9, mark: "o")
    picture.addPoint(x: 4, y: 0, mark: "x")
    picture.addPoint(x: 9, y: 9, mark: "!")
    picture.addPoint(x: .nan, y: 0, mark: "!")
    #expect(picture.text(for: plain) == "o+#@\n :=x\n")
  }

  @Test func valuesOutsideTheRangeAndNaN() {
    let grid = SampleGrid(x: 0...4, y: 0...1, columns: 4, rows: 1)
    let picture = TerminalHeatMap([-5, 5, .nan, .infinity], on: grid, range: 0...1)
    #expect(picture.text(for: plain) == " @  \n")
  }

  @Test func coloredPicture() {
    let grid = SampleGrid(x: 0...2, y: 0...3, columns: 2, rows: 3)
    // From the lowest row: black and white, white and a hole, white and black.
    var picture = TerminalHeatMap([0, 1, 1, .nan, 1, 0], on: grid, colors: grey)
    #expect(
      picture.text(for: colored) == """
        \u{1B}[0;38;5;231;48;5;231m▀\u{1B}[0;38;5;16m▀\u{1B}[0m
        \u{1B}[0;38;5;16m▀\u{1B}[0;38;5;231m▀\u{1B}[0m

        """)
    picture.addPoint(x: 0.5, y: 2.5, mark: "o")
    #expect(picture.text(for: colored).hasPrefix("\u{1B}[0;1;38;5;16;48;5;231mo"))
  }

  @Test func progressIsRedrawnOnATerminal() {
    var output = ""
    var progress = TerminalProgress(on: colored, interval: .zero) { output += $0 }
    progress.update("epoch 1")
    progress.update("a text that is far too long for this terminal")
    progress.update("two\nlines")
    #expect(output == "\repoch 1\u{1B}[K\ra text that is far \u{1B}[K\rtwo\u{1B}[K")
    output = ""
    progress.finish("done")
    #expect(output == "\r\u{1B}[Kdone\n")
  }

  @Test func progressIsDrawnSeldom() {
    var output = ""
    var evaluations = 0
    func text() -> String {
      evaluations += 1
      return "step"
    }
    var progress = TerminalProgress(on: colored, interval: .seconds(3600)) { output += $0 }
    for _ in 0..<1000 { progress.update(text()) }
    #expect(output == "\rstep\u{1B}[K")
    #expect(evaluations == 1)
  }

  @Test func progressIsSilentElsewhere() {
    var output = ""
    var progress = TerminalProgress(on: plain, interval: .zero) { output += $0 }
    progress.update("epoch 1")
    progress.finish()
    #expect(output.isEmpty)
    progress.finish("done")
    #expect(output == "done\n")
  }
}
