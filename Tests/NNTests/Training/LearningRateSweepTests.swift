import Autograd
import NN
import Testing

@Suite struct LearningRateSweepTests {
  @Test func `The sweep finds a rate, and puts everything back`() throws {
    let model = Rings.model(), loader = Rings.loader()
    loader.position = DataLoaderPosition(epoch: 2, batch: 3)
    let optimizer = SGD(model.namedParameters, learningRate: 0.125, momentum: 0.9)
    // Something to put back.
    let target = Variable(Tensor([1 as Int], shape: [1]))
    optimizer.step { classLoss(model(Variable(Tensor.ones([1, 2]))), target) }
    model.isTraining = false
    let (weights, state) = (model.bits, optimizer.savedState().mapValues { $0.doubles() })
    let source = try #require(model.namedRandomSources.first?.source.generator)

    let sweep = try model.sweepLearningRate(
      loader, loss: classLoss, optimizer: optimizer, from: 1e-4...100, steps: 60)
    #expect(model.bits == weights)
    #expect(optimizer.savedState().mapValues { $0.doubles() } == state)
    #expect(optimizer.learningRate.item() == 0.125)
    #expect(loader.position == DataLoaderPosition(epoch: 2, batch: 3))
    #expect(model.namedRandomSources.first?.source.generator == source)
    #expect(!model.isTraining)

    #expect(abs(sweep.rates[0] - 1e-4) < 1e-12)
    for (a, b) in zip(sweep.rates, sweep.rates.dropFirst()) {
      #expect(abs(b / a - Double(sweep.rates[1] / sweep.rates[0])) < 1e-9)
    }
    #expect(sweep.losses.count == sweep.rates.count)
    #expect(sweep.rates.count < 60, "the loss explodes, which ends the sweep")
    let suggestion = try #require(sweep.suggestion)
    #expect((0.001...3).contains(suggestion))
  }

  @Test func `The suggestion is where the smoothed loss falls fastest`() {
    // A fall around the 20th of 40 rates.
    let rates = (0..<40).map { 1e-4 * Double($0 + 1) }
    let losses = (0..<40).map { index in index < 20 ? 1 : 0.0 }
    let sweep = LearningRateSweep(rates: rates, losses: losses)
    #expect(sweep.smoothedLosses[19] == 1)
    // 0.9 of the past, and the weights of 21 numbers add to 1 − 0.9²¹.
    var keep = 1.0
    for _ in 0..<21 { keep *= 0.9 }
    #expect(abs(sweep.smoothedLosses[20] - (1 - 0.1 / (1 - keep))) < 1e-12)
    // Central differences: the steepest is at the first number after the fall.
    #expect(sweep.suggestion == rates[20])
    #expect(LearningRateSweep(rates: [1, 2, 3], losses: [1, 2, 3]).suggestion == nil)
    #expect(LearningRateSweep(rates: [1], losses: [1]).suggestion == nil)
    #expect(LearningRateSweep(rates: [], losses: []).suggestion == nil)
  }
}
