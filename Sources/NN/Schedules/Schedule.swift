import Autograd

/// A number as a function of the step, usually a learning rate.
///
/// Steps count from 0. A schedule has no state: training that is resumed at a step asks for that
/// step.
///
/// ```swift
/// let schedule = Schedule.cosine(from: 0.1, over: 1000).warmedUp(over: 100)
/// for step in 0..<1100 {
///   optimizer.learningRate = Variable(schedule(step))
///   optimizer.step { meanSquaredError(model(x), y) }
/// }
/// ```
public struct Schedule: Sendable {
  private let function: @Sendable (Int) -> Double

  /// Creates a schedule from any function of the step, which must depend on nothing else.
  public init(_ function: @escaping @Sendable (_ step: Int) -> Double) { self.function = function }

  /// The number at a step, at least 0, else stops with an error.
  public func callAsFunction(_ step: Int) -> Double {
    guard step >= 0 else { fatalError("Schedule: the step \(step) is negative") }
    return function(step)
  }

  /// The same number at every step.
  public static func constant(_ rate: Double) -> Schedule { Schedule { _ in rate } }

  /// Values that change at given steps: the first one before `boundaries[0]`, the next from there on.
  ///
  /// - Parameters:
  ///   - values: One more than there are boundaries, else stops with an error.
  ///   - boundaries: In ascending order, else stops with an error.
  public static func piecewise(_ values: [Double], at boundaries: [Int]) -> Schedule {
    joined(values.map { .constant($0) }, at: boundaries)
  }

  /// Schedules one after the other, each counting from 0 where it begins (PyTorch's
  /// `SequentialLR`).
  ///
  /// - Parameters:
  ///   - parts: One more than there are boundaries, else stops with an error.
  ///   - boundaries: The first steps of the second part and those after it; in ascending order, else
  ///     stops with an error.
  public static func joined(_ parts: [Schedule], at boundaries: [Int]) -> Schedule {
    guard parts.count == boundaries.count + 1, boundaries == boundaries.sorted() else {
      fatalError(
        "Schedule: \(parts.count) parts need one boundary less, in ascending order: \(boundaries)")
    }
    return Schedule { step in
      let part = boundaries.count { $0 <= step }
      return parts[part](part == 0 ? step : step - boundaries[part - 1])
    }
  }

  /// This schedule after a linear rise to its beginning.
  ///
  /// - Parameters:
  ///   - steps: The length of the rise, at least 1, else stops with an error.
  ///   - start: The number at step 0.
  public func warmedUp(over steps: Int, from start: Double = 0) -> Schedule {
    .joined([.linear(from: start, to: self(0), over: steps), self], at: [steps])
  }

  /// The product of two schedules at each step (PyTorch's `ChainedScheduler`, if one of them gives
  /// factors).
  public static func * (a: Schedule, b: Schedule) -> Schedule { Schedule { a($0) * b($0) } }

  /// A schedule times a number.
  public static func * (factor: Double, schedule: Schedule) -> Schedule {
    Schedule { factor * schedule($0) }
  }
}

/// Stops with an error if a number of steps is less than 1.
func requireSteps(_ steps: Int, _ schedule: String) {
  guard steps >= 1 else { fatalError("Schedule: \(schedule) over \(steps) steps; at least 1") }
}
