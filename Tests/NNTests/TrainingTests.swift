import Autograd
import NN
import Testing

@Suite struct TrainingTests {
  @Test(arguments: [1, 2, 3, 4, 5] as [UInt64])
  func `Adam learns the exclusive or`(seed: UInt64) {
    var generator = RandomGenerator(seed: seed)
    let model = Sequential {
      Linear(inputs: 2, outputs: 8, using: &generator)
      Tanh()
      Linear(inputs: 8, outputs: 1, using: &generator)
      Sigmoid()
    }
    let x: Variable = [[0, 0], [0, 1], [1, 0], [1, 1]]
    let y: Variable = [[0], [1], [1], [0]]
    let optimizer = Adam(model.namedParameters, learningRate: 0.05)
    var nodes = 0
    for step in 0..<400 {
      // By then the optimizer has its plan.
      if step == 3 { nodes = liveNodeCount() }
      meanSquaredError(model(x), y).backward()
      optimizer.step()
      optimizer.zeroGradients()
    }
    #expect(liveNodeCount() == nodes, "training keeps graphs alive")
    let answers = withoutRecording { model(x) }.array(of: Float.self)
    for (answer, truth) in zip(answers, [0, 1, 1, 0] as [Float]) {
      #expect(abs(answer - truth) < 0.1)
    }
  }
}
