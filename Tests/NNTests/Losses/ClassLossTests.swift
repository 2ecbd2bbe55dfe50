import Autograd
import NN
import Testing

// Values and gradients are PyTorch's, in float64.

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
    expect(type, says: "the class indices are float32 [2], not int64 [2]", "cast(to: .int64)")
    let column = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      let labels = Variable([0, 1] as [Int], shape: [2, 1])
      _ = crossEntropy(Variable(Tensor.zeros([2, 3])), classIndices: labels)
    }
    expect(column, says: "the class indices are int64 [2, 1]", "squeezed(axis: -1)")
  }

  @Test func `A label out of range is named with its place and the number of classes`() async {
    let range = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      let scores = Variable(Tensor.zeros([2, 3, 2]))
      _ = crossEntropy(scores, classIndices: Variable([0, 2, 1, 3] as [Int], shape: [2, 2]))
    }
    expect(range, says: "crossEntropy: the label 3 at [1, 1] is not one of the 3 classes 0..<3")
    let negative = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = negativeLogLikelihood(
        Variable(Tensor.zeros([2, 3])), classIndices: Variable([0, -100] as [Int]))
    }
    expect(
      negative, says: "negativeLogLikelihood: the label -100 at [1]",
      "ignoreIndex: -100 would leave such examples out")
    let focal = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = NN.focal(
        Variable(Tensor.zeros([2, 3])), classIndices: Variable([7, -1] as [Int]), ignoreIndex: -1)
    }
    expect(focal, says: "focal: the label 7 at [0]")
  }
}
