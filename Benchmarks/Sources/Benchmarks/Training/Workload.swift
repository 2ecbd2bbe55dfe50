import Autograd
import MachinePeak
import NN

/// A step of training that all sides take: loss, gradients and update on one fixed batch.
struct Workload {
  /// Its name in the results; `peers/table.py` has titles.
  let name: String
  /// How many steps a loop takes in one call, or nil if it is too slow for the call to matter.
  let loopSteps: Int?
  /// Makes a new model and optimizer, and their step, which returns the loss.
  let makeStep: () -> () -> Variable

  init(_ name: String, loopSteps: Int? = nil, makeStep: @escaping () -> () -> Variable) {
    self.name = name
    self.loopSteps = loopSteps
    self.makeStep = makeStep
  }

  /// Measures eager and compiled steps, and a loop of them.
  ///
  /// What is checked is the loss after 20 steps.
  func measure(_ bench: Bench) {
    let total = loopSteps == nil ? 1 : 0.3
    let eager = makeStep()
    for _ in 0..<20 { _ = eager() }
    bench.measure(name, .eager, check: eager().item(), total: total) { _ = eager() }
    let compiled = compile(makeStep())
    for _ in 0..<20 { _ = compiled() }
    bench.measure(name, .compiled, check: compiled().item(), total: total) { _ = compiled() }
    guard let loopSteps else { return }
    let loop = compile(makeStep())
    let loss = loop.run(times: 21).item()
    bench.measure(name, .loop, check: loss, calls: loopSteps, total: total) {
      _ = loop.run(times: loopSteps)
    }
  }
}

/// Measures steps of small networks.
func benchmarkSmallTrainings(_ bench: Bench) {
  for workload in smallWorkloads { workload.measure(bench) }
}

/// Measures steps of large networks.
func benchmarkLargeTrainings(_ bench: Bench) {
  for workload in largeWorkloads { workload.measure(bench) }
}

/// The workload of that name; stops if there is none.
func workload(_ name: String) -> Workload {
  guard let workload = (smallWorkloads + largeWorkloads).first(where: { $0.name == name }) else {
    fatalError("there is no workload \(name)")
  }
  return workload
}

/// Takes 20 steps of a workload and prints how much memory the process has used at most.
func measureMemory(_ bench: Bench, _ workload: Workload, variant: String) {
  let eager = workload.makeStep()
  var loss = Variable(0)
  if variant == "compiled" {
    let step = compile(eager)
    for _ in 0..<20 { loss = step() }
  } else {
    for _ in 0..<20 { loss = eager() }
  }
  bench.report(
    workload.name, variant, Double(peak_resident_bytes()) * 1e-6, unit: "MB", check: loss.item())
}

/// Prints the plan of a workload's step, or of a function, with the time of each instruction.
func printPlan(_ name: String) {
  if let function = (functionsOnLargeArrays() + derivatives()).first(where: { $0.name == name }) {
    return print(function.plan())
  }
  let step = compile(workload(name).makeStep())
  for _ in 0..<20 { _ = step() }
  print(step.plan(isTimed: true))
}
