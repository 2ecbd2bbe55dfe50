import Autograd
import Testing

@testable import Demos

@Suite struct FromScratchTests {
  private func trained(seed: UInt64, epochs: Int) -> (FromScratch, accuracy: Double) {
    var generator = RandomGenerator(seed: seed)
    let moons = Moons(count: 200, noise: 0.1, using: &generator)
    let fresh = Moons(count: 500, noise: 0.1, using: &generator)
    let result = FromScratch(moons, rate: 1, epochs: epochs, using: &generator)
    return (result, result.accuracy(on: fresh))
  }

  @Test(arguments: [1, 2, 3] as [UInt64])
  func `Both ways give the same bits, and learn the moons`(seed: UInt64) {
    let (result, accuracy) = trained(seed: seed, epochs: 1000)
    #expect(result.differences == 0)
    #expect(result.comparisons == 1000 + 65)
    #expect(accuracy >= 0.97)
    #expect(result.lossesByHand[999] < 0.2 * result.lossesByHand[0])
  }

  @Test func `Too little training is not taken for success`() {
    #expect(trained(seed: 1, epochs: 3).accuracy < 0.97)
  }

  @Test func `Half of the points lie in each moon`() {
    var generator = RandomGenerator(seed: 1)
    let moons = Moons(count: 100, noise: 0, using: &generator)
    let (points, labels) = (moons.points.doubles(), moons.labels.doubles())
    #expect(labels.reduce(0, +) == 50)
    for index in labels.indices {
      let (x, y) = (points[2 * index] - labels[index], points[2 * index + 1] - labels[index] / 2)
      #expect(abs(x * x + y * y - 1) < 1e-5)
      #expect(labels[index] == 0 ? y > -1e-6 : y < 1e-6)
    }
  }
}
