import Autograd
import NN
import Testing

@Suite struct CompiledLayerTests {
  @Test(arguments: layerTable.map(\.name))
  func `50 steps, eager and compiled, have the same bits`(name: String) throws {
    let layer = try #require(layerTable.first { $0.name == name })
    let (eager, other) = (training(of: layer), training(of: layer))
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

  @Test func `Large batches have the same bits on 1, 2, 3 and 8 threads`() async {
    await #expect(processExitsWith: .success) {
      for layer in layerTable {
        expectSameBitsOnAnyNumberOfThreads(layer.name, steps: 2) {
          let layer = layer.withLargeBatch
          let (step, state) = training(of: layer)
          return CompiledCase(
            arguments: { seed in
              var generator = RandomGenerator(seed: UInt64(seed))
              return [Variable(Tensor.normal(layer.input, using: &generator))]
            }, step: { [step($0[0])] }, state: state)
        }
      }
    }
  }

  @Test func `Every layer of the library is in the table`() throws {
    let kinds: Set<Substring> = ["Layer", "Module", "RecurrentCell"]
    var missing: Set<String> = []
    for words in try SourceFiles.publicDeclarations(in: "Layers") {
      guard let kind = words.firstIndex(where: { $0 == "struct" || $0 == "class" }),
        words[kind...].contains(where: { kinds.contains($0) || $0.hasSuffix("ConvolutionLayer") })
      else { continue }
      missing.insert(String(words[kind + 1]))
    }
    #expect(missing.count > 90)
    // Weights without a call of their own.
    missing.subtract(layerTable.map(\.name) + ["GateWeights"])
    #expect(missing == [])
  }
}

/// Trains a layer, and what is added to its input so that there is something to train.
private func training(
  of layer: LayerCase
) -> (step: (Variable) -> Variable, state: () -> [Tensor]) {
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

extension LayerCase {
  /// With so many examples that several threads share them.
  fileprivate var withLargeBatch: LayerCase {
    let rest = Array(input.dropFirst())
    return LayerCase(
      name, Shape([(1 << 16) / rest.reduce(1, *) + 1] + rest), calling: make)
  }
}
