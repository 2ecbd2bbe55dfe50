import Autograd
import NN

/// A program that a newcomer runs: `swift run -c release Demos <name>`.
struct Demo: Sendable {
  /// Its name on the command line.
  let name: String
  /// What it shows, in one line.
  let summary: String
  /// Its options, all with defaults.
  let options: [any AnyOption]
  /// Runs it; an error ends the program with its description.
  let run: @Sendable (OptionValues) throws -> Void

  /// All demos, in the order in which a newcomer may take them.
  static let all: [Demo] = [
    .linearRegression, .xor, .fromScratch, .binary, .regression, .digits, .pendulum, .languageModel,
  ]
}

@main
enum Program {
  static func main() {
    let arguments = Array(CommandLine.arguments.dropFirst())
    let status = run(
      arguments, demos: Demo.all, print: { Platform.print($0, to: 1) },
      printError: { Platform.print($0, to: 2) })
    Platform.exit(status)
  }

  /// Follows a command line and returns the exit status.
  ///
  /// The status is 0 for success, 1 if the demo failed, 2 if the command line is wrong.
  static func run(
    _ arguments: [String], demos: [Demo], print: (String) -> Void, printError: (String) -> Void
  ) -> Int32 {
    var program = "Demos"
    do {
      guard let name = arguments.first, !["--help", "-h", "help"].contains(name) else {
        print(overview(of: demos))
        return 0
      }
      let demo = try demo(named: name, among: demos)
      program = "Demos \(demo.name)"
      let values = try OptionValues(Array(arguments.dropFirst()), for: demo.options)
      if values.wantsHelp {
        print(help(for: demo))
      } else {
        try demo.run(values)
      }
      return 0
    } catch {
      printError("\(program): \(error)\n")
      return error is UsageError ? 2 : 1
    }
  }

  private static func demo(named name: String, among demos: [Demo]) throws(UsageError) -> Demo {
    if let demo = demos.first(where: { $0.name == name }) { return demo }
    let hint = "'Demos --help' lists the demos"
    if name.hasPrefix("-") { throw UsageError("a demo's name comes before '\(name)'; \(hint)") }
    let guess = nearest(to: name, among: demos.map(\.name)).map { "did you mean '\($0)'?" }
    throw UsageError("unknown demo '\(name)'; \(guess ?? hint)")
  }

  private static func overview(of demos: [Demo]) -> String {
    """
    Usage: swift run -c release Demos <name> [options]

    Demos:
    \(aligned(demos.map { ($0.name, $0.summary) }))
    'Demos <name> --help' lists the options of one.

    """
  }

  private static func help(for demo: Demo) -> String {
    """
    Usage: swift run -c release Demos \(demo.name) [options]

    \(demo.summary)

    Options:
    \(helpText(for: demo.options))
    """
  }
}
