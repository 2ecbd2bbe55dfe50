import Autograd
import NN
import Testing

@Suite struct TransformTests {
  private let x = Tensor([[1, 10, 5], [2, 30, 5], [3, 20, 5]])

  @Test func `Standardizing agrees with scikit-learn`() throws {
    let reference = try References(topic: "data")("standardizer")
    let scaler = Standardizer(fitting: reference["x"])
    reference.expect(scaler.mean.value, equals: "mean", within: 1e-12)
    reference.expect(scaler.deviation.value, equals: "deviation", within: 1e-12)
    let new = reference.leaf("new")
    reference.expect(scaler(new).value, equals: "value")
    reference.expect(scaler.inverse(new).value, equals: "inverse")
    // Equal numbers, and numbers that are equal to within rounding.
    #expect(scaler.deviation.value.doubles()[1...2] == [1, 1])
  }

  @Test(arguments: [("minmax unit", 0.0...1.0), ("minmax symmetric", -1.0...2.0)])
  func `Scaling to a range agrees with scikit-learn`(
    name: String, range: ClosedRange<Double>
  ) throws {
    let reference = try References(topic: "data")(name)
    let scaler = MinMaxScaler(fitting: reference["x"], range: range)
    let new = reference.leaf("new")
    reference.expect(scaler(new).value, equals: "value")
    reference.expect(scaler.inverse(new).value, equals: "inverse")
    let own = scaler(Variable(reference["x"])).value.doubles()
    #expect(own.min() == range.lowerBound && own.max() == range.upperBound)
  }

  @Test func `One-hot codes agree with scikit-learn`() throws {
    let reference = try References(topic: "data")("onehot")
    let encoder = OneHotEncoder(fitting: reference["codes"], dtype: .float64)
    #expect(encoder.categories.map(\.count) == [3, 3])
    let codes = encoder(Variable(reference["seen"]))
    reference.expect(codes.value, equals: "value")
    #expect(encoder.inverse(codes).value.doubles() == reference["seen"].doubles())
    #expect(encoder.inverse(codes).dtype == .int64)
  }

  @Test func `The inverse undoes the transform in float32, with large offsets, too`() {
    let years: Tensor = [[2001, 1], [2003, 1], [2024, 1]]
    let transforms: [any FittedTransform] = [
      Standardizer(fitting: years), MinMaxScaler(fitting: years),
    ]
    for transform in transforms {
      let y = transform(Variable(years))
      #expect(y.dtype == .float32)
      for (value, expected) in zip(transform.inverse(y).value.doubles(), years.doubles()) {
        #expect(abs(value - expected) < 1e-3)
      }
    }
    // Means are taken in float64: float32 sums of 2001 would be off long before.
    let many = Tensor.full(2001.5, [100_000, 1])
    #expect(Standardizer(fitting: many).mean.item() == 2001.5)
  }

  @Test func `Channels of images are features`() {
    let images = Tensor.range(to: 48, dtype: .float64).reshaped(2, 2, 3, 4)
    let scaler = Standardizer(fitting: images, axes: [0, 2, 3])
    #expect(scaler.mean.shape == [2, 1, 1])
    let y = scaler(Variable(images))
    #expect(y.shape == [2, 2, 3, 4])
    expect(y.mean(axes: [0, 2, 3]), equals: [0, 0])
    expect(y.variance(axes: [0, 2, 3], correction: 0), equals: [1, 1])
    #expect(MinMaxScaler(fitting: images, axes: [0, 2, 3]).extent.shape == [2, 1, 1])
  }

  @Test func `One example, one feature, and more axes in front`() {
    let one = Standardizer(fitting: [[7]])
    #expect(one(Variable([[9]])).value.doubles() == [2])
    let scaler = Standardizer(fitting: x)
    #expect(scaler(Variable(x[0])).shape == [3])
    #expect(scaler(Variable(Tensor.zeros([4, 2, 3]))).shape == [4, 2, 3])
    #expect(scaler(Variable(Tensor.zeros([0, 3]))).shape == [0, 3])
  }

  @Test func `The numbers are saved with the model, and stay out of training`() throws {
    var generator = RandomGenerator(seed: 0)
    func model(_ scaler: Standardizer) -> Sequential {
      Sequential {
        scaler
        MinMaxScaler(shape: [3])
        Linear(inputs: 3, outputs: 1, using: &generator)
      }
    }
    let fitted = model(Standardizer(fitting: x)), fresh = model(Standardizer(shape: [3]))
    #expect(fitted.namedParameters.map(\.name) == ["2.weight", "2.bias"])
    fitted.unfreeze()
    #expect(fitted.parameters.count == 2)
    let state = fitted.state()
    #expect(
      Set(state.keys) == [
        "0.mean", "0.deviation", "1.minimum", "1.extent", "2.weight", "2.bias",
      ])
    let input = Variable(x)
    #expect(fresh(input).value.doubles() != fitted(input).value.doubles())
    try fresh.load(state)
    #expect(fresh(input).value.doubles() == fitted(input).value.doubles())
  }

  @Test func `Categories are saved with the model`() throws {
    let codes = Tensor([[3], [9], [4]], dtype: .int64)
    let fitted = OneHotEncoder(fitting: codes), fresh = OneHotEncoder(categoryCounts: [3])
    #expect(fitted.state().keys.sorted() == ["categories.0"])
    #expect(fresh(Variable(Tensor([[2]], dtype: .int64))).value.doubles() == [0, 0, 1])
    try fresh.load(fitted.state())
    #expect(fresh(Variable(codes)).value.doubles() == [1, 0, 0, 0, 0, 1, 0, 1, 0])
  }

  @Test func `Unknown values can become zeros`() {
    let encoder = OneHotEncoder(categoryCounts: [2, 3], unknown: .zeros)
    let codes = encoder(Variable(Tensor([[1, 7], [-1, 2]], dtype: .int64)))
    #expect(codes.value.doubles() == [0, 1, 0, 0, 0, 0, 0, 0, 0, 1])
    let probabilities = Variable([[0.4, 0.6, 0.2, 0.5, 0.3]])
    #expect(encoder.inverse(probabilities).value.array(of: Int.self) == [1, 1])
    #expect(encoder(Variable(Tensor([], dtype: .int64).reshaped(0, 2))).shape == [0, 5])
  }

  @Test func `Gradients flow through scaling`() {
    let x = double([1, 2, 3, 4, 7, 5], [3, 2], requiresGradient: true)
    let standardizer = Standardizer(fitting: x.value)
    let scaler = MinMaxScaler(fitting: x.value, range: -1...1)
    #expect(gradCheck({ square(standardizer($0[0])).sum() }, at: [x]).passed)
    #expect(gradCheck({ square(scaler($0[0])).sum() }, at: [x]).passed)
  }

  @Test func `Inputs that do not fit stop with an error`() async {
    let narrow = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      // One column would be broadcast to three.
      _ = Standardizer(fitting: Tensor.ones([2, 3]))(Variable(Tensor.zeros([4, 1])))
    }
    expect(
      narrow, says: "Standardizer([3]): the input float32 [4, 1] does not end with the features")
    let infinite = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = Standardizer(fitting: Tensor([1, .nan] as [Float], shape: [2, 1]))
    }
    expect(infinite, says: "Standardizer: cannot fit data with NaN or infinity")
    let empty = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = MinMaxScaler(fitting: Tensor.zeros([0, 3]))
    }
    expect(empty, says: "MinMaxScaler: cannot fit float32 [0, 3]")
    let unknown = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = OneHotEncoder(categoryCounts: [2, 3])(Variable(Tensor([[0, 3]], dtype: .int64)))
    }
    expect(unknown, says: "OneHotEncoder(2 + 3): 3 in column 1 is not one of", "[0, 1, 2]")
    let flat = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = OneHotEncoder(categoryCounts: [2])(Variable([[0]]))
    }
    expect(flat, says: "the input float32 [1, 1] is not int64")
  }
}
