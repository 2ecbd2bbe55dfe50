import Autograd
import NN
import Testing

@Suite struct ProgressTests {
  private func output(_ terminal: Terminal, epochs: Int = 2) throws -> String {
    var output = ""
    let model = Scale(2)
    let data = TensorDataset(inputs: Tensor.ones([4, 1]), targets: Tensor.zeros([4, 1]))
    try model.fit(
      DataLoader(data, batchSize: 1), loss: { meanSquaredError($0, $1) },
      optimizer: SGD(model.namedParameters, learningRate: 0), epochs: epochs, validation: data,
      progress: Progress(on: terminal) { output += $0 })
    return output
  }

  @Test func `Away from a terminal there is a line for each epoch`() throws {
    let lines = try output(Terminal(isInteractive: false, usesColor: false))
      .split(separator: "\n")
    #expect(lines.count == 2)
    #expect(
      lines[1].hasPrefix("epoch 2/2  loss 4  validation loss 4  learning rate 0  0.0 s"))
  }

  @Test func `On a terminal one line is redrawn, and the last epoch stays`() throws {
    let text = try output(Terminal(isInteractive: true, usesColor: true))
    // Two epochs take less than the time between two drawings.
    #expect(text.hasPrefix("\r" + "epoch 1/2 [=====>              ] 1/4  loss 4"))
    #expect(text.filter { $0 == "\n" }.count == 1)
    #expect(text.contains("epoch 2/2  loss 4  validation loss 4"))
  }

  @Test func `Silence is silent, and a training without epochs says nothing`() throws {
    #expect(try output(Terminal(isInteractive: false, usesColor: false), epochs: 0) == "")
    #expect(try output(Terminal(isInteractive: true, usesColor: false), epochs: 0) == "")
  }
}
