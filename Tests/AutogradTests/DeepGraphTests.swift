import Autograd
import Testing

#if canImport(Darwin)
  import Darwin
#elseif canImport(Musl)
  import Musl
#else
  import Glibc
#endif

/// Runs a closure on a thread whose stack is as small as those of Darwin's worker threads, and
/// returns its result.
///
/// Whatever recurses into a graph overflows it within a few thousand nodes.
private func withSmallStack<Result>(_ body: @escaping () -> Result) throws -> Result {
  let task = SmallStackTask { body() }
  var attributes = pthread_attr_t()
  pthread_attr_init(&attributes)
  defer { pthread_attr_destroy(&attributes) }
  try #require(pthread_attr_setstacksize(&attributes, 512 << 10) == 0)
  let context = Unmanaged.passUnretained(task).toOpaque()
  #if canImport(Darwin)
    var thread: pthread_t?
    try #require(pthread_create(&thread, &attributes, { runTask($0) }, context) == 0)
    if let thread { pthread_join(thread, nil) }
  #else
    var thread = pthread_t()
    try #require(pthread_create(&thread, &attributes, { runTask($0) }, context) == 0)
    pthread_join(thread, nil)
  #endif
  return try #require(task.result as? Result)
}

private final class SmallStackTask {
  let body: () -> Any
  var result: Any?
  init(_ body: @escaping () -> Any) { self.body = body }
}

private func runTask(_ context: UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? {
  guard let context else { return nil }
  let task = Unmanaged<SmallStackTask>.fromOpaque(context).takeUnretainedValue()
  task.result = task.body()
  return nil
}

/// Graphs that are too deep or too wide for anything recursive: forward, backward and release.
@Suite(.serialized, .timeLimit(.minutes(5))) struct DeepGraphTests {
  /// The gradient at the leaf, and how many nodes remain.
  private func measure(_ build: @escaping (Variable) -> Variable) throws -> (Double, Int) {
    try withSmallStack {
      let before = liveNodeCount()
      var found = 0.0
      do {
        let x = scalar(1)
        found = gradient(of: build(x), withRespectTo: x).item()
      }
      return (found, liveNodeCount() - before)
    }
  }

  @Test func chainOfTenMillion() throws {
    let result = try measure { x in
      var y = x
      for _ in 0..<10_000_000 { y = -y }
      return y
    }
    #expect(result == (1, 0))
  }

  @Test func chainThroughSecondInputs() throws {
    let result = try measure { x in
      var y = x
      let one = constant(1).squeezed()
      for _ in 0..<200_000 { y = one + y }
      return y
    }
    #expect(result == (1, 0))
  }

  @Test func chainWithBothInputsTheSame() throws {
    let result = try measure { x in
      var y = x
      for _ in 0..<1_000 { y = y + y }
      return y
    }
    #expect(result == (0x1p1000, 0))
  }

  @Test(arguments: [1, 2])
  func chainThroughThreeInputs(place: Int) throws {
    let result = try measure { x in
      let condition = Variable(Tensor([place == 1], shape: []))
      let other = constant(0).squeezed()
      var y = x
      for _ in 0..<200_000 {
        y = place == 1 ? select(condition, y, other) : select(condition, other, y)
      }
      return y
    }
    #expect(result == (1, 0))
  }

  @Test func chainThroughOwnOperations() throws {
    let negation = DifferentiableFunction("negation") {
      -$0[0]
    } derivative: { _, _, g in
      [-g]
    }
    let sum = DifferentiableFunction("sum") {
      $0[0] + $0[1] + $0[2]
    } derivative: { _, _, g in
      [nil, nil, g]
    }
    let result = try measure { x in
      let zero = constant(0).squeezed()
      var y = x
      for _ in 0..<50_000 { y = sum(zero, zero, negation(y)) }
      return y
    }
    #expect(result == (1, 0))
  }

  @Test func chainThroughViews() throws {
    let result = try withSmallStack {
      let before = liveNodeCount()
      var found: [Double] = []
      do {
        let x = Variable(Tensor.ones([8, 8], dtype: .float64), requiresGradient: true)
        var y = x
        for _ in 0..<100_000 { y = y.transposed() }
        found = gradient(of: y.sum(), withRespectTo: x).array(of: Double.self)
      }
      return (found.allSatisfy { $0 == 1 }, liveNodeCount() - before)
    }
    #expect(result == (true, 0))
  }

  @Test func wideTree() throws {
    let result = try measure { x in
      var level = (0..<(1 << 17)).map { _ in x * x }
      while level.count > 1 {
        level = stride(from: 0, to: level.count, by: 2).map { level[$0] + level[$0 + 1] }
      }
      return level[0]
    }
    #expect(result == (0x1p18, 0))
  }

  @Test func wideFanOut() throws {
    let result = try measure { x in
      let shared = 2 * x
      var sum = shared
      for _ in 1..<200_000 { sum = sum + shared }
      return sum
    }
    #expect(result == (400_000, 0))
  }

  @Test func deepSecondDerivative() throws {
    let result = try withSmallStack {
      let before = liveNodeCount()
      var found = 0.0
      do {
        let x = scalar(0.5)
        var y = x * x
        for _ in 1..<50_000 { y = y + x * x }
        let first = gradient(of: y, withRespectTo: x, createGraph: true)
        found = gradient(of: first, withRespectTo: x).item()
      }
      return (found, liveNodeCount() - before)
    }
    #expect(result == (100_000, 0))
  }

  @Test func accumulatedGradientsDoNotFormAChain() {
    // Adding to `gradient` outside of recording keeps one node, however often it happens.
    let x = scalar(1)
    (x * x).backward()
    let before = liveNodeCount()
    for _ in 0..<1_000 { (x * x).backward() }
    #expect(liveNodeCount() == before)
    #expect(x.gradient?.item() == 2_002)
  }
}
