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
    let nodes = liveNodeCount()
    for _ in 0..<400 {
      optimizer.zeroGradients()
      meanSquaredError(model(x), y).backward()
      optimizer.step()
    }
    optimizer.zeroGradients()
    #expect(liveNodeCount() == nodes, "training keeps graphs alive")
    let answers = withoutRecording { model(x) }.array(of: Float.self)
    for (answer, truth) in zip(answers, [0, 1, 1, 0] as [Float]) {
      #expect(abs(answer - truth) < 0.1)
    }
  }
}
