import Autograd
import NN

/// A line through points, found by gradient descent and compared with the exact solution.
struct LinearRegression {
  let table: RegressionTable
  /// The learned weights in the units of the table, the last one for the constant.
  private(set) var weights: [Double] = []
  /// The weights with the least squared error, computed directly.
  private(set) var exactWeights: [Double] = []
  /// The largest difference between both, in standard deviations.
  private(set) var error = 0.0
  /// The mean loss of each epoch.
  private(set) var losses: [Double] = []
  /// The share of the variance that is explained in rows that were not trained on.
  private(set) var heldOutR2 = 0.0

  /// How far weights may be from the exact ones, in standard deviations.
  static let tolerance = 0.02
  private static let batchSize = 32

  /// Trains on four fifths of the rows.
  init(
    _ table: RegressionTable, optimizer choice: OptimizerChoice, rate: Double, epochs: Int,
    using generator: inout RandomGenerator
  ) throws {
    self.table = table
    let order = table.answers.indices.shuffled(using: &generator)
    let heldOut = table.rows(order.prefix(order.count / 5))
    let training = table.rows(order.dropFirst(order.count / 5))
    let scales = try zip(training.columns, table.names).map { try Standardization($0, name: $1) }
    let answerScale = try Standardization(training.answers, name: table.target)
    let inputs = zip(scales, training.columns).map { $0($1) }
    let answers = answerScale(training.answers)

    let exact = try leastSquares(inputs, answers, names: table.names)
    let x = Variable(Tensor(inputs.flatMap { $0 }, shape: [inputs.count, answers.count]))
    let y = Variable(Tensor(answers, shape: [answers.count, 1]))
    let model = Linear(inputs: inputs.count, outputs: 1, dtype: .float64, using: &generator)
    let optimizer = choice.make(model.namedParameters, rate: rate)
    try train(
      model, optimizer, x.transposed().contiguous(), y, rate: rate, epochs: epochs,
      using: &generator)

    let learned = model.weight.array(of: Double.self) + (model.bias?.array(of: Double.self) ?? [])
    error = zip(learned, exact).map { abs($0 - $1) }.max() ?? 0
    weights = LinearRegression.unscaled(learned, scales, answerScale)
    exactWeights = LinearRegression.unscaled(exact, scales, answerScale)
    heldOutR2 = r2(on: heldOut)
  }

  /// The loop that every training is: shuffle, predict, compare, go back, step.
  private mutating func train(
    _ model: Linear, _ optimizer: any Optimizer, _ x: Variable, _ y: Variable, rate: Double,
    epochs: Int, using generator: inout RandomGenerator
  ) throws {
    var progress = TerminalProgress()
    for epoch in 1...epochs {
      // The rate falls to 0, so that the differences between batches average out.
      let left = Double(epochs - epoch + 1) / Double(epochs)
      optimizer.learningRate = Variable(rate * left * left)
      let order = Variable(Tensor.permutation(y.count, using: &generator))
      let inputs = indexSelect(x, at: order).split(size: LinearRegression.batchSize)
      let answers = indexSelect(y, at: order).split(size: LinearRegression.batchSize)
      var sum = 0.0
      for (input, answer) in zip(inputs, answers) {
        optimizer.zeroGradients()
        let loss = meanSquaredError(model(input), answer)
        loss.backward()
        optimizer.step()
        sum += loss.item() * Double(answer.count)
      }
      losses.append(sum / Double(y.count))
      guard sum.isFinite else {
        progress.finish()
        throw DemoFailure("the loss grew without bound in epoch \(epoch); lower --learning-rate")
      }
      progress.update("epoch \(epoch)/\(epochs)  loss \(sum.significant(4))")
    }
    progress.finish()
  }

  /// Whether the weights are the exact ones within the tolerance.
  var isSolved: Bool { error <= LinearRegression.tolerance }

  /// The prediction for one row.
  func predict(_ row: [Double]) -> Double {
    zip(row, weights).reduce(weights[row.count]) { $0 + $1.0 * $1.1 }
  }

  /// The predictions for all rows.
  func predictions(for table: RegressionTable) -> [Double] {
    table.answers.indices.map { row in predict(table.columns.map { $0[row] }) }
  }

  private func r2(on rows: RegressionTable) -> Double {
    let mean = rows.answers.reduce(0, +) / Double(rows.answers.count)
    let total = rows.answers.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
    let left = zip(rows.answers, predictions(for: rows)).reduce(0) {
      $0 + ($1.0 - $1.1) * ($1.0 - $1.1)
    }
    return 1 - left / total
  }

  /// Weights of standardized columns as weights of the columns themselves.
  private static func unscaled(
    _ weights: [Double], _ scales: [Standardization], _ answer: Standardization
  ) -> [Double] {
    let slopes = zip(weights, scales).map { $0 * answer.deviation / $1.deviation }
    let shift = zip(slopes, scales).reduce(0) { $0 + $1.0 * $1.1.mean }
    return slopes + [answer.mean + answer.deviation * (weights.last ?? 0) - shift]
  }
}
