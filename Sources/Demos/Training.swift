import Autograd
import NN

/// The rule that improves the parameters, as the command line names it.
enum OptimizerChoice: String, CaseIterable, Sendable {
  case sgd, adam

  func make(_ parameters: [(name: String, value: Variable)], rate: Double) -> any Optimizer {
    switch self {
    case .sgd: SGD(parameters, learningRate: Variable(rate), momentum: 0.9)
    case .adam: Adam(parameters, learningRate: Variable(rate))
    }
  }
}

extension Progress {
  /// A line that is redrawn on a terminal, and nothing elsewhere.
  static var onTerminal: Progress {
    Terminal.standardError.isInteractive ? .automatic : .silent
  }
}

/// A demo that did not reach what it promises; one line for people.
struct DemoFailure: Error, CustomStringConvertible {
  let description: String

  init(_ description: String) { self.description = description }
}

/// Prints a line on standard output.
func show(_ line: String = "") { Platform.print(line + "\n", to: 1) }
