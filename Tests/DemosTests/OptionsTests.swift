import NN
import Testing

@testable import Demos

private enum Shape: String, CaseIterable, Sendable {
  case moons, circles
}

private let epochs = Option("epochs", default: 200, atLeast: 1, help: "passes over the data")
private let rate = Option("rate", default: 0.1, above: 0, atMost: 1, help: "learning rate")
private let seed = Option("seed", default: 0, help: "seed of the random numbers")
private let shape = Option("shape", default: Shape.moons, help: "data to learn")
private let svg = Option("svg", help: "write a drawing")
private let quiet = Option(flag: "quiet", help: "print the result only")
private let options: [any AnyOption] = [epochs, rate, seed, shape, svg, quiet]

@Suite struct OptionsTests {
  @Test func defaults() throws {
    let values = try OptionValues([], for: options)
    #expect(values[epochs] == 200)
    #expect(values[rate] == 0.1)
    #expect(values[shape] == .moons)
    #expect(values[svg] == nil)
    #expect(!values[quiet])
    #expect(!values.wantsHelp)
  }

  @Test func spellings() throws {
    let values = try OptionValues(
      [
        "--epochs", "50", "--rate=1e-3", "--seed", "-7", "--shape", "circles", "--quiet",
        "--svg=a=b.svg", "--epochs=60",
      ], for: options)
    #expect(values[epochs] == 60)
    #expect(values[rate] == 0.001)
    #expect(values[seed] == -7)
    #expect(values[shape] == .circles)
    #expect(values[svg] == "a=b.svg")
    #expect(values[quiet])
  }

  @Test(arguments: [
    (["--sed", "3"], "unknown option '--sed'; did you mean '--seed'?"),
    (["--Epochs=3"], "unknown option '--Epochs'; did you mean '--epochs'?"),
    (["-seed", "3"], "unknown option '-seed'; did you mean '--seed'?"),
    (["--hlep"], "unknown option '--hlep'; did you mean '--help'?"),
    (["--frobnicate"], "unknown option '--frobnicate'; '--help' lists the options"),
    (["--"], "unknown option '--'; '--help' lists the options"),
    (["ten"], "unexpected argument 'ten'; options begin with '--'"),
    (["--epochs", "ten"], "--epochs: 'ten' is not a whole number of at least 1"),
    (["--epochs", "0"], "--epochs: '0' is not a whole number of at least 1"),
    (["--epochs=1.5"], "--epochs: '1.5' is not a whole number of at least 1"),
    (["--epochs="], "--epochs: '' is not a whole number of at least 1"),
    (["--epochs"], "--epochs needs a value: a whole number of at least 1"),
    (["--epochs", "--quiet"], "--epochs needs a value: a whole number of at least 1"),
    (["--rate", "0"], "--rate: '0' is not a number above 0 and at most 1"),
    (["--rate", "1.01"], "--rate: '1.01' is not a number above 0 and at most 1"),
    (["--rate", "nan"], "--rate: 'nan' is not a number above 0 and at most 1"),
    (["--rate", "0x1p-3"], "--rate: '0x1p-3' is not a number above 0 and at most 1"),
    (["--seed", "99999999999999999999"], "--seed: '99999999999999999999' is not a whole number"),
    (["--shape", "moon"], "--shape: 'moon' is not one of moons, circles"),
    (["--svg="], "--svg: '' is not a path"),
    (["--quiet=yes"], "--quiet takes no value"),
  ])
  func usageErrors(arguments: [String], message: String) throws {
    let error = try #require(throws: UsageError.self) {
      try OptionValues(arguments, for: options)
    }
    #expect(error.description == message)
  }

  @Test func helpEndsTheReading() throws {
    #expect(try OptionValues(["--quiet", "--help", "--sed"], for: options).wantsHelp)
    #expect(try OptionValues(["-h"], for: options).wantsHelp)
  }

  @Test func helpTextIsMadeFromTheDeclarations() {
    #expect(
      helpText(for: [epochs, rate, shape, svg, quiet]) == """
          --epochs N             passes over the data (a whole number of at least 1; default 200)
          --rate X               learning rate (a number above 0 and at most 1; default 0.1)
          --shape moons|circles  data to learn (one of moons, circles; default moons)
          --svg PATH             write a drawing (a path)
          --quiet                print the result only
          --help                 show this text

        """)
  }

  @Test(arguments: [
    ("", "", 0), ("seed", "seed", 0), ("sed", "seed", 1), ("sede", "seed", 1), ("", "abc", 3),
    ("kitten", "sitting", 3), ("ca", "abc", 3),
  ])
  func editDistances(a: String, b: String, distance: Int) {
    #expect(editDistance(a, b) == distance)
    #expect(editDistance(b, a) == distance)
  }
}

@Suite struct ProgramTests {
  private struct Failure: Error, CustomStringConvertible {
    let description = "it did not converge"
  }

  private static let demos = [
    Demo(name: "xor", summary: "learns exclusive or", options: [epochs]) { values in
      if values[epochs] == 13 { throw Failure() }
    },
    Demo(name: "regression", summary: "fits a line", options: []) { _ in },
  ]

  private func run(_ arguments: String...) -> (status: Int32, output: String, errors: String) {
    var output = ""
    var errors = ""
    let status = Program.run(
      arguments, demos: ProgramTests.demos, print: { output += $0 }, printError: { errors += $0 })
    return (status, output, errors)
  }

  @Test func runsADemo() {
    #expect(run("xor", "--epochs", "5") == (0, "", ""))
  }

  @Test func listsTheDemos() {
    for result in [run(), run("--help"), run("-h")] {
      #expect(result.status == 0)
      #expect(result.output.contains("\n  xor         learns exclusive or\n"))
      #expect(result.output.contains("\n  regression  fits a line\n"))
    }
    let help = run("xor", "--help")
    #expect(help.status == 0)
    #expect(help.output.contains("--epochs N  passes over the data"))
  }

  @Test func mistakesAreOneLineAndStatus2() {
    #expect(run("xro") == (2, "", "Demos: unknown demo 'xro'; did you mean 'xor'?\n"))
    #expect(
      run("mnist") == (2, "", "Demos: unknown demo 'mnist'; 'Demos --help' lists the demos\n"))
    #expect(
      run("--epochs", "3").errors
        == "Demos: a demo's name comes before '--epochs'; 'Demos --help' lists the demos\n")
    #expect(
      run("xor", "--epoch", "3")
        == (2, "", "Demos xor: unknown option '--epoch'; did you mean '--epochs'?\n"))
  }

  @Test func failuresAreStatus1() {
    #expect(run("xor", "--epochs=13") == (1, "", "Demos xor: it did not converge\n"))
  }

  @Test func theRegisteredDemosAreConsistent() {
    #expect(Set(Demo.all.map(\.name)).count == Demo.all.count)
    for demo in Demo.all {
      #expect(Set(demo.options.map(\.name)).count == demo.options.count)
      #expect(!demo.summary.isEmpty)
    }
  }
}

@Suite struct ResourceTests {
  /// The figures that R prints for `lm(dist ~ speed, data = cars)` and `summary(cars)`.
  @Test func carsAgreeWithTheirPublishedStatistics() throws {
    let cars = try CSV(parsing: Resources.cars, name: "cars.csv")
    let speed = try cars.numbers(in: "speed_mph")
    let distance = try cars.numbers(in: "distance_ft")
    #expect(cars.rowCount == 50)
    let meanSpeed = speed.reduce(0, +) / 50
    let meanDistance = distance.reduce(0, +) / 50
    #expect(meanSpeed.fixed(2) == "15.40")
    #expect(meanDistance.fixed(2) == "42.98")
    let products = zip(speed, distance).map { ($0 - meanSpeed) * ($1 - meanDistance) }
    let squares = speed.map { ($0 - meanSpeed) * ($0 - meanSpeed) }
    let distanceSquares = distance.map { ($0 - meanDistance) * ($0 - meanDistance) }
    let slope = products.reduce(0, +) / squares.reduce(0, +)
    let correlation =
      products.reduce(0, +)
      / (squares.reduce(0, +) * distanceSquares.reduce(0, +)).squareRoot()
    #expect(slope.fixed(4) == "3.9324")
    #expect((meanDistance - slope * meanSpeed).fixed(4) == "-17.5791")
    #expect(correlation.fixed(7) == "0.8068949")
  }
}
