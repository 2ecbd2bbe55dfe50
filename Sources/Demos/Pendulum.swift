import Autograd
import NN

/// A pendulum whose length and damping are found from noisy observations, by gradients through the
/// simulation of its motion.
struct Pendulum {
  /// The length in meters and the damping per second: truth, first guess, and what was found.
  let truth, start: [Double]
  private(set) var fit: [Double]
  /// How far the noise may lead the fit astray: the standard error of each parameter.
  private(set) var standardErrors: [Double] = []
  /// The angles that were seen, in radians, one after each step.
  let observations: Tensor
  /// The mean squared error of each epoch.
  private(set) var losses: [Double] = []

  /// Seconds between two steps.
  static let step = 0.005
  /// How many standard errors the truth may be away.
  static let tolerance = 4.0

  init(
    truth: [Double], start: [Double], noise deviation: Double, steps: Int, epochs: Int,
    rate: Double, seed: UInt64
  ) {
    self.truth = truth
    self.start = start
    fit = start
    var generator = RandomGenerator(seed: seed)
    let noise = Tensor.normal(
      [steps], standardDeviation: deviation, dtype: .float64, using: &generator)
    observations = withoutRecording {
      (Pendulum.angles(of: Variable(truth), steps: steps) + Variable(noise)).value
    }
    train(epochs: epochs, rate: rate)
  }

  /// Simulates θ″ = −(g / length) sin θ − damping · θ′ by semi-implicit Euler steps.
  ///
  /// It is a computation on variables like any other: its gradients are there.
  static func angles(of physics: Variable, steps: Int) -> Variable {
    let (length, damping, step) = (physics[0], physics[1], Variable(step))
    let pull = 9.81 / length
    var angle = Variable(Tensor(1, dtype: .float64))
    var speed = Variable(Tensor(0, dtype: .float64))
    var angles: [Variable] = []
    for _ in 0..<steps {
      speed = speed - step * (pull * sin(angle) + damping * speed)
      angle = angle + step * speed
      angles.append(angle)
    }
    return stack(angles)
  }

  private mutating func train(epochs: Int, rate: Double) {
    let physics = Variable(Tensor(start), requiresGradient: true)
    let seen = Variable(observations)
    let optimizer = Adam([("physics", physics)], learningRate: Variable(rate))
    var progress = TerminalProgress()
    for epoch in 1...epochs {
      // The rate falls to 0, so that the fit comes to rest.
      optimizer.learningRate = Variable(rate * Double(epochs - epoch + 1) / Double(epochs))
      optimizer.zeroGradients()
      let loss = meanSquaredError(Pendulum.angles(of: physics, steps: seen.count), seen)
      loss.backward()
      optimizer.step()
      losses.append(loss.item())
      progress.update("epoch \(epoch)/\(epochs)  loss \(losses[epoch - 1].significant(4))")
    }
    progress.finish()
    fit = physics.value.doubles()
    standardErrors = Pendulum.standardErrors(of: physics, seen)
  }

  /// The roots of the diagonal of 2 σ² / n · H⁻¹, where H is the Hessian of the mean squared error,
  /// by gradients of gradients, and σ² is that error itself.
  private static func standardErrors(of physics: Variable, _ seen: Variable) -> [Double] {
    let loss = meanSquaredError(angles(of: physics, steps: seen.count), seen)
    let slope = gradient(of: loss, withRespectTo: physics, createGraph: true)
    let hessian = [0, 1].map { gradient(of: slope[$0], withRespectTo: physics).value.doubles() }
    let determinant = hessian[0][0] * hessian[1][1] - hessian[0][1] * hessian[1][0]
    let factor = 2 * loss.item() / Double(seen.count) / determinant
    return [factor * hessian[1][1], factor * hessian[0][0]].map { $0.squareRoot() }
  }

  /// How many standard errors the fit is from the truth, in the worse of both parameters.
  var distance: Double {
    let distances = zip(zip(fit, truth), standardErrors).map { abs($0.0 - $0.1) / $1 }
    // Far from the minimum the formula for the errors does not hold, and may give NaN.
    return distances.reduce(0) { $1.isFinite ? max($0, $1) : .infinity }
  }

  /// Whether the truth is found, within what the noise allows.
  var isSolved: Bool { distance <= Pendulum.tolerance }
}
