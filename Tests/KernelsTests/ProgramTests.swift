import Kernels
import Testing

extension GlobalStateTests {
  /// Programs, whose steps may run in chains, give the bits of their steps one by one.
  @Suite struct ProgramTests {
    @Test func float32() { check(Float.self) }

    @Test func float64() { check(Double.self) }

    private func check<T: Real>(_ type: T.Type) {
      forEachInstructionSet { set in
        var random = SplitMix(state: 31)
        for number in 0..<150 {
          let count = [1, 2, 3, 7, 15, 16, 17, 31, 63, 64, 65, 99, 130, 600, 1100][number % 15]
          let program = RandomSteps<T>(count: count, using: &random)
          let (results, expected) = (program.run(), program.expected())
          #expect(
            zip(results, expected).allSatisfy { identical($0, $1) },
            "program \(number) of \(count) elements on set \(set.rawValue)")
        }
      }
    }

    @Test func rowsBeginAnywhere() {
      var random = SplitMix(state: 32)
      for columns in [1, 5, 33, 99, 257] {
        let program = RandomSteps<Double>(count: columns * 7, using: &random)
        let expected = program.expected()
        #expect(
          zip(program.run(columns: columns), expected).allSatisfy { identical($0, $1) },
          "\(columns) columns")
      }
    }
  }
}

/// Operations at random on three arrays and two numbers, whose results are written to three arrays.
private struct RandomSteps<T: Real> {
  private static var inputCount: Int { 5 }
  private static var registerCount: Int { 6 }
  private static var outputCount: Int { 3 }

  private let count: Int
  private let inputs: [[T]]
  private let steps: [KStep]

  init(count: Int, using random: inout SplitMix) {
    self.count = count
    inputs = (0..<Self.inputCount).map { number in
      (0..<(number < 3 ? count : 1)).map { _ in T.random(in: -3...3, using: &random) }
    }
    // sin has no chain: others end with it and begin anew.
    let unaries: [KUnary] = [
      .negate, .absolute, .square, .squareRoot, .reciprocalSquareRoot, .reciprocal, .exp, .log,
      .tanh, .sigmoid, .relu, .sin,
    ]
    let binaries: [KBinary] = [.add, .subtract, .multiply, .divide, .maximum, .minimum]
    let length = Int.random(in: 1...24, using: &random)
    /// Places that hold something: inputs, then registers and results as they are written.
    var filled = (0..<Self.inputCount).map { Int16(-1 - $0) }
    var last = filled[0]
    var steps: [KStep] = []
    for number in 0..<length {
      func place() -> Int16 {
        Bool.random(using: &random) ? last : filled.randomElement(using: &random)!
      }
      let isOutput = number >= length - Self.outputCount
      let out =
        isOutput
        ? Int16(-1 - Self.inputCount - (length - 1 - number))
        : Int16(Int.random(in: 0..<Self.registerCount, using: &random))
      let isUnary = Int.random(in: 0..<3, using: &random) == 0
      let (a, b) = (place(), place())
      steps.append(
        KStep(
          kind: isUnary ? .unary : .binary,
          op: isUnary
            ? unaries.randomElement(using: &random)!.rawValue
            : binaries.randomElement(using: &random)!.rawValue,
          from: T.kernelType, to: T.kernelType, out: out, in: (a, b, a), repeats: false, loop: nil,
          chain_length: 0, first_link: 0))
      if !filled.contains(out) { filled.append(out) }
      last = out
    }
    self.steps = steps
  }

  /// The results of the steps one by one.
  func expected() -> [[T]] {
    var places: [Int16: [T]] = [:]
    for (number, input) in inputs.enumerated() { places[Int16(-1 - number)] = input }
    for step in steps {
      let a = spread(places[step.in.0]!)
      places[step.out] =
        step.kind == .unary
        ? unary(KUnary(rawValue: step.op)!, a)
        : binary(KBinary(rawValue: step.op)!, a, spread(places[step.in.1]!))
    }
    return (0..<Self.outputCount).map { places[Int16(-1 - Self.inputCount - $0)] ?? [] }
  }

  private func spread(_ x: [T]) -> [T] {
    x.count == count ? x : Array(repeating: x[0], count: count)
  }

  /// The results of the program, as one row or as several.
  func run(columns: Int? = nil) -> [[T]] {
    var steps = steps
    var links = [KLink](repeating: KLink(), count: steps.count * Int(K_MAX_LINKS))
    let arrays = inputs + (0..<Self.outputCount).map { _ in [T](repeating: 99, count: count) }
    let memory = arrays.map { array in
      let memory = UnsafeMutablePointer<T>.allocate(capacity: array.count)
      memory.initialize(from: array, count: array.count)
      return memory
    }
    defer { for array in memory { array.deallocate() } }
    var operands: [KOperand] = []
    for (number, array) in arrays.enumerated() {
      var operand = KOperand()
      operand.type = T.kernelType
      let isSingle = number < Self.inputCount && array.count == 1
      operand.access = isSingle && (count > 1 || number >= 3) ? .single : .flat
      operand.data = UnsafeMutableRawPointer(memory[number])
      operands.append(operand)
    }
    var program = KProgram()
    program.step_count = Int32(steps.count)
    program.operand_count = Int32(operands.count)
    program.rank = columns == nil ? 1 : 2
    program.row_rank = columns == nil ? 0 : 1
    program.columns = Int64(columns ?? count)
    program.rows = Int64(count) / program.columns
    program.shape.0 = columns == nil ? Int64(count) : program.rows
    program.shape.1 = program.columns
    steps.withUnsafeMutableBufferPointer { steps in
      links.withUnsafeMutableBufferPointer { links in
        operands.withUnsafeMutableBufferPointer { operands in
          program.steps = steps.baseAddress
          program.links = links.baseAddress
          program.operands = operands.baseAddress
          k_prepare_program(&program)
          k_run_program(&program)
        }
      }
    }
    let wasWritten = Set(steps.map(\.out))
    return (0..<Self.outputCount).map {
      wasWritten.contains(Int16(-1 - Self.inputCount - $0))
        ? Array(UnsafeBufferPointer(start: memory[Self.inputCount + $0], count: count)) : []
    }
  }
}
