import Autograd

extension Schedule {
  /// The rate times γ for every `interval` steps that have passed: r γ^⌊t / interval⌋ (PyTorch's
  /// `StepLR`).
  ///
  /// - Parameters:
  ///   - rate: r.
  ///   - interval: At least 1, else stops with an error.
  ///   - factor: γ.
  public static func step(_ rate: Double, every interval: Int, factor: Double = 0.1) -> Schedule {
    requireSteps(interval, "step")
    return Schedule { rate * power(factor, $0 / interval) }
  }

  /// The rate times γ for every milestone that has been reached (PyTorch's `MultiStepLR`).
  ///
  /// - Parameters:
  ///   - rate: The rate before the first milestone.
  ///   - milestones: Steps, in any order; one that is there twice counts twice.
  ///   - factor: γ.
  public static func multiStep(
    _ rate: Double, at milestones: [Int], factor: Double = 0.1
  ) -> Schedule {
    Schedule { step in rate * power(factor, milestones.count { $0 <= step }) }
  }

  /// r γᵗ (PyTorch's `ExponentialLR`).
  ///
  /// - Parameters:
  ///   - rate: r.
  ///   - factor: γ.
  public static func exponential(_ rate: Double, factor: Double) -> Schedule {
    Schedule { rate * power(factor, $0) }
  }

  /// r / (1 + δ t), as Keras has it.
  ///
  /// - Parameters:
  ///   - rate: r.
  ///   - decay: δ, at least 0, else stops with an error.
  public static func inverseTime(_ rate: Double, decay: Double) -> Schedule {
    guard decay >= 0 else {
      fatalError("Schedule: the decay \(decay) of inverseTime must be at least 0")
    }
    return Schedule { rate / (1 + decay * Double($0)) }
  }

  /// A straight line from one number to another, which stays (PyTorch's `LinearLR`).
  ///
  /// - Parameters:
  ///   - start: At step 0.
  ///   - end: From step `steps` on.
  ///   - steps: At least 1, else stops with an error.
  public static func linear(from start: Double, to end: Double, over steps: Int) -> Schedule {
    requireSteps(steps, "linear")
    return Schedule { start + (end - start) * Double(min($0, steps)) / Double(steps) }
  }

  /// b + (a − b) (1 − t / n)^p, and b from step n on (PyTorch's `PolynomialLR` for b = 0).
  ///
  /// - Parameters:
  ///   - start: a.
  ///   - end: b.
  ///   - steps: n, at least 1, else stops with an error.
  ///   - power: p.
  public static func polynomial(
    from start: Double, to end: Double = 0, over steps: Int, power: Double = 1
  ) -> Schedule {
    requireSteps(steps, "polynomial")
    return Schedule { step in
      let rest = 1 - Double(min(step, steps)) / Double(steps)
      return end + (start - end) * Platform.power(rest, power)
    }
  }

  /// f · d^−½ · min(s^−½, s w^−3/2) with s = t + 1: a linear rise over w steps, then a fall by the
  /// root of the step (Vaswani et al., arXiv:1706.03762, section 5.3).
  ///
  /// - Parameters:
  ///   - width: d, the number of features of the model, at least 1, else stops with an error.
  ///   - warmup: w, at least 1, else stops with an error.
  ///   - factor: f.
  public static func noam(width: Int, warmup: Int, factor: Double = 1) -> Schedule {
    requireSteps(warmup, "noam")
    guard width >= 1 else { fatalError("Schedule: noam for \(width) features; at least 1") }
    return Schedule { step in
      let (s, w) = (Double(step + 1), Double(warmup))
      let scale = factor / Double(width).squareRoot()
      return scale * min(1 / s.squareRoot(), s / (w * w.squareRoot()))
    }
  }
}
