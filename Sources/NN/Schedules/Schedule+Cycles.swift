import Autograd

extension Schedule {
  /// b + (a − b) (1 + cos(π t / n)) / 2, and b from step n on (Loshchilov and Hutter,
  /// arXiv:1608.03983).
  ///
  /// PyTorch's `CosineAnnealingLR` rises again after step n.
  ///
  /// - Parameters:
  ///   - start: a.
  ///   - end: b.
  ///   - steps: n, at least 1, else stops with an error.
  public static func cosine(
    from start: Double, to end: Double = 0, over steps: Int
  ) -> Schedule {
    requireSteps(steps, "cosine")
    return Schedule { cosineWay(from: start, to: end, at: Double(min($0, steps)) / Double(steps)) }
  }

  /// The cosine's fall again and again, each time `periodFactor` times as long (PyTorch's
  /// `CosineAnnealingWarmRestarts`; arXiv:1608.03983).
  ///
  /// - Parameters:
  ///   - start: At each restart.
  ///   - end: What the rate falls to; the step at which it would get there is the restart.
  ///   - period: The length of the first fall, at least 1, else stops with an error.
  ///   - periodFactor: At least 1, else stops with an error.
  public static func cosineRestarts(
    from start: Double, to end: Double = 0, period: Int, periodFactor: Int = 1
  ) -> Schedule {
    requireSteps(period, "cosineRestarts")
    guard periodFactor >= 1 else {
      fatalError("Schedule: the factor \(periodFactor) of periods must be at least 1")
    }
    return Schedule { step in
      var (length, elapsed) = (period, step)
      if periodFactor == 1 { elapsed %= period }
      while elapsed >= length {
        elapsed -= length
        length *= periodFactor
      }
      return cosineWay(from: start, to: end, at: Double(elapsed) / Double(length))
    }
  }

  /// The form of rise and fall of ``oneCycle(peak:over:riseShare:startDivisor:endDivisor:curve:isThreePhase:)``.
  public enum Curve: Sendable {
    /// Half a period of the cosine.
    case cosine
    /// A straight line.
    case linear
  }

  /// A rise to the peak and a longer fall to almost 0 (PyTorch's `OneCycleLR`; Smith and Topin,
  /// arXiv:1708.07120).
  ///
  /// - Parameters:
  ///   - peak: The largest rate.
  ///   - steps: The number of steps, n. The last rate is that of step n − 1, which stays. Each phase
  ///     needs more than one step, else it stops with an error.
  ///   - riseShare: The share of the steps for the rise, in 0...1, else stops with an error.
  ///   - startDivisor: The first rate is the peak divided by it.
  ///   - endDivisor: The last rate is the first divided by it.
  ///   - curve: Of rise and fall.
  ///   - isThreePhase: Whether the fall to the first rate takes as long as the rise, before the rest.
  public static func oneCycle(
    peak: Double, over steps: Int, riseShare: Double = 0.3, startDivisor: Double = 25,
    endDivisor: Double = 10_000, curve: Curve = .cosine, isThreePhase: Bool = false
  ) -> Schedule {
    requireSteps(steps, "oneCycle")
    guard (0...1).contains(riseShare) else {
      fatalError("Schedule: the share \(riseShare) of oneCycle's rise must lie in 0...1")
    }
    let first = peak / startDivisor
    let rise = riseShare * Double(steps)
    let ends = (isThreePhase ? [rise - 1, 2 * rise - 2] : [rise - 1]) + [Double(steps - 1)]
    let rates = (isThreePhase ? [first, peak, first] : [first, peak]) + [first / endDivisor]
    guard zip([0] + ends, ends).allSatisfy({ $0 < $1 }) else {
      fatalError("Schedule: oneCycle over \(steps) steps has a phase without length: \(ends)")
    }
    return Schedule { step in
      let place = min(Double(step), ends.last!)
      let phase = ends.firstIndex { place <= $0 }!
      let start = phase == 0 ? 0 : ends[phase - 1]
      let share = (place - start) / (ends[phase] - start)
      switch curve {
      case .cosine: return cosineWay(from: rates[phase], to: rates[phase + 1], at: share)
      case .linear: return (rates[phase + 1] - rates[phase]) * share + rates[phase]
      }
    }
  }

  /// How the height of ``cyclic(from:to:rise:fall:amplitude:)`` changes.
  public enum Amplitude: Sendable {
    /// It does not.
    case constant
    /// It is halved after each cycle.
    case halving
    /// It is γᵗ of the full height at step t.
    case exponential(factor: Double)
  }

  /// Rises and falls in straight lines, again and again (PyTorch's `CyclicLR`; Smith,
  /// arXiv:1506.01186).
  ///
  /// - Parameters:
  ///   - low: The least rate.
  ///   - high: The largest rate.
  ///   - rise: The number of steps of a rise, at least 1, else stops with an error.
  ///   - fall: The number of steps of a fall, by default as many; at least 1, else stops with an
  ///     error.
  ///   - amplitude: How the height changes.
  public static func cyclic(
    from low: Double, to high: Double, rise: Int = 2000, fall: Int? = nil,
    amplitude: Amplitude = .constant
  ) -> Schedule {
    let fall = fall ?? rise
    requireSteps(min(rise, fall), "cyclic")
    return Schedule { step in
      let (cycle, place) = step.quotientAndRemainder(dividingBy: rise + fall)
      let height =
        place <= rise
        ? Double(place) / Double(rise) : Double(rise + fall - place) / Double(fall)
      let scale =
        switch amplitude {
        case .constant: 1.0
        case .halving: power(0.5, cycle)
        case .exponential(let factor): power(factor, step)
        }
      return low + (high - low) * height * scale
    }
  }
}

/// Half a period of the cosine between two numbers; `place` goes from 0 to 1.
private func cosineWay(from start: Double, to end: Double, at place: Double) -> Double {
  end + (start - end) / 2 * (1 + Platform.cosine(.pi * place))
}
