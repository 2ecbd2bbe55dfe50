import NN
import Testing
@testable import Autograd

@Suite struct CompiledTrainingTmp {
  @Test func adam() {
    for kind in 0..<4 {
    func build() -> (Sequential, any Optimizer) {
      var g = RandomGenerator(seed: 3)
      let m = Sequential {
        Linear(inputs: 6, outputs: 20, using: &g)
        BatchNorm(channels: 20)
        ReLU()
        Dropout(probability: 0.3, using: &g)
        Linear(inputs: 20, outputs: 4, using: &g)
      }
      let o: any Optimizer = switch kind {
        case 0: Adam(m, learningRate: 0.01)
        case 1: AdamW(m, learningRate: 0.01).clipped(byGlobalNorm: 1)
        case 2: NAdam(m)
        default: SGD(m, learningRate: 0.1, momentum: 0.9)
      }
      return (m, o)
    }
    let (m1, o1) = build(), (m2, o2) = build()
    func step(_ m: Sequential, _ o: any Optimizer, _ x: Variable, _ y: Variable) -> Variable {
      o.step { crossEntropy(m(x), classIndices: y) }
    }
    let compiled = CompiledFunction(poisons: true) { [step(m2, o2, $0[0], $0[1])] }
    for i in 0..<50 {
      let x = numbers([16, 6], seed: UInt64(i))
      var g = RandomGenerator(seed: UInt64(i))
      let y = Variable(Tensor.integers([16], in: 0..<4, using: &g))
      if i == 30 { o1.learningRate = 0.003; o2.learningRate = 0.003 }
      let a = step(m1, o1, x, y), b = compiled([x, y])[0]
      #expect(hasSameBits(a.value, b.value), "kind \(kind) step \(i)")
      for (p, q) in zip(m1.state(), m2.state()) { _ = p; _ = q }
      for (k, v) in m1.state() { #expect(hasSameBits(v, m2.state()[k]!), "kind \(kind) \(k) step \(i)") }
      for (k, v) in o1.savedState() { #expect(hasSameBits(v, o2.savedState()[k]!), "kind \(kind) \(k) step \(i)") }
      if !hasSameBits(a.value, b.value) { break }
    }
    }
  }
}
