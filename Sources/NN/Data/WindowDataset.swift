import Autograd

/// Windows of a series, each with the steps that follow it, to learn forecasting.
///
/// Example i is the window that starts at step i · stride: inputs [size, …] are its steps, targets
/// [horizon, …] the steps right after.
///
/// ```swift
/// // A day of hourly values, and the three hours that follow.
/// let data = WindowDataset(series: temperatures, size: 24, horizon: 3)
/// ```
///
/// (Keras: `timeseries_dataset_from_array`.)
public struct WindowDataset: Dataset {
  /// The steps along axis 0.
  public let series: Tensor
  /// The number of steps in a window.
  public let size: Int
  /// The number of steps after it.
  public let horizon: Int
  /// How many steps the next window starts later.
  public let stride: Int

  /// Creates a dataset; stops with an error if a number is below 1 or the series is too short for
  /// one window.
  ///
  /// - Parameters:
  ///   - series: The steps along axis 0; further axes are features of a step.
  ///   - size: The number of steps in a window.
  ///   - horizon: The number of steps to forecast.
  ///   - stride: How many steps the next window starts later.
  public init(series: Tensor, size: Int, horizon: Int = 1, stride: Int = 1) {
    guard series.rank > 0, size > 0, horizon > 0, stride > 0 else {
      fatalError(
        "WindowDataset: a series \(series.shape) in windows of \(size), \(horizon) ahead, \(stride) "
          + "apart; at least one axis, and numbers of at least 1 are needed")
    }
    guard series.shape[0] - size >= horizon else {
      fatalError(
        "WindowDataset: the series has \(series.shape[0]) steps, fewer than the \(size) of a window "
          + "and the \(horizon) after it")
    }
    self.series = series.contiguous()
    self.size = size
    self.horizon = horizon
    self.stride = stride
  }

  /// The number of windows.
  public var count: Int { (series.shape[0] - size - horizon) / stride + 1 }

  /// Gathers windows: inputs [count, size, …] and targets [count, horizon, …].
  ///
  /// Stops with an error if there is no such window.
  public func batch(at indices: [Int]) -> Batch {
    requireRange(indices, below: count, of: "WindowDataset")
    let starts = indices.map { $0 * stride }
    return Batch(
      inputs: windows(of: series, from: starts, size: size),
      targets: windows(of: series, from: starts.map { $0 + size }, size: horizon))
  }
}

/// Pieces of a text in tokens, each with the same piece one token later, to learn what comes next.
///
/// Example i starts at token i · stride: inputs are `length` tokens, targets the `length` tokens
/// from the second on.
///
/// ```swift
/// let tokenizer = CharacterTokenizer(fitting: text)
/// let data = NextTokenDataset(tokens: try tokenizer.encode(text), length: 64)
/// ```
public struct NextTokenDataset: Dataset {
  /// The text, of one axis.
  public let tokens: Tensor
  /// The number of tokens in a piece.
  public let length: Int
  /// How many tokens the next piece starts later.
  public let stride: Int

  /// Creates a dataset; stops with an error if a number is below 1 or the text is too short for one
  /// piece.
  ///
  /// - Parameters:
  ///   - tokens: int64 of one axis; else stops with an error.
  ///   - length: The number of tokens in a piece.
  ///   - stride: How many tokens the next piece starts later; by default `length`, so that each is
  ///     predicted once.
  public init(tokens: Tensor, length: Int, stride: Int? = nil) {
    let stride = stride ?? length
    guard tokens.dtype == .int64, tokens.rank == 1, length > 0, stride > 0 else {
      fatalError(
        "NextTokenDataset: tokens \(tokens.dtype) \(tokens.shape) in pieces of \(length), \(stride) "
          + "apart; int64 with one axis, and numbers of at least 1 are needed")
    }
    guard tokens.count > length else {
      fatalError(
        "NextTokenDataset: \(tokens.count) tokens are too few for a piece of \(length) and one more"
      )
    }
    self.tokens = tokens.contiguous()
    self.length = length
    self.stride = stride
  }

  /// The number of pieces.
  public var count: Int { (tokens.count - length - 1) / stride + 1 }

  /// Gathers pieces: inputs and targets [count, length].
  ///
  /// Stops with an error if there is no such piece.
  public func batch(at indices: [Int]) -> Batch {
    requireRange(indices, below: count, of: "NextTokenDataset")
    let starts = indices.map { $0 * stride }
    return Batch(
      inputs: windows(of: tokens, from: starts, size: length),
      targets: windows(of: tokens, from: starts.map { $0 + 1 }, size: length))
  }
}

/// Pieces of equal size along axis 0, stacked along a new first axis.
private func windows(of series: Tensor, from starts: [Int], size: Int) -> Tensor {
  let steps = Tensor(starts.flatMap { $0..<($0 + size) }, shape: [starts.count, size])
  return withoutRecording { indexSelect(Variable(series), at: Variable(steps)).value }
}
