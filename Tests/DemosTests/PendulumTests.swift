import Autograd
import Testing

@testable import Demos

@Suite struct PendulumTests {
  private func fitted(seed: UInt64, epochs: Int = 150) -> Pendulum {
    Pendulum(
      truth: [1, 0.3], start: [1.4, 0], noise: 0.1, steps: 400, epochs: epochs, rate: 0.03,
      seed: seed)
  }

  @Test(arguments: [1, 2] as [UInt64])
  func `Length and damping are found within what the noise allows`(seed: UInt64) {
    let pendulum = fitted(seed: seed)
    #expect(pendulum.isSolved)
    #expect(abs(pendulum.fit[0] - 1) < 0.05)
    #expect(abs(pendulum.fit[1] - 0.3) < 0.15)
    #expect(pendulum.standardErrors.allSatisfy { $0 > 0 && $0 < 0.1 })
    // What is left is the noise: variance 0.01.
    #expect(abs((pendulum.losses.last ?? 0) - 0.01) < 0.003)
  }

  @Test func `Too little training is not taken for success`() {
    #expect(!fitted(seed: 1, epochs: 3).isSolved)
  }

  @Test func `The gradients through the simulation are right`() throws {
    let physics = Variable([1.2, 0.4] as [Double])
    let report = gradCheck({ Pendulum.angles(of: $0[0], steps: 60) }, at: [physics])
    #expect(report.passed, "\(report)")
  }

  /// T = 2π √(l/g) (1 + α²/16 + 11 α⁴/3072), for the amplitude α of 1; a step errs by its length.
  @Test func `Without damping it swings with the known period`() throws {
    let angles = Pendulum.angles(of: Variable([1, 0] as [Double]), steps: 1000).value.doubles()
    let crossings = angles.indices.dropFirst().filter { angles[$0 - 1] < 0 && angles[$0] >= 0 }
    let period = Double(try #require(crossings.dropFirst().first) - crossings[0]) * Pendulum.step
    #expect(abs(period - 2.006067 * (1 + 1 / 16.0 + 11 / 3072.0)) < 0.01)
    #expect(abs((angles.max() ?? 0) - 1) < 0.01)
  }
}
