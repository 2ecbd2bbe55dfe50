import Autograd
import NN
import Testing

// Values and gradients are PyTorch's, in float64.

private let prediction = [0.5, -1.25, 2.0, 0.0]
private let target = [0.0, -1.0, 3.5, 0.0]

/// Compares a loss and its gradient, and runs the second derivative.
private func expectLoss(
  at point: [Double], _ shape: Shape? = nil, value: [Double], gradient expected: [Double],
  sourceLocation: SourceLocation = #_sourceLocation, _ loss: (Variable) -> Variable
) {
  let x = double(point, shape, requiresGradient: true)
  let y = loss(x)
  expect(y, equals: value, sourceLocation: sourceLocation)
  let slope = gradient(of: y.sum(), withRespectTo: x, createGraph: true)
  expect(slope, equals: expected, sourceLocation: sourceLocation)
  let curvature = gradients(of: square(slope).sum(), withRespectTo: [x])[0]
  #expect(
    curvature?.value.doubles().allSatisfy { $0.isFinite } ?? true, sourceLocation: sourceLocation)
}

@Suite struct RegressionLossTests {
  @Test func `Mean squared error`() {
    expectLoss(at: prediction, value: [0.640625], gradient: [0.25, -0.125, -0.75, 0]) {
      meanSquaredError($0, double(target))
    }
    expectLoss(at: prediction, value: [2.5625], gradient: [1, -0.5, -3, 0]) {
      meanSquaredError($0, double(target), reduction: .sum)
    }
    expectLoss(at: prediction, value: [0.25, 0.0625, 2.25, 0], gradient: [1, -0.5, -3, 0]) {
      meanSquaredError($0, double(target), reduction: .none)
    }
  }

  @Test func `Mean absolute error`() {
    expectLoss(at: prediction, value: [0.5625], gradient: [0.25, -0.25, -0.25, 0]) {
      meanAbsoluteError($0, double(target))
    }
  }

  @Test func `Huber's loss`() {
    expectLoss(at: prediction, value: [0.25], gradient: [0.125, -0.0625, -0.1875, 0]) {
      huber($0, double(target), delta: 0.75)
    }
  }

  @Test func `Shapes that would broadcast are an error that names both`() async {
    let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = meanSquaredError(Variable(Tensor.zeros([4, 1])), Variable(Tensor.zeros([4])))
    }
    expect(
      result,
      says: "meanSquaredError: shapes differ: the prediction is [4, 1], the target [4]",
      "losses do not broadcast")
    let types = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = huber(Variable(Tensor.zeros([4])), Variable(Tensor.zeros([4], dtype: .float64)))
    }
    expect(types, says: "huber: types differ: the prediction is float32, the target float64")
  }
}

@Suite struct BinaryLossTests {
  private let labels = [0.0, 1.0, 0.25, 1.0]
  private let logits = [0.3, -2.0, 40.0, -800.0]

  @Test func `Cross-entropy of probabilities`() {
    expectLoss(
      at: [0.2, 0.9, 0.5, 0.001], value: [1.9823516316285295],
      gradient: [0.31249999999999994, -0.2777777777777778, 0.25, -249.99999999999997]
    ) { binaryCrossEntropy($0, double(labels)) }
  }

  @Test func `Certainty costs at most 100, and gradients stay finite`() {
    let p = double([0, 1, 0, 1], requiresGradient: true)
    let losses = binaryCrossEntropy(p, double([1, 0, 0, 1]), reduction: .none)
    expect(losses, equals: [100, 100, 0, 0])
    losses.sum().backward()
    // The limited logarithm is constant; the other one has the slope ±1.
    expect(p.gradient, equals: [0, 0, 1, -1])
  }

  @Test func `Cross-entropy of logits`() {
    expectLoss(
      at: logits, value: [208.24532081387787],
      gradient: [0.14361062920291476, -0.2201992694944706, 0.1875, -0.25]
    ) { binaryCrossEntropyWithLogits($0, double(labels)) }
  }

  @Test func `Positive weights, one for all or one for each class`() {
    let value = [509.04291881801896]
    let slope = [0.14361062920291476, -0.5504981737361765, 0.1875, -0.625]
    expectLoss(at: logits, value: value, gradient: slope) {
      binaryCrossEntropyWithLogits($0, double(labels), positiveWeight: double([2.5], []))
    }
    expectLoss(at: logits, [2, 2], value: value, gradient: slope) {
      binaryCrossEntropyWithLogits(
        $0, double(labels, [2, 2]), positiveWeight: double([2.5, 2.5]))
    }
  }

  @Test func `Weights of another shape are an error`() async {
    let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      let x = Variable(Tensor.zeros([4, 1]))
      _ = binaryCrossEntropyWithLogits(x, x, positiveWeight: Variable(Tensor.zeros([3])))
    }
    expect(result, says: "the positive weight [3] is not that of the last axes", "logits [4, 1]")
  }
}

@Suite struct ClassLossTests {
  private let logits = [1.0, -0.5, 2.0, 0.25, 0.0, -3.0, 5.0, 1.0, 1.0, -1.0, -2.0, 0.5]
  private let weights = double([0.5, 2.0, 1.25])
  private let indices = Variable([2, 0, 1, 2] as [Int])
  private let ignoring = Variable([2, -100, 1, 0] as [Int])

  @Test func `Cross-entropy with class indices`() {
    expectLoss(
      at: logits, [4, 3], value: [1.317846605362938],
      gradient: [
        0.06342904540875631, 0.01415293306011782, -0.0775819784688741, -0.11245409336548001,
        0.1071208597952305, 0.005333233570249509, 0.24116578899297594, -0.24558289449648799,
        0.004417105503512013, 0.042738195049447564, 0.01572250331146688, -0.05846069836091444,
      ]
    ) { crossEntropy($0, classIndices: indices) }
    expectLoss(
      at: logits, [4, 3], value: [9.168087859093028],
      gradient: [
        0.31714522704378156, 0.0707646653005891, -0.3879098923443705, -0.22490818673096002,
        0.214241719590461, 0.010666467140499018, 1.9293263119438075, -1.9646631559719039,
        0.0353368440280961, 0.21369097524723782, 0.0786125165573344, -0.2923034918045722,
      ]
    ) { crossEntropy($0, classIndices: indices, weights: weights, reduction: .sum) }
  }

  @Test func `Ignored examples do not count`() {
    expectLoss(
      at: logits, [4, 3], value: [2.057961077136003],
      gradient: [
        0.0845720605450084, 0.018870577413490425, -0.1034426379584988, 0, 0, 0,
        0.3215543853239679, -0.3274438593286506, 0.0058894740046826835, -0.2763490732674032,
        0.020963337748622503, 0.25538573551878074,
      ]
    ) { crossEntropy($0, classIndices: ignoring, ignoreIndex: -100) }
  }

  @Test func `Weights, ignored examples and label smoothing together`() {
    expectLoss(
      at: logits, [4, 3], value: [2.498712811347616],
      gradient: [
        0.08012761610056397, 0.001092799635712651, -0.08122041573627661, 0, 0, 0,
        0.4907493089544661, -0.4887079878105665, -0.0020413211438997793, -0.09823168481411662,
        -0.008134642413411426, 0.10636632722752802,
      ]
    ) {
      crossEntropy(
        $0, classIndices: ignoring, weights: weights, ignoreIndex: -100, labelSmoothing: 0.1)
    }
    let losses = crossEntropy(
      double(logits, [4, 3]), classIndices: ignoring, weights: weights, ignoreIndex: -100,
      labelSmoothing: 0.1, reduction: .none)
    expect(
      losses, equals: [0.6477571231491869, 0, 7.702587710348605, 1.0198282090557687])
  }

  @Test func `Cross-entropy with probabilities`() {
    let probabilities = double(
      [0.2, 0.3, 0.5, 1, 0, 0, 0.1, 0.8, 0.1, 0.25, 0.25, 0.5], [4, 3])
    expectLoss(
      at: logits, [4, 3], value: [2.783040681620727],
      gradient: [
        0.05690110065936976, -0.13302017735996144, 0.07611907670059169, -0.03757777035181768,
        0.04492782771559087, -0.007350057363773199, 0.3999914048737344, -0.36905820243686727,
        -0.030933202436867226, 0.021131077145142785, -0.10951353752733309, 0.08838246038219029,
      ]
    ) {
      crossEntropy($0, probabilities: probabilities, weights: weights, labelSmoothing: 0.1)
    }
  }

  @Test func `A masked class without probability does not count`() {
    let x = double([1, 2, -.infinity], [1, 3], requiresGradient: true)
    let loss = crossEntropy(x, probabilities: double([0.5, 0.5, 0], [1, 3]))
    expect(loss, equals: [0.8132616875182229])
    loss.backward()
    expect(x.gradient, equals: [-0.2310585786300049, 0.2310585786300049, 0])
  }

  @Test func `Classes lie along axis 1 of more axes, or along the only one`() {
    expectLoss(
      at: (0..<12).map { Double($0) * 0.3 - 1 }, [2, 3, 2], value: [1.1369279306044675],
      gradient: [
        -0.07279937674195663, 0.03539286249293451, 0.025796000059204828, 0.06449000014801207,
        0.047003376682751806, -0.09988286264094658, 0.056628579988695214, 0.05662857998869524,
        -0.24464208671970242, -0.24464208671970242, 0.18801350673100722, 0.18801350673100717,
      ]
    ) {
      let indices = Variable([0, 2, 1, 1] as [Int], shape: [2, 2])
      return crossEntropy($0, classIndices: indices, weights: weights)
    }
    let single = crossEntropy(
      double([1, -0.5, 2]), classIndices: Variable([2] as [Int], shape: []))
    expect(single, equals: [0.37153903185268283])
  }

  @Test func `Negative log-likelihood`() {
    let logProbabilities = logSoftmax(double(logits, [4, 3]), axis: 1).value.doubles()
    expectLoss(
      at: logProbabilities, [4, 3], value: [1.8336175718186056],
      gradient: [0, 0, -0.25, -0.1, 0, 0, 0, -0.4, 0, 0, 0, -0.25]
    ) { negativeLogLikelihood($0, classIndices: indices, weights: weights) }
  }

  @Test func `Targets that do not fit are errors`() async {
    let shapes = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = crossEntropy(
        Variable(Tensor.zeros([4, 3])), classIndices: Variable([0, 1] as [Int]))
    }
    expect(shapes, says: "the class indices are int64 [2], not int64 [4]", "[4, 3]")
    let type = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = crossEntropy(Variable(Tensor.zeros([2, 3])), classIndices: Variable([0, 1] as [Float]))
    }
    expect(type, says: "the class indices are float32 [2], not int64 [2]")
    let range = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = crossEntropy(Variable(Tensor.zeros([2, 3])), classIndices: Variable([0, 3] as [Int]))
    }
    expect(range, says: "3")
  }
}
