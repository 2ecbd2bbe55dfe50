import Autograd
import Oracles

// The samples of an operation: ranks 0 to 5, no elements, one element, sizes around those of vector
// registers, views, ties, and the numbers at which formulas break.

/// One input of a structured operation, before it has numbers.
enum InputSpec: Sendable {
  case real([Int], SampleDomain = .any)
  /// 0 or 1.
  case mask([Int])
  /// Integers from 0 up to, but without, the limit.
  case index([Int], Int)

  func input(_ random: inout SplitMix64) -> SampleInput {
    switch self {
    case .real(let shape, let domain): SampleInput(values: random.array(shape, domain))
    case .mask(let shape):
      SampleInput(values: random.mask(shape).map { $0 ? 1 : 0 }, isDifferentiable: false)
    case .index(let shape, let limit):
      SampleInput(
        values: random.indices(shape, in: 0..<limit).map { WideFloat($0) }, isDifferentiable: false)
    }
  }
}

extension SampleInput {
  /// An input in a layout; an expanded one repeats its first row.
  init(_ values: WideArray, _ layout: SampleLayout) {
    let isExpanded = layout == .expanded && values.rank > 0 && values.count > 0
    let row = isExpanded ? values.selecting([0], axis: 0) : values
    self.init(values: row.broadcast(to: values.shape), layout: layout)
  }
}

/// The shapes of the inputs and the integers of an operation.
struct SampleSpec: Sendable {
  var inputs: [InputSpec]
  var integers: [Int]

  init(_ inputs: InputSpec..., integers: [Int] = []) {
    self.inputs = inputs
    self.integers = integers
  }
}

extension OperationCase {
  /// A structured operation: each specification gives a dense sample and two that are views; the
  /// first one also a sample with repeated numbers, one with tiny and one with huge numbers, and
  /// one with NaN and infinities.
  static func structured(
    _ name: String, _ specs: [SampleSpec], toleratesTies: Bool = true, _ form: @escaping Form
  ) -> OperationCase {
    var samples: [OperationSample] = []
    let views: [SampleLayout] = [.transposed, .sliced, .reversed]
    for (number, spec) in specs.enumerated() {
      var random = seeded(name, "\(number)")
      let sample = OperationSample(spec: spec, name, &random)
      samples.append(sample)
      guard sample.inputs.contains(where: { $0.values.rank > 0 && $0.values.count > 0 }) else {
        continue
      }
      for offset in 0..<2 { samples.append(sample.with(views[(number + offset) % 3])) }
    }
    let first = samples[0]
    if toleratesTies { samples.append(first.mapped("ties") { $0 < 0 ? -0.5 : 0.5 }) }
    samples.append(first.mapped("tiny") { $0 * 0x1p-40 })
    samples.append(first.mapped("huge") { $0 * 0x1p40 })
    samples.append(first.with(.expanded))
    let numbers = [("NaN", WideFloat.nan), ("infinite", .infinity), ("minus infinite", -.infinity)]
    for (label, number) in numbers {
      var special = first.mapped(label) { $0 }
      special.isSpecial = true
      let place = special.inputs.firstIndex { $0.isDifferentiable && $0.values.count > 0 } ?? 0
      special.inputs[place].values.elements[0] = number
      samples.append(special)
    }
    // Few specifications: more numbers for each.
    var round = specs.count
    while samples.count < 24 {
      var random = seeded(name, "\(round)")
      var sample = OperationSample(spec: specs[round % specs.count], name, &random)
      sample.label += " \(round)"
      samples.append(sample)
      round += 1
    }
    return OperationCase(name: name, form: form, samples: samples)
  }

  /// An element-by-element operation of one variable.
  static func unary(
    _ name: String, _ domain: SampleDomain = .any, singular: [Double] = [],
    omitting omitted: WideFloat? = nil, _ form: @escaping @Sendable (Variable) -> Variable
  ) -> OperationCase {
    let shapes: [[Int]] = [
      [], [1], [0], [3, 0, 2], [5], [2, 3], [2, 1, 3], [2, 1, 2, 2], [1, 2, 1, 2, 3], [15], [16],
      [17], [31], [32], [33],
    ]
    let views: [([Int], SampleLayout)] = [
      ([4, 5], .transposed), ([3, 2, 4], .transposed), ([4, 5], .sliced), ([2, 3, 2], .sliced),
      ([4, 5], .reversed), ([3, 7], .expanded),
    ]
    var samples: [OperationSample] = []
    for (shape, layout) in shapes.map({ ($0, .dense) }) + views {
      var random = seeded(name, "\(shape)", layout.rawValue)
      samples.append(
        OperationSample(
          name: name, label: "\(shape) \(layout)",
          inputs: [SampleInput(random.array(shape, domain), layout)]))
    }
    let ties: [WideFloat] = [-1, -0.5, 0, 0.5, 1, -1, -0.5, 0, 0.5]
    samples.append(.special(name, "ties", [WideArray(ties)]))
    let special = floatSpecials.filter { $0 != omitted }
    samples.append(.special(name, "special", [WideArray(special)]))
    var large = samples[0]
    var random = seeded(name, "large")
    large.label = "[1029]"
    large.inputs = [SampleInput(values: random.array([1029], domain))]
    large.isLarge = true
    samples.append(large)
    return OperationCase(
      name: name, form: { x, _ in form(x[0]) }, samples: samples, isElementwise: true,
      singularPoints: singular)
  }

  /// An element-by-element operation of two variables that broadcast.
  static func binary(
    _ name: String, _ left: SampleDomain = .any, _ right: SampleDomain = .any,
    _ form: @escaping @Sendable (Variable, Variable) -> Variable
  ) -> OperationCase {
    let pairs: [([Int], [Int])] = [
      ([], []), ([1], [1]), ([0], [0]), ([2, 0], [1, 0]), ([1], [0]), ([5], [5]),
      ([2, 3], [2, 3]),
      ([2, 3], [3]), ([3], [2, 3]), ([2, 1], [1, 3]), ([], [4]), ([4], []), ([2, 1, 3], [4, 1]),
      ([1, 2, 1, 2, 3], [2, 1, 1]), ([2, 3, 1, 2], [3, 2, 1]), ([15], [15]), ([16], [16]),
      ([17], []), ([31], [1]), ([33], [33]),
    ]
    let views: [([Int], SampleLayout, [Int], SampleLayout)] = [
      ([3, 4], .transposed, [3, 4], .dense), ([3, 4], .dense, [4], .sliced),
      ([3, 4], .reversed, [3, 4], .sliced), ([3, 4], .expanded, [3, 4], .transposed),
      ([2, 3, 2], .sliced, [3, 1], .transposed),
    ]
    var samples: [OperationSample] = []
    let all = pairs.map { ($0.0, SampleLayout.dense, $0.1, SampleLayout.dense) } + views
    for (a, aLayout, b, bLayout) in all {
      var random = seeded(name, "\(a) \(b)", aLayout.rawValue, bLayout.rawValue)
      samples.append(
        OperationSample(
          name: name, label: "\(a) \(aLayout), \(b) \(bLayout)",
          inputs: [
            SampleInput(random.array(a, left), aLayout),
            SampleInput(random.array(b, right), bLayout),
          ]))
    }
    var random = seeded(name, "twice")
    var twice = samples[0]
    twice.label = "the same [2, 3] twice"
    twice.inputs = [SampleInput(values: random.array([2, 3], left == .any ? right : left))]
    twice.copies = 2
    samples.append(twice)
    // A zero on one side is inside of many domains, and often where a rule takes a short cut.
    for (side, domain) in [left, right].enumerated() where domain == .any {
      var zeros = samples[5]
      zeros.label += " zeros \(side)"
      zeros.inputs[side].values = WideArray([0, 1, 0, 1, 0])
      if side == 0 || right == .any {
        zeros.inputs[1 - side].values = WideArray([0.5, 1, 2, 0.75, 3])
      }
      samples.append(zeros)
    }
    let ties: [WideFloat] = [-1, -0.5, 0, 0.5, 1]
    samples.append(.special(name, "ties", grid(ties)))
    samples.append(.special(name, "special", grid(floatSpecials)))
    return OperationCase(
      name: name, form: { x, _ in form(x[0], x[1]) }, samples: samples, isElementwise: true)
  }

  /// The operation with samples of so many elements that the work is split among threads, at the
  /// borders of the parts (Kernels/split.h: 32,768 elements).
  func splitAmongThreads(_ sizes: [Int] = [32_767, 32_768, 32_769, 65_537]) -> OperationCase {
    var result = self
    for size in sizes {
      var random = seeded(name, "\(size)")
      var sample = samples.first { $0.inputs[0].values.rank == 1 } ?? samples[0]
      sample.label = "[\(size)] \(sample.integers)"
      sample.inputs = sample.inputs.map { _ in SampleInput(values: random.array([size], .positive))
      }
      sample.isLarge = true
      result.samples.append(sample)
    }
    return result
  }

  /// All pairs of some numbers.
  private static func grid(_ values: [WideFloat]) -> [WideArray] {
    [
      WideArray(values.flatMap { a in values.map { _ in a } }),
      WideArray(values.flatMap { _ in values }),
    ]
  }
}

extension SampleSpec {
  fileprivate var label: String {
    let shapes = inputs.map { input in
      switch input {
      case .real(let shape, _), .mask(let shape), .index(let shape, _): "\(shape)"
      }
    }
    return shapes.joined(separator: ", ") + (integers.isEmpty ? "" : " \(integers)")
  }
}

extension OperationSample {
  fileprivate init(spec: SampleSpec, _ name: String, _ random: inout SplitMix64) {
    self.init(
      name: name, label: spec.label, inputs: spec.inputs.map { $0.input(&random) },
      integers: spec.integers)
  }

  fileprivate static func special(
    _ name: String, _ label: String, _ values: [WideArray]
  ) -> OperationSample {
    OperationSample(
      name: name, label: label, inputs: values.map { SampleInput(values: $0) },
      isSpecial: true)
  }

  /// The sample with its differentiable inputs as views.
  fileprivate func with(_ layout: SampleLayout) -> OperationSample {
    var result = self
    result.label += " \(layout)"
    for i in inputs.indices where inputs[i].isDifferentiable {
      result.inputs[i] = SampleInput(inputs[i].values, layout)
    }
    return result
  }

  /// The sample with other numbers in its differentiable inputs.
  fileprivate func mapped(
    _ label: String, _ change: (WideFloat) -> WideFloat
  ) -> OperationSample {
    var result = self
    result.label += " " + label
    for i in inputs.indices where inputs[i].isDifferentiable {
      result.inputs[i].values = inputs[i].values.map(change)
    }
    return result
  }
}

/// The special values, rounded to Float, so that all runs start from the same numbers.
private let floatSpecials = specialValues.map { WideFloat(Float($0)) }
