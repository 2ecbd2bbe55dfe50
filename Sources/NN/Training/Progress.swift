import Autograd

/// How a training shows how far it is.
///
/// On a terminal it redraws one line, at most twenty times a second, so that it costs small steps
/// nothing; elsewhere it prints a line after each epoch. Both go to standard error, so that results
/// can be redirected.
public struct Progress {
  let terminal: Terminal?
  let write: (String) -> Void

  /// A line that is redrawn on a terminal, and one line for each epoch otherwise.
  public static var automatic: Progress {
    Progress(on: .standardError) { Platform.print($0, to: 2) }
  }

  /// One line for each epoch, on a terminal too.
  public static var lines: Progress {
    Progress(on: Terminal(isInteractive: false, usesColor: false)) { Platform.print($0, to: 2) }
  }

  /// Nothing.
  public static var silent: Progress { Progress(terminal: nil) { _ in } }

  /// Progress on a terminal that a closure draws on.
  public init(on terminal: Terminal, write: @escaping (String) -> Void) {
    self.init(terminal: terminal, write: write)
  }

  private init(terminal: Terminal?, write: @escaping (String) -> Void) {
    self.terminal = terminal
    self.write = write
  }
}

/// The progress of one training.
struct ProgressDisplay {
  private let progress: Progress
  private var line: TerminalProgress?
  private let start = ContinuousClock.now
  /// The last epoch's, which stays on a terminal at the end.
  private var lastSummary: String?

  init(_ progress: Progress) {
    self.progress = progress
    if let terminal = progress.terminal, terminal.isInteractive {
      line = TerminalProgress(on: terminal, write: progress.write)
    }
  }

  mutating func batchEnded(_ training: Training) {
    let start = start
    line?.update(ProgressDisplay.bar(training, since: start))
  }

  mutating func epochEnded(_ training: Training) {
    guard progress.terminal != nil else { return }
    lastSummary = summary(of: training)
    if line == nil { progress.write("\(lastSummary!)\n") }
  }

  mutating func finish() {
    line?.finish(lastSummary)
    line = nil
  }

  /// "epoch 3/20 [=====>    ] 120/500  loss 0.3412  12 s".
  private static func bar(
    _ training: Training, since start: ContinuousClock.Instant
  ) -> String {
    let width = 20
    let done = width * training.batch / max(training.batchCount, 1)
    let bar = String(repeating: "=", count: done) + (done < width ? ">" : "")
    let rest = String(repeating: " ", count: max(width - done - 1, 0))
    let elapsed = (ContinuousClock.now - start).seconds
    return "epoch \(training.epoch)/\(training.epochs) [\(bar)\(rest)] "
      + "\(training.batch)/\(training.batchCount)  loss \(training.meanLoss.significant(4))"
      + (lastValidation(training).map { "  \($0)" } ?? "") + "  \(elapsed.fixed(0)) s"
  }

  private static func lastValidation(_ training: Training) -> String? {
    guard training.history.quantities.contains(.validationLoss) else { return nil }
    return training.last(.validationLoss).map { "validation loss \($0.significant(4))" }
  }

  /// "epoch 3/20  loss 0.3412  accuracy 0.91  2.1 s".
  private func summary(of training: Training) -> String {
    let history = training.history
    let values = zip(history.quantities, history.rows.last ?? []).map { quantity, value in
      quantity == .seconds
        ? "\(value.fixed(1)) s" : "\(quantity) \(value.significant(4))"
    }
    return (["epoch \(training.epoch)/\(training.epochs)"] + values).joined(separator: "  ")
  }
}
