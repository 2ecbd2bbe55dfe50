import Autograd
import NN
import Testing

@Suite struct CompiledLayerTests {
  /// Trains a layer, and what is added to its input so that there is something to train.
  private func training(_ layer: LayerCase) -> (step: (Variable) -> Variable, state: () -> [Tensor])
  {
    var generator = RandomGenerator(seed: 3)
    let (module, call) = layer.make(&generator)
    let shift = Variable(
      Tensor.normal(layer.input, standardDeviation: 0.1, using: &generator), requiresGradient: true)
    let optimizer = Adam(
      module.namedParameters + [(name: "shift", value: shift)], learningRate: 0.01)
    return (
      { x in optimizer.step { square(call(x + shift) - 0.3).mean() } },
      {
        let buffers = module.namedBuffers.map(\.value.value)
        return optimizer.namedParameters.map(\.value.value) + buffers
          + optimizer.state.parameters.flatMap { $0.slots.map(\.value) }
      }
    )
  }

  @Test(arguments: layerTable.map(\.name))
  func `50 steps, eager and compiled, have the same bits`(name: String) throws {
    let layer = try #require(layerTable.first { $0.name == name })
    let (eager, other) = (training(layer), training(layer))
    let compiled = compile(other.step)
    var generator = RandomGenerator(seed: 4)
    for step in 0..<50 {
      let x = Variable(Tensor.normal(layer.input, using: &generator))
      let losses = (eager.step(x).item(), compiled(x).item())
      #expect(losses.0.bitPattern == losses.1.bitPattern, "loss of step \(step)")
      if losses.0.bitPattern != losses.1.bitPattern { return }
    }
    for (ours, theirs) in zip(eager.state(), other.state()) {
      #expect(ours.doubles().map(\.bitPattern) == theirs.doubles().map(\.bitPattern))
    }
  }

  @Test func `Every layer of the library is in the table`() throws {
    let root = #filePath.split(separator: "/").dropLast(4).joined(separator: "/")
    var missing: Set<String> = []
    for path in Folder.files(below: "/\(root)/Sources/NN/Layers") where path.hasSuffix(".swift") {
      let text = String(decoding: try Platform.read(path, limit: 1 << 20), as: UTF8.self)
      for line in text.split(separator: "\n") where line.hasPrefix("public ") {
        let words = line.split { !$0.isLetter && !$0.isNumber }
        guard let kind = words.firstIndex(where: { $0 == "struct" || $0 == "class" }),
          words[kind...].contains(where: {
            ["Layer", "Module", "RecurrentCell"].contains($0) || $0.hasSuffix("ConvolutionLayer")
          })
        else { continue }
        missing.insert(String(words[kind + 1]))
      }
    }
    #expect(missing.count > 90)
    // Weights without a call of their own.
    missing.subtract(layerTable.map(\.name) + ["GateWeights"])
    #expect(missing == [])
  }
}
