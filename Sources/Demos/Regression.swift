import Autograd
import NN

/// A network with one hidden layer against a linear fit, each judged on rows it has not seen.
struct Regression {
  let table: RegressionTable
  /// For each row, the prediction by the network and by the fit that were made without it.
  private(set) var network: [Double], linear: [Double]
  /// How the network of each fold learned.
  private(set) var histories: [History] = []

  struct Settings {
    var hidden = 64
    var folds = 5
    var epochs = 40
    var rate = 0.003
    /// The factors of Σ |w| and Σ w² in the loss, over the network's weights.
    var l1 = 0.0, l2 = 0.03
    /// The factor of Σ w² of the linear fit, for each row.
    var ridge = 0.01
  }

  init(_ table: RegressionTable, _ settings: Settings, seed: UInt64) throws {
    self.table = table
    network = [Double](repeating: .nan, count: table.answers.count)
    linear = network
    var generator = RandomGenerator(seed: seed)
    for fold in Splits.folds(of: network.count, into: settings.folds, using: &generator) {
      let (training, held) = (table.rows(fold.training), table.rows(fold.validation))
      let predictions = try train(on: training, for: held, settings, using: &generator)
      let fit = try LinearFit(training, ridge: settings.ridge)
      for (place, row) in fold.validation.enumerated() {
        network[row] = predictions[place]
        linear[row] = fit.predict(held.columns.map { $0[place] })
      }
    }
  }

  /// The predictions of a new network.
  private mutating func train(
    on training: RegressionTable, for held: RegressionTable, _ settings: Settings,
    using generator: inout RandomGenerator
  ) throws -> [Double] {
    let model = Regression.network(for: training, hidden: settings.hidden, using: &generator)
    // The network learns the answers in standard deviations.
    let scale = Standardizer(fitting: training.answerTensor)
    func scaled(_ answers: Tensor) -> Tensor { withoutRecording { scale(Variable(answers)).value } }
    let history = try model.fit(
      training.inputTensor, scaled(training.answerTensor), batchSize: 32,
      loss: { Regression.loss($0, $1, of: model, settings) },
      optimizer: Adam(model, learningRate: Variable(settings.rate)), epochs: settings.epochs,
      validation: .data(inputs: held.inputTensor, targets: scaled(held.answerTensor)),
      progress: .onTerminal, using: &generator)
    histories.append(history)
    let output = Variable(model.predict(held.inputTensor))
    return withoutRecording { scale.inverse(output) }.value.doubles()
  }

  /// A network for a table, of whose columns it takes the scales.
  static func network(
    for table: RegressionTable, hidden: Int, using generator: inout RandomGenerator
  ) -> Sequential {
    Sequential {
      Standardizer(fitting: table.inputTensor)
      MLP(sizes: [table.names.count, hidden, 1], using: &generator)
    }
  }

  /// The mean squared error plus the penalties for large weights.
  static func loss(
    _ prediction: Variable, _ target: Variable, of model: Sequential, _ settings: Settings
  ) -> Variable {
    meanSquaredError(prediction, target)
      + elasticNetPenalty(model, l1: settings.l1, l2: settings.l2) { $1.rank == 2 }
  }

  /// The quality of some predictions: R² and the root of the mean squared error.
  func quality(of predictions: [Double]) -> (r2: Double, error: Double) {
    var (r2, error) = (RSquared(), RootMeanSquaredError())
    let (prediction, target) = (Variable(predictions), Variable(table.answers))
    r2.update(prediction: prediction, target: target)
    error.update(prediction: prediction, target: target)
    return (r2.value, error.value)
  }
}

/// The weights with the least squared error plus λ n Σ w², of standardized columns.
private struct LinearFit {
  private let scales: [Standardization], answer: Standardization, weights: [Double]

  init(_ table: RegressionTable, ridge: Double) throws {
    scales = try zip(table.columns, table.names).map { try Standardization($0, name: $1) }
    answer = try Standardization(table.answers, name: table.target)
    weights = try leastSquares(
      zip(scales, table.columns).map { $0($1) }, answer(table.answers), names: table.names,
      ridge: ridge)
  }

  func predict(_ row: [Double]) -> Double {
    let terms = zip(zip(row, scales), weights).map { ($0.0 - $0.1.mean) / $0.1.deviation * $1 }
    return answer.mean + answer.deviation * (terms.reduce(0, +) + weights[row.count])
  }
}
