import Autograd
import NN
import Kernels
import Glibc

func now() -> Double { var t = timespec(); clock_gettime(CLOCK_MONOTONIC, &t); return Double(t.tv_sec) + Double(t.tv_nsec) * 1e-9 }
func fastest(_ body: () -> Void) -> Double {
  body(); var s = now(); body(); let once = max(now() - s, 1e-9)
  let calls = max(1, Int(0.005 / once)); var best = Double.infinity
  for _ in 0..<max(3, min(200, Int(0.5 / (once * Double(calls))))) {
    s = now(); for _ in 0..<calls { body() }; best = min(best, (now() - s) / Double(calls))
  }
  return best
}
func problem(_ sizes: [Int], _ batch: Int, classes: Bool, adam: Bool) -> () -> Variable {
  var g = RandomGenerator(seed: 1)
  var layers: [any Layer] = []
  for i in 0..<sizes.count - 1 {
    layers.append(Linear(inputs: sizes[i], outputs: sizes[i+1], using: &g))
    if i + 2 < sizes.count { layers.append(adam ? ReLU() : Tanh()) }
  }
  let model = Sequential(layers)
  let x = Variable(Tensor.normal([batch, sizes[0]], using: &g))
  let opt: any Optimizer = adam ? Adam(model, learningRate: 0.001) : SGD(model, learningRate: 0.5)
  if classes {
    let labels = Variable(Tensor.integers([batch], in: 0..<sizes.last!, using: &g))
    return { opt.step { crossEntropy(model(x), classIndices: labels) } }
  }
  let y = Variable(Tensor.uniform([batch, 1], using: &g))
  return { opt.step { meanSquaredError(sizes.count == 2 ? model(x) : sigmoid(model(x)), y) } }
}
k_set_thread_count(1)
let all: [(String, () -> () -> Variable)] = [
  ("linreg", { problem([1, 1], 100, classes: false, adam: false) }),
  ("xor", { problem([2, 8, 1], 4, classes: false, adam: false) }),
  ("8-10-8-1", { problem([8, 10, 8, 1], 32, classes: false, adam: true) }),
  ("784-10-10-10", { problem([784, 10, 10, 10], 32, classes: true, adam: true) }),
  ("784-128-10", { problem([784, 128, 10], 128, classes: true, adam: true) }),
]
let wanted = CommandLine.arguments.dropFirst()
if wanted.first == "loop" {
  let step = compile(all.first { $0.0 == CommandLine.arguments[2] }!.1())
  let start = now(); while now() - start < 2 { _ = step.run(times: 10000) }
  exit(0)
}
for (name, make) in all where wanted.isEmpty || wanted.contains(name) {
  let step = compile(make())
  if wanted.contains("plan") || CommandLine.arguments.contains("--plan") { _ = step(); print(step.plan(isTimed: true)) }
  let eager = make()
  print(name, "eager", fastest { _ = eager() } * 1e6, "call", fastest { _ = step() } * 1e6, "loop", fastest { _ = step.run(times: 1000) } * 1e3)
}
if wanted.isEmpty || wanted.contains("pendulum") {
  func scalar(_ x: Double) -> Variable { Variable(Tensor([x]).reshaped(to: []), requiresGradient: true) }
  let (t0, L, c) = (scalar(1.0), scalar(1.0), scalar(0.1))
  func pend() -> [Variable] {
    var (t, w) = (t0, Variable(Tensor([0.0], dtype: .float64).reshaped(to: [])))
    for _ in 0..<1000 { let a = -(9.81 / L) * sin(t) - c * w; (t, w) = (t + 0.01 * w, w + 0.01 * a) }
    return gradients(of: t, withRespectTo: [t0, L, c]).map { $0! }
  }
  let f: CompiledFunction<[Variable]> = compile { pend() }
  if CommandLine.arguments.contains("--plan") { let p = f.plan(); print(p.recordedCount, p.operationCount, p.instructions.count) ; print(p) }
  print("pendulum eager", fastest { _ = pend() } * 1e6, "compiled", fastest { _ = f() } * 1e6)
}
func rosen(_ x: Variable) -> Variable {
  let n = x.shape[0]
  let (a, b) = (x[1..<n], x[0..<n-1])
  return (100 * square(a - square(b)) + square(1 - b)).sum()
}
if wanted.isEmpty || wanted.contains("hvp") {
  let x = Variable(Tensor.range(to: 10000, dtype: .float64), requiresGradient: true), v = Variable(Tensor.range(to: 10000, dtype: .float64))
  let f = compile { x, v in
    let g = gradients(of: rosen(x), withRespectTo: [x], createGraph: true)[0]!
    return gradients(of: (g * v).sum(), withRespectTo: [x])[0]!
  }
  if CommandLine.arguments.contains("--plan") { print(f.plan(for: x, v, isTimed: true)) }
  print("hvp", fastest { _ = f(x, v) } * 1e6)
}

if wanted.isEmpty || wanted.contains("hessian") {
  let n = 100
  let x = Variable(Tensor.range(to: Double(n), dtype: .float64), requiresGradient: true)
  let eye = Variable(Tensor.range(to: Double(n), dtype: .float64)).unsqueezed(axis: 1) .== Variable(Tensor.range(to: Double(n), dtype: .float64))
  let f = compile { x in
    let X = x.expanded(to: [n, n])
    let (a, b) = (X[0..., 1..<n], X[0..., 0..<n-1])
    let y = (100 * square(a - square(b)) + square(1 - b)).sum()
    let g = gradients(of: y, withRespectTo: [X], createGraph: true)[0]!
    return gradients(of: (g * eye.cast(to: .float64)).sum(), withRespectTo: [X])[0]!
  }
  if CommandLine.arguments.contains("--plan") { print(f.plan(for: x, isTimed: true)) }
  print("hessian", fastest { _ = f(x) } * 1e6)
}
