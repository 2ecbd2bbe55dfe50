import Autograd

/// One line that shows how far a computation is, redrawn in place.
///
///     var progress = TerminalProgress()
///     for epoch in 1...epochs {
///       let loss = train()
///       progress.update("epoch \(epoch)/\(epochs)  loss \(loss.fixed(4))")
///     }
///     progress.finish()
///
/// It is drawn on a terminal only, at most twenty times a second, so that it neither fills files
/// nor slows small steps. It goes to standard error.
public struct TerminalProgress {
  private let terminal: Terminal
  private let write: (String) -> Void
  private let interval: Duration
  private var lastDrawing: ContinuousClock.Instant?

  /// A progress line on standard error.
  public init() {
    self.init(on: .standardError) { Platform.print($0, to: 2) }
  }

  /// A progress line on a terminal that `write` draws on.
  public init(
    on terminal: Terminal, interval: Duration = .milliseconds(50),
    write: @escaping (String) -> Void
  ) {
    self.terminal = terminal
    self.interval = interval
    self.write = write
  }

  /// Shows a new text; the closure is called only if it is time to draw.
  public mutating func update(_ text: @autoclosure () -> String) {
    guard terminal.isInteractive else { return }
    let now = ContinuousClock.now
    if let lastDrawing, now - lastDrawing < interval { return }
    lastDrawing = now
    write("\r" + fitting(text()) + "\u{1B}[K")
  }

  /// Clears the line, and leaves a last text in its place if there is one.
  ///
  /// Away from a terminal it prints that text alone.
  public mutating func finish(_ text: String? = nil) {
    if terminal.isInteractive && lastDrawing != nil { write("\r\u{1B}[K") }
    if let text { write(text + "\n") }
    lastDrawing = nil
  }

  /// The first line of the text, short enough not to wrap: only then can it be drawn over.
  private func fitting(_ text: String) -> String {
    String(text.prefix { !$0.isNewline }.prefix(max(terminal.width - 1, 1)))
  }
}
