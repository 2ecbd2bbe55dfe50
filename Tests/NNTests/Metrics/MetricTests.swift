import Autograd
import NN
import Testing

/// Forms of predictions and targets, conventions and edges.
@Suite struct MetricTests {
  private let all: [any Metric] = [
    BinaryAccuracy(), MeanAbsoluteError(), MeanSquaredError(), RootMeanSquaredError(), RSquared(),
    AreaUnderROC(), AveragePrecision(), CategoricalAccuracy(), Perplexity(),
    MeanMetric("hinge") { hinge($0, $1, reduction: .none) },
  ]

  @Test func `Without examples the value is NaN, also after a reset`() {
    for var metric in all {
      #expect(metric.value.isNaN, "\(metric.name)")
      let takesIndices = metric is CategoricalAccuracy || metric is Perplexity
      let target = takesIndices ? Variable([0] as [Int]) : Variable([[1, 0]])
      metric.update(prediction: Variable([[0.5, 0.25]]), target: target)
      #expect(!metric.value.isNaN, "\(metric.name)")
      metric.reset()
      #expect(metric.value.isNaN, "\(metric.name)")
      metric.update(
        prediction: Variable(Tensor.zeros([0, 2])),
        target: takesIndices ? Variable([] as [Int]) : Variable(Tensor.zeros([0, 2])))
      #expect(metric.value.isNaN, "\(metric.name)")
    }
  }

  @Test func `float32 and float64 outputs give one value, and nothing is recorded`() {
    let w = Variable([[0.25, 0.75], [2, -1.5]], requiresGradient: true)
    let before = liveNodeCount()
    for var metric in all {
      let takesIndices = metric is CategoricalAccuracy || metric is Perplexity
      let target = takesIndices ? Variable([0, 1] as [Int]) : Variable([[1, 0], [0, 1]])
      metric.update(prediction: 2 * w, target: target)
      let single = metric.value
      metric.reset()
      metric.update(
        prediction: (2 * w).cast(to: .float64),
        target: takesIndices ? target : target.cast(to: .float64))
      #expect(metric.value == single, "\(metric.name)")
    }
    #expect(liveNodeCount() == before)
  }

  @Test func `Binary targets may be truth values or integers`() {
    let prediction = Variable([0.2, 0.7, 0.6, 0.5])
    let targets: [Variable] = [
      [false, true, false, false], Variable([0, 1, 0, 0] as [Int]), [0, 1, 0, 0],
    ]
    for target in targets {
      var accuracy = BinaryAccuracy()
      accuracy.update(prediction: prediction, target: target)
      #expect(accuracy.value == 0.75)
    }
    var logits = BinaryAccuracy(threshold: 0)
    logits.update(prediction: Variable([-1, 2, 0.1, 0]), target: targets[0])
    #expect(logits.value == 0.75)
  }

  @Test func `Targets may be indices or probabilities, of more axes, too`() {
    let scores = Variable(Tensor.range(to: 12).reshaped(2, 3, 2))
    let indices = Variable([2, 2, 2, 0] as [Int], shape: [2, 2])
    let shares = oneHot(indices, count: 3).movingAxis(-1, to: 1)
    for target in [indices, shares] {
      var accuracy = CategoricalAccuracy()
      accuracy.update(prediction: scores, target: target)
      #expect(accuracy.value == 0.75)
      var matrix = ConfusionMatrix(classes: 3)
      matrix.update(prediction: scores, target: target)
      #expect(matrix.counts.array(of: Int.self) == [0, 0, 1, 0, 0, 0, 0, 0, 3])
    }
    var single = CategoricalAccuracy()
    single.update(prediction: Variable([1, 3, 2]), target: Variable([1] as [Int], shape: []))
    #expect(single.value == 1)
  }

  @Test func `Ignored examples do not count`() {
    let scores = Variable([[2, 1], [2, 1], [0, 3]])
    let labels = Variable([0, -1, 0] as [Int])
    var accuracy = CategoricalAccuracy(ignoreIndex: -1)
    accuracy.update(prediction: scores, target: labels)
    #expect(accuracy.value == 0.5)
    var matrix = ConfusionMatrix(classes: 2, ignoreIndex: -1)
    matrix.update(prediction: scores, target: labels)
    matrix.update(prediction: Variable([1, 1, 0] as [Int]), target: labels)
    #expect(matrix.counts.array(of: Int.self) == [2, 2, 0, 0])
    var perplexity = Perplexity(ignoreIndex: -1)
    perplexity.update(prediction: Variable([[1, 1], [5, 1], [0, 0]]), target: labels)
    #expect(abs(perplexity.value - 2) < 1e-15)
  }

  @Test func `Of equal scores the first is higher, and NaN than any`() {
    let scores = double([1, 1, 1, 1, 1, 1, 0, .nan, 5, .nan, .nan, 0], [4, 3])
    func accuracy(_ labels: [Int], topK: Int) -> Double {
      var metric = CategoricalAccuracy(topK: topK)
      metric.update(prediction: scores, target: Variable(labels))
      return metric.value
    }
    #expect(accuracy([0, 0, 1, 0], topK: 1) == 1)
    #expect(accuracy([1, 2, 2, 1], topK: 1) == 0)
    #expect(accuracy([1, 1, 2, 1], topK: 2) == 1)
    #expect(accuracy([2, 2, 0, 2], topK: 2) == 0)
    #expect(accuracy([2, 2, 0, 2], topK: 3) == 1)
  }

  @Test func `Areas without one of the classes, and with NaN`() {
    var area = AreaUnderROC()
    var precision = AveragePrecision()
    func update(_ scores: Variable, _ labels: Variable) {
      area.update(prediction: scores, target: labels)
      precision.update(prediction: scores, target: labels)
    }
    update([0.1, 0.2], [0, 0])
    #expect(area.value.isNaN && precision.value == 0)
    update([0.1, 0.3], [0, 1])
    #expect(area.value == 1 && precision.value == 1)
    update(Variable([Float.nan]), [1])
    #expect(area.value.isNaN && precision.value.isNaN)
  }

  @Test func `R² of equal targets has no rounding errors`() {
    var score = RSquared()
    let targets = double([Double](repeating: 0.1, count: 50))
    score.update(prediction: targets + 1e-3, target: targets)
    #expect(score.value == 0)
    score.reset()
    score.update(prediction: targets, target: targets)
    #expect(score.value == 1)
    score.reset()
    let far = double([1e8, 1e8 + 1e-8 * 2, 1e8 + 3e-8])
    score.update(prediction: double([1e8, 1e8, 1e8]), target: far)
    // Three neighbouring numbers: 0, 1 and 2 units give 1 − 5/2, or 0, 1 and 2 of another step.
    let units = far.value.doubles().map { ($0 - 1e8) / 1e8.ulp }
    let mean = units.reduce(0, +) / 3
    let variation = units.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
    let residual = units.reduce(0) { $0 + $1 * $1 }
    expect(score.value, near: 1 - residual / variation)
  }

  @Test func `Statistics of values`() {
    var statistics = RunningStatistics()
    #expect(statistics.mean.isNaN && statistics.minimum.isNaN && statistics.sum == 0)
    statistics.update(contentsOf: Variable([[3, -1], [4, 2]]))
    statistics.update(12)
    #expect(statistics.count == 5 && statistics.mean == 4 && statistics.sum == 20)
    #expect(statistics.minimum == -1 && statistics.maximum == 12)
    statistics.update(.nan)
    statistics.update(-100)
    #expect(statistics.minimum.isNaN && statistics.maximum.isNaN && statistics.mean.isNaN)
    statistics.reset()
    statistics.update(.infinity)
    #expect(statistics.minimum == .infinity && statistics.mean == .infinity)
  }

  @Test func `Names`() {
    #expect(CategoricalAccuracy(topK: 5).name == "top-5 accuracy")
    #expect(ClassificationScore(.fScore(beta: 1)).name == "F1")
    #expect(
      ClassificationScore(.fScore(beta: 0.5), classes: 3, averaging: .macro).name == "macro F0.5")
    #expect(
      ClassificationScore(.recall, classes: 3, averaging: .only(2)).name == "recall of class 2")
  }

  @Test func `What does not fit is an error that names the metric`() async {
    let shape = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      var accuracy = BinaryAccuracy()
      accuracy.update(prediction: Variable(Tensor.zeros([4, 1])), target: Variable([0, 1, 1, 0]))
    }
    expect(shape, says: "BinaryAccuracy: shapes differ: the prediction is [4, 1], the target [4]")
    let half = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      var area = AreaUnderROC()
      area.update(prediction: Variable([1]), target: Variable([0.5]))
    }
    expect(half, says: "AreaUnderROC: a target is 0.5, not 0 or 1")
    let label = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      var accuracy = CategoricalAccuracy()
      accuracy.update(prediction: Variable([[1, 2]]), target: Variable([2] as [Int]))
    }
    expect(label, says: "CategoricalAccuracy: the label 2 at [0] is not one of the 2 classes")
    let classes = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      var matrix = ConfusionMatrix(classes: 3)
      matrix.update(prediction: Variable([[1, 2]]), target: Variable([1] as [Int]))
    }
    expect(classes, says: "ConfusionMatrix: the prediction [1, 2] is not of 3 classes")
  }
}
