import Autograd
import NN
import Testing

/// Attributions against closed forms and axioms.
@Suite struct AttributionTests {
  private let weight = double([1, -2, 0.5, 3, 0.25, -1], [2, 3])
  private let x = double([1, 2, 3, -1, 0.5, 4], [2, 3])
  private let labels = Variable([1, 0] as [Int])

  /// Two examples of three features, two classes.
  private func linear(_ x: Variable) -> Variable { matmul(x, weight, transposingSecond: true) }

  private func curved(_ x: Variable) -> Variable { square(linear(tanh(x))) + sigmoid(linear(x)) }

  @Test func `Gradients of a linear model are its weights`() {
    let byClass = AttributionTarget.classIndices(labels)
    expect(saliency(linear, at: x, target: byClass), equals: [3, 0.25, 1, 1, 2, 0.5])
    expect(saliency(linear, at: x), equals: [4, 1.75, 0.5, 4, 1.75, 0.5])
    let products = inputTimesGradient(linear, at: x, target: byClass)
    expect(products, equals: [3, 0.5, -3, -1, -1, 2])
    // They add up to the class's score.
    expect(products.sum(axis: 1), equals: [0.5, 0])
    #expect(!products.requiresGradient && products.isLeaf)
  }

  @Test func `Integrated gradients of a linear model are exact in one step`() {
    let baseline = double([1, 1, 1, 0, 0, 0], [2, 3])
    let result = integratedGradients(
      linear, at: x, target: .classIndices(labels), baseline: baseline, steps: 1)
    expect(result.attribution, equals: [0, 0.25, -2, -1, -1, 2])
    expect(result.completenessGap, equals: [0, 0])
  }

  @Test func `Integrated gradients of a product share it evenly`() {
    let result = integratedGradients(
      { $0[..., 0] * $0[..., 1] }, at: double([3, 4], [1, 2]), steps: 1)
    expect(result.attribution, equals: [6, 6])
    expect(result.completenessGap, equals: [0])
  }

  @Test func `Integrated gradients are complete, better with more steps`() {
    var last = Double.infinity
    for steps in [10, 100, 1000] {
      let result = integratedGradients(
        curved, at: x, target: .classIndices(labels), steps: steps)
      let gap = result.completenessGap.value.doubles().map(abs).max()!
      // The error of midpoints falls with the square of the steps.
      #expect(gap < last / 50)
      last = gap
      let sums = result.attribution.sum(axis: 1).value.doubles()
      let ends = (curved(x) - curved(0 * x)).value.doubles()
      let gaps = result.completenessGap.value.doubles()
      #expect(abs(sums[0] - (ends[1] + gaps[0])) < 1e-12)
      #expect(abs(sums[1] - (ends[2] + gaps[1])) < 1e-12)
    }
    #expect(last < 1e-4)
  }

  @Test
  func `Smoothed gradients of a linear model are its weights, of a square without noise, too`() {
    var generator = RandomGenerator(seed: 1)
    let smooth = smoothGrad(
      linear, at: x, target: .classIndices(labels), standardDeviation: 0.3, samples: 4,
      using: &generator)
    expect(smooth, equals: [3, 0.25, -1, 1, -2, 0.5])
    let still = smoothGrad(
      { square($0) }, at: x, standardDeviation: 0, samples: 3, using: &generator)
    expect(still, equals: [2, 4, 6, -2, 1, 8])
  }

  @Test func `Smoothed gradients are those at noisy points, and seeded`() {
    var generator = RandomGenerator(seed: 4)
    let first = smoothGrad(
      curved, at: x, standardDeviation: 0.2, samples: 2, using: &generator)
    let next = smoothGrad(
      curved, at: x, standardDeviation: 0.2, samples: 2, using: &generator)
    #expect(first.value.doubles() != next.value.doubles())
    var again = RandomGenerator(seed: 4)
    let same = smoothGrad(curved, at: x, standardDeviation: 0.2, samples: 2, using: &again)
    #expect(same.value.doubles() == first.value.doubles())
    var noise = RandomGenerator(seed: 4)
    var mean = [Double](repeating: 0, count: 6)
    for _ in 0..<2 {
      let n = Tensor.normal([2, 3], standardDeviation: 0.2, dtype: .float64, using: &noise)
      let leaf = Variable((x + Variable(n)).value, requiresGradient: true)
      let slope = gradient(of: curved(leaf).sum(), withRespectTo: leaf).value.doubles()
      mean = zip(mean, slope).map { $0 + $1 / 2 }
    }
    expect(first, equals: mean)
  }

  @Test func `Occlusion of single elements of a linear model is what they contribute`() {
    let result = occlusion(linear, at: x, target: .classIndices(labels), window: [1])
    expect(result, equals: [3, 0.5, -3, -1, -1, 2])
    let baseline = double([1, 1, 1, 0, 0, 0], [2, 3])
    let other = occlusion(
      linear, at: x, target: .classIndices(labels), window: [1], baseline: baseline)
    expect(other, equals: [0, 0.25, -2, -1, -1, 2])
  }

  @Test func `Overlapping windows are averaged, and the last is cut off`() {
    // Contributions 1, 2, 3, 4, 5; windows of 3 at 0, 2 and 4 would end behind the fifth.
    let five = double([1, 2, 3, 4, 5], [1, 5])
    let model: (Variable) -> Variable = { $0.sum(axis: 1) }
    expect(
      occlusion(model, at: five, window: [3], stride: [2]), equals: [6, 6, 9, 12, 12])
    expect(
      occlusion(model, at: five, window: [4], stride: [3]), equals: [10, 10, 10, 9.5, 9])
  }

  @Test func `Windows of images go over all axes`() {
    let image = Variable(Tensor.range(to: 16).reshaped(1, 1, 4, 4))
    let result = occlusion({ $0 * $0 }, at: image, window: [1, 2, 2])
    // The sums of squares of the four windows: 0, 1, 4, 5; 2, 3, 6, 7; 8, 9, 12, 13; and the rest.
    let upper: [Double] = [42, 42, 98, 98]
    let lower: [Double] = [458, 458, 642, 642]
    expect(result, equals: upper + upper + lower + lower)
    #expect(result.dtype == .float32 && result.shape == [1, 1, 4, 4])
  }

  @Test func `What does not fit is an error`() async {
    let window = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = occlusion({ $0 }, at: Variable(Tensor.zeros([1, 4])), window: [2], stride: [3])
    }
    expect(window, says: "occlusion: window [2] and stride [3] do not fit the input [1, 4]")
    let labels = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      let target = AttributionTarget.classIndices(Variable([0, 3] as [Int]))
      _ = saliency({ $0 }, at: Variable(Tensor.zeros([2, 3])), target: target)
    }
    expect(labels, says: "saliency: the label 3 at [1] is not one of the 3 classes")
    let baseline = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      let x = Variable(Tensor.zeros([2, 3]))
      _ = integratedGradients({ $0 }, at: x, baseline: Variable(Tensor.zeros([3])))
    }
    expect(baseline, says: "integratedGradients: shapes differ: the input is [2, 3]")
    let constant = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = saliency({ $0.detached() }, at: Variable(Tensor.zeros([2, 3])))
    }
    expect(constant, says: "gradient: there is none")
  }
}
