import Testing

@testable import Autograd

/// A function that counts how often it is called, and its plan.
private final class Subject {
  let plan: AutomaticPlan
  private(set) var calls = 0
  private let function: ([Variable?]) throws -> [Variable?]

  init(isPure: Bool = false, _ function: @escaping ([Variable?]) throws -> [Variable?]) {
    plan = AutomaticPlan(isPure: isPure)
    self.function = function
  }

  func callAsFunction(
    _ arguments: [Variable?], tensors: [Tensor] = [], key: [AnyHashable] = []
  ) throws -> [Variable?] {
    try plan(arguments, tensors: tensors, key: key) {
      calls += 1
      return try function($0)
    }
  }

  /// Calls it with the numbers 1, 2, 3 and so on; the first result of each call.
  func numbers(_ count: Int) throws -> [Double] {
    try (1...count).map {
      try self([Variable(Tensor([Double($0)]))])[0]?.value.doubles()[0] ?? .nan
    }
  }
}

private struct Refusal: Error {}

@Suite struct AutomaticPlanTests {
  @Test func `Two recordings make a plan, which is checked at powers of two`() throws {
    let subject = Subject { [$0[0]! * 2 + 1] }
    #expect(try subject.numbers(3) == [3, 5, 7])
    #expect(subject.calls == 3)
    #expect(try subject.numbers(4) == [3, 5, 7, 9])
    #expect(subject.calls == 3)
    #expect(try subject.numbers(1) == [3])
    #expect(subject.calls == 4)
    _ = try subject.numbers(120)
    // The 16th, 32nd, 64th and 128th call.
    #expect(subject.calls == 8)
    #expect(!subject.plan.hasChanged)
  }

  @Test func `A pure function is recorded once`() throws {
    let subject = Subject(isPure: true) { [$0[0]! * 2 + 1] }
    #expect(try subject.numbers(70) == (1...70).map { Double(2 * $0 + 1) })
    #expect(subject.calls == 1)
  }

  @Test func `A function that reads a value runs as it is`() throws {
    let subject = Subject { [$0[0]!.item() > 2 ? -$0[0]! : $0[0]!] }
    #expect(try subject.numbers(12) == (1...12).map { $0 > 2 ? -Double($0) : Double($0) })
    #expect(subject.calls == 12)
  }

  @Test func `A function that draws random numbers of its own runs as it is`() throws {
    var (generator, twin) = (RandomGenerator(seed: 1), RandomGenerator(seed: 1))
    let subject = Subject { x in
      [x[0]! * 0 + Variable(Tensor.normal([1], dtype: .float64, using: &generator))]
    }
    #expect(
      try subject.numbers(9)
        == (0..<9).map { _ in Tensor.normal([1], dtype: .float64, using: &twin).doubles()[0] })
  }

  @Test func `A function that makes and assigns a leaf runs as it is`() throws {
    let subject = Subject { x in
      let leaf = Variable(Tensor([0.0 as Double]))
      leaf.assign(x[0]! * 3)
      return [leaf + 1]
    }
    #expect(try subject.numbers(9) == (1...9).map { Double(3 * $0 + 1) })
    #expect(subject.calls == 9)
  }

  @Test func `A constant that differs from call to call is no plan`() throws {
    var count = 0.0
    let subject = Subject { x in
      count += 1
      return [x[0]! + Variable(count)]
    }
    #expect(try subject.numbers(9) == (1...9).map { Double(2 * $0) })
  }

  @Test func `Attributes that differ from call to call are no plan`() throws {
    var start = 0
    let subject = Subject { x in
      start = (start + 1) % 2
      return [concatenate([x[0]!, -x[0]!])[start..<start + 1]]
    }
    #expect(try subject.numbers(6) == [-1, 2, -3, 4, -5, 6])
  }

  @Test func `A choice that changes later is found out`() throws {
    var count = 0
    let subject = Subject { x in
      count += 1
      return [count > 3 ? x[0]! * 10 : x[0]!]
    }
    // The third call under way is the last of Swift's for a while.
    #expect(try subject.numbers(7) == [1, 2, 3, 4, 5, 6, 7])
    #expect(!subject.plan.hasChanged)
    #expect(try subject.numbers(1) == [10])
    #expect(subject.plan.hasChanged)
    #expect(try subject.numbers(2) == [10, 20])
  }

  @Test func `A reading that begins later is found out`() throws {
    var count = 0
    let subject = Subject { x in
      count += 1
      return [count > 3 ? Variable(x[0]!.item()) : x[0]!]
    }
    _ = try subject.numbers(8)
    #expect(subject.plan.hasChanged)
  }

  @Test func `What is nil stays nil, and tells plans apart`() throws {
    let subject = Subject { x in x.map { $0.map { $0 * 2 } } + [nil] }
    for number in 1...12 {
      let x = Variable(Tensor([Double(number)]))
      let results = try subject(number % 2 == 0 ? [x, nil] : [nil, x])
      #expect(
        results.map { $0?.item() }
          == (number % 2 == 0 ? [Double(2 * number), nil, nil] : [nil, Double(2 * number), nil]))
    }
    #expect(subject.calls == 6)
  }

  @Test func `Shapes, types and keys have plans of their own, up to a limit`() throws {
    let subject = Subject { [$0[0]!.sum()] }
    for _ in 0..<5 {
      for size in 1...9 {
        let result = try subject([Variable(Tensor.ones([size]))], key: [size % 2])
        #expect(result[0]?.item() == Double(size))
      }
    }
    #expect(subject.calls == 8 * 3 + 5)
  }

  @Test func `A leaf that is frozen makes a new plan`() throws {
    let w = Variable(Tensor([3.0 as Double]), requiresGradient: true)
    let subject = Subject { x in [gradients(of: (w * x[0]!).sum(), withRespectTo: [w])[0]] }
    #expect(try subject.numbers(5) == [1, 2, 3, 4, 5])
    w.requiresGradient = false
    #expect(try subject.numbers(5).allSatisfy(\.isNaN))
    #expect(!subject.plan.hasChanged)
  }

  @Test func `Errors pass, and leave no plan behind`() throws {
    var count = 0
    let subject = Subject { x in
      count += 1
      if count == 2 { throw Refusal() }
      return [x[0]! * 2]
    }
    #expect(try subject.numbers(1) == [2])
    #expect(throws: Refusal.self) { try subject.numbers(1) }
    #expect(try subject.numbers(5) == [2, 4, 6, 8, 10])
    #expect(subject.calls == 4)
  }

  @Test func `Inside of a compiled function it is a part of that`() {
    let plan = AutomaticPlan(isPure: true)
    let function = compile { x in plan([x]) { [$0[0]! * 2] }[0]! }
    for number in 1...5 {
      #expect(function(Variable(Tensor([Double(number)]))).item() == Double(2 * number))
    }
  }

  // MARK: Tensors

  private func run(_ subject: Subject, _ data: Tensor) throws -> [Double] {
    try subject([Variable(data)], tensors: [data])[0]!.value.doubles()
  }

  @Test func `Variables made of a tensor are the argument`() throws {
    let all = Tensor((0..<400).map(Double.init), shape: [20, 20])
    var data = all
    let subject = Subject { _ in
      [Variable(data).sum(axis: 1) + Variable(data[..., 1]) + Variable(data[..., every(2)]).sum()]
    }
    for row in 0..<10 {
      let x = all[row..<row + 4]
      data = x
      let ours = try run(subject, x)
      let expected =
        Variable(x).sum(axis: 1) + Variable(x[..., 1]) + Variable(x[..., every(2)]).sum()
      #expect(ours == expected.value.doubles())
    }
    #expect(subject.calls == 4)
  }

  @Test func `A tensor whose elements are read is no argument`() throws {
    let all = Tensor((0..<400).map { Double($0 / 100) }, shape: [20, 20])
    for read in [
      { (x: Tensor) in x.doubles()[0] }, { $0.array(of: Double.self)[0] }, { $0[0, 0] as Double },
      { $0.transposed().contiguous().doubles()[0] },
    ] {
      var data = all
      let subject = Subject { _ in [Variable(data) * 0 + Variable(read(data))] }
      for row in 0..<10 {
        let x = all[row..<row + 1]
        data = x
        #expect(try run(subject, x)[0] == Double(row / 5))
      }
    }
  }
}
