import Autograd
import NN
import Testing

/// Metrics against scikit-learn's values.
@Suite struct MetricReferenceTests {
  private let references: References

  init() throws { references = try References(topic: "metrics") }

  @Test func `Accuracies of several classes are scikit-learn's`() throws {
    let classes = try references("classes")
    let (scores, labels) = (classes["scores"], classes["labels"])
    for (k, key) in [(1, "accuracy"), (2, "top 2"), (3, "top 3")] {
      let accuracy = value(of: CategoricalAccuracy(topK: k), prediction: scores, target: labels)
      #expect(accuracy == classes[key].item())
    }
    let perplexity = value(of: Perplexity(), prediction: scores, target: labels)
    expect(perplexity, near: exp(Variable(classes["log loss"])).item())
  }

  @Test func `The confusion matrix is scikit-learn's, as counts and normalized by rows`() throws {
    let classes = try references("classes")
    var matrix = ConfusionMatrix(classes: 6)
    matrix.update(prediction: Variable(classes["scores"]), target: Variable(classes["labels"]))
    #expect(matrix.counts.array(of: Int.self) == classes["counts"].array(of: Int.self))
    classes.expect(matrix.normalizedByRows, equals: "normalized")
    #expect(matrix.accuracy == classes["accuracy"].item())
  }

  @Test func `Precision, recall and F scores are scikit-learn's in all averages`() throws {
    let classes = try references("classes")
    let kinds: [(String, ClassificationScore.Kind)] = [
      ("precision", .precision), ("recall", .recall), ("F1", .fScore(beta: 1)),
      ("F2", .fScore(beta: 2)), ("F0.5", .fScore(beta: 0.5)),
    ]
    for (name, kind) in kinds {
      func score(_ averaging: ClassAveraging) -> Double {
        let metric = ClassificationScore(kind, classes: 6, averaging: averaging)
        return value(of: metric, prediction: classes["scores"], target: classes["labels"])
      }
      expect(score(.micro), near: classes["\(name) micro"].item())
      expect(score(.macro), near: classes["\(name) macro"].item())
      expect(score(.weighted), near: classes["\(name) weighted"].item())
      let single = classes["\(name) single"].doubles()
      for label in 0..<6 { expect(score(.only(label)), near: single[label]) }
      // 0 / 0: class 4 is never predicted, class 5 never right.
      #expect(single[4] == 0 && single[5] == 0)
    }
  }

  @Test(arguments: ["binary", "binary ties", "binary equal"])
  func `Scores of two classes are scikit-learn's, with and without ties`(name: String) throws {
    let reference = try references(name)
    func score(_ metric: some Metric) -> Double {
      value(of: metric, prediction: reference["scores"], target: reference["labels"])
    }
    expect(score(BinaryAccuracy()), near: reference["accuracy"].item())
    expect(score(ClassificationScore(.precision)), near: reference["precision"].item())
    expect(score(ClassificationScore(.recall)), near: reference["recall"].item())
    expect(score(ClassificationScore(.fScore(beta: 2))), near: reference["F2"].item())
    expect(score(AreaUnderROC()), near: reference["ROC AUC"].item())
    expect(score(AveragePrecision()), near: reference["average precision"].item())
  }

  @Test(arguments: ["regression", "regression constant", "regression perfect"])
  func `Errors of numbers are scikit-learn's`(name: String) throws {
    let reference = try references(name)
    func score(_ metric: some Metric) -> Double {
      value(of: metric, prediction: reference["prediction"], target: reference["target"])
    }
    expect(score(MeanAbsoluteError()), near: reference["mae"].item())
    expect(score(MeanSquaredError()), near: reference["mse"].item())
    expect(score(RootMeanSquaredError()), near: reference["rmse"].item())
    expect(score(RSquared()), near: reference["r2"].item())
  }
}
