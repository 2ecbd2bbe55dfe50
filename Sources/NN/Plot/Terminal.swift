import Autograd

/// What the program may draw on: a terminal with colours, or plain text.
public struct Terminal: Equatable, Sendable {
  /// Whether a person sees the output as it comes, so that lines may be redrawn.
  public var isInteractive: Bool
  /// Whether to use 256 colours and block characters.
  public var usesColor: Bool
  /// The number of columns.
  public var width: Int

  /// A terminal with the given properties, as tests need it.
  public init(isInteractive: Bool, usesColor: Bool, width: Int = 80) {
    self.isInteractive = isInteractive
    self.usesColor = usesColor
    self.width = width
  }

  /// Standard output: a file and a pipe get plain text.
  public static var standardOutput: Terminal { Terminal(descriptor: 1) }

  /// Standard error: where progress is shown, so that results can be redirected.
  public static var standardError: Terminal { Terminal(descriptor: 2) }

  private init(descriptor: Int32) {
    isInteractive = Platform.isTerminal(descriptor) && Platform.environment("TERM") != "dumb"
    // Any value but the empty one asks for no colour (https://no-color.org).
    usesColor = isInteractive && (Platform.environment("NO_COLOR") ?? "").isEmpty
    width = Platform.terminalWidth(descriptor)
  }
}
