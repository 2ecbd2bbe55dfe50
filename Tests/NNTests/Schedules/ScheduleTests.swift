import Autograd
import NN
import Testing

@Suite struct ScheduleTests {
  private let references: References

  init() throws { references = try References(topic: "schedules") }

  private static let cases: [(name: String, schedule: Schedule)] = [
    ("step", .step(0.4, every: 7, factor: 0.3)),
    ("multiStep", .multiStep(0.4, at: [20, 5, 20, 41], factor: 0.5)),
    ("exponential", .exponential(0.4, factor: 0.93)),
    ("linear", .linear(from: 0.1, to: 0.4, over: 12)),
    ("polynomial", .polynomial(from: 0.4, over: 40, power: 2.5)),
    ("cosine", .cosine(from: 0.4, to: 0.05, over: 60)),
    ("cosineRestarts", .cosineRestarts(from: 0.4, to: 0.01, period: 6, periodFactor: 2)),
    ("cosineRestarts equal", .cosineRestarts(from: 0.4, period: 9)),
    ("oneCycle", .oneCycle(peak: 0.4, over: 61)),
    (
      "oneCycle linear",
      .oneCycle(
        peak: 0.4, over: 61, riseShare: 0.25, startDivisor: 10, endDivisor: 100, curve: .linear)
    ),
    ("oneCycle three", .oneCycle(peak: 0.4, over: 61, isThreePhase: true)),
    ("cyclic", .cyclic(from: 0.1, to: 0.4, rise: 5, fall: 8)),
    ("cyclic halving", .cyclic(from: 0.1, to: 0.4, rise: 4, amplitude: .halving)),
    (
      "cyclic exponential",
      .cyclic(from: 0.1, to: 0.4, rise: 4, amplitude: .exponential(factor: 0.97))
    ),
    ("joined", Schedule.exponential(0.4, factor: 0.9).warmedUp(over: 10, from: 0.04)),
    ("chained", .linear(from: 0.1, to: 1, over: 10) * .exponential(0.4, factor: 0.95)),
    ("lambda", 0.4 * Schedule { 1 / (1 + 0.1 * Double($0)) }),
    ("lambda", .inverseTime(0.4, decay: 0.1)),
  ]

  @Test func `Schedules are PyTorch's at each step`() throws {
    for (name, schedule) in Self.cases {
      let expected = try references(name)["rates"].doubles()
      #expect(expected.count == 60)
      for (step, rate) in expected.enumerated() {
        #expect(abs(schedule(step) - rate) < 1e-14, "\(name), step \(step)")
      }
    }
  }

  @Test func `Schedules stay at their end`() {
    #expect(Schedule.cosine(from: 1, to: 0.25, over: 10)(10) == 0.25)
    #expect(Schedule.cosine(from: 1, to: 0.25, over: 10)(1000) == 0.25)
    #expect(Schedule.polynomial(from: 1, to: 0.5, over: 4)(9) == 0.5)
    #expect(Schedule.linear(from: 0, to: 3, over: 1)(1) == 3)
    let cycle = Schedule.oneCycle(peak: 1, over: 10)
    #expect(cycle(9) == cycle(500))
    #expect(abs(cycle(9) - 1 / 25 / 10_000) < 1e-18)
    #expect(Schedule.constant(0.1)(1_000_000) == 0.1)
  }

  @Test func `Piecewise values change at their boundaries`() {
    let schedule = Schedule.piecewise([3, 2, 1], at: [2, 5])
    #expect((0..<7).map { schedule($0) } == [3, 3, 2, 2, 2, 1, 1])
  }

  @Test func `The transformer's schedule has its peak where the rise ends`() {
    let schedule = Schedule.noam(width: 512, warmup: 4000)
    let rates = (0..<8000).map { schedule($0) }
    #expect(rates.firstIndex(of: rates.max()!) == 3999)
    #expect(abs(rates[3999] - 1 / (512.0 * 4000).squareRoot()) < 1e-15)
    #expect(abs(rates[0] * 4000 - rates[3999]) < 1e-15)
  }

  @Test func `A schedule drives an optimizer`() {
    let w = double([1], requiresGradient: true)
    let optimizer = SGD([(name: "w", value: w)])
    let schedule = Schedule.step(0.5, every: 1, factor: 0.5)
    for step in 0..<3 {
      optimizer.learningRate = Variable(schedule(step))
      optimizer.step(gradients: [double([1])])
    }
    expect(w, equals: [1 - 0.5 - 0.25 - 0.125])
  }

  @Test func `Senseless schedules are errors`() async {
    let negative = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = Schedule.constant(1)(-1)
    }
    expect(negative, says: "Schedule: the step -1 is negative")
    let parts = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = Schedule.piecewise([1, 2], at: [3, 4])
    }
    expect(parts, says: "Schedule: 2 parts need one boundary less")
    let steps = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = Schedule.cosine(from: 1, over: 0)
    }
    expect(steps, says: "Schedule: cosine over 0 steps; at least 1")
    let phase = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = Schedule.oneCycle(peak: 1, over: 3)
    }
    expect(phase, says: "a phase without length")
  }
}

@Suite struct ReduceOnPlateauTests {
  private let references: References

  init() throws { references = try References(topic: "schedules") }

  private static let cases: [(name: String, plateau: ReduceOnPlateau)] = [
    ("plateau", ReduceOnPlateau(learningRate: 0.4, factor: 0.5, patience: 2)),
    (
      "plateau cooldown",
      ReduceOnPlateau(learningRate: 0.4, factor: 0.5, patience: 1, cooldown: 3, minimum: 0.04)
    ),
    (
      "plateau absolute",
      ReduceOnPlateau(learningRate: 0.4, factor: 0.2, patience: 2, threshold: .absolute(0.02))
    ),
    (
      "plateau larger",
      ReduceOnPlateau(
        learningRate: 0.4, goal: .greatest, factor: 0.5, patience: 3, threshold: .relative(0.1))
    ),
    (
      "plateau larger absolute",
      ReduceOnPlateau(
        learningRate: 0.4, goal: .greatest, factor: 0.5, patience: 3, threshold: .absolute(0.1),
        leastChange: 0.06)
    ),
  ]

  @Test func `The rate falls when PyTorch's does, and continues from a saved state`() throws {
    for (name, fresh) in Self.cases {
      let reference = try references(name)
      let (metrics, rates) = (reference["metrics"].doubles(), reference["rates"].doubles())
      #expect(Set(rates).count > 1)
      for interruption in [0, 4, 9, 17] {
        var plateau = fresh
        for (step, metric) in metrics.enumerated() {
          if step == interruption {
            let saved = plateau.savedState()
            plateau = fresh
            try plateau.load(saved)
          }
          let rate = plateau.update(with: metric)
          #expect(abs(rate - rates[step]) < 1e-15, "\(name), step \(step)")
        }
      }
    }
  }

  @Test func `What does not fit is not loaded`() {
    var plateau = ReduceOnPlateau(learningRate: 0.5)
    let error = #expect(throws: StateError.self) { try plateau.load([:]) }
    #expect(error?.problems.contains(.missing("best")) == true)
    #expect(plateau.learningRate == 0.5)
  }
}
