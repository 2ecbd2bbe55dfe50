import Autograd
import NN

/// Rows of numbers: some columns that are known, and one that is to be predicted from them.
struct RegressionTable {
  var title: String
  var names: [String]
  var target: String
  /// One array for each column.
  var columns: [[Double]]
  var answers: [Double]
  /// What of the file is not used, and why.
  var omissions: [String] = []

  /// y = 2x + 3 at 100 points of [−1, 1], with normal noise of deviation 0.1.
  static func textbook(using generator: inout RandomGenerator) -> RegressionTable {
    let x = Tensor.linspace(from: -1, to: 1, count: 100, dtype: .float64).doubles()
    let noise = Tensor.normal(
      [100], standardDeviation: 0.1, dtype: .float64, using: &generator
    ).doubles()
    return RegressionTable(
      title: "y = 2x + 3 with noise", names: ["x"], target: "y", columns: [x],
      answers: zip(x, noise).map { 2 * $0 + 3 + $1 })
  }

  /// How far cars went before they stopped, in the 1920s.
  static func cars() throws -> RegressionTable {
    let csv = try CSV(parsing: Resources.cars, name: "cars.csv")
    return try RegressionTable(csv, target: "distance_ft")
  }

  /// Measures of cell nuclei, and whether a mass in the breast was malignant.
  static func breastCancer() throws -> RegressionTable {
    let csv = try CSV(parsing: Resources.breastCancer, name: "Breast Cancer Wisconsin")
    return try RegressionTable(csv, target: "malignant")
  }

  /// Ten measures of people with diabetes, and how far it had progressed a year later.
  static func diabetes() throws -> RegressionTable {
    let csv = try CSV(parsing: Resources.diabetes, name: "Diabetes")
    return try RegressionTable(csv, target: "progression")
  }

  /// The table that the options name, nil if they name none.
  init?(_ values: OptionValues, data: Option<String?>, target: Option<String?>) throws {
    switch (values[data], values[target]) {
    case (nil, nil): return nil
    case (nil, _):
      throw UsageError("--\(target.name) belongs to the file that --\(data.name) names")
    case (let path?, nil):
      throw UsageError("--\(target.name) names the column of \(path) that is to be predicted")
    case (let path?, let column?): try self.init(CSV(contentsOf: path), target: column)
    }
  }

  /// All columns of numbers of a table; rows with missing values are left out.
  init(_ csv: CSV, target: String) throws {
    guard csv.header.contains(target) else {
      let columns = csv.header.map { "'\($0)'" }.joined(separator: ", ")
      let isOther = csv.header.count == 1 && columns.contains { $0 == ";" || $0 == "\t" }
      throw DemoFailure(
        "\(csv.name): no column '\(target)'; the columns are \(columns)"
          + (isOther ? "; they must be separated by commas" : ""))
    }
    guard csv.rowCount > 0 else { throw DemoFailure("\(csv.name): no rows below the header") }
    let names = try csv.header.filter { try $0 != target && csv.isNumeric($0) }
    guard !names.isEmpty else {
      throw DemoFailure("\(csv.name): no column of numbers to predict '\(target)' from")
    }
    var columns = try csv.numbers(in: names + [target], missing: .skipRow)
    let answers = columns.removeLast()
    guard answers.count >= 2 * names.count + 5 else {
      throw DemoFailure(
        "\(csv.name): rows with all values: \(answers.count), too few for \(names.count + 1) "
          + "weights")
    }
    self.init(
      title: csv.name, names: names, target: target, columns: columns, answers: answers)
    let others = csv.header.filter { $0 != target && !names.contains($0) }
    if !others.isEmpty {
      omissions.append("columns without numbers: \(others.joined(separator: ", "))")
    }
    if answers.count < csv.rowCount {
      omissions.append("rows with missing values: \(csv.rowCount - answers.count)")
    }
  }

  init(title: String, names: [String], target: String, columns: [[Double]], answers: [Double]) {
    self.title = title
    self.names = names
    self.target = target
    self.columns = columns
    self.answers = answers
  }

  /// The columns as float32 [rows, columns].
  var inputTensor: Tensor {
    Tensor(columns.flatMap { $0 }, shape: [columns.count, answers.count]).transposed().contiguous()
      .converted(to: .float32)
  }

  /// The answers as float32 [rows, 1].
  var answerTensor: Tensor {
    Tensor(answers, shape: [answers.count, 1]).converted(to: .float32)
  }

  /// Some of the rows.
  func rows(_ rows: some Collection<Int>) -> RegressionTable {
    var result = self
    result.columns = columns.map { column in rows.map { column[$0] } }
    result.answers = rows.map { answers[$0] }
    return result
  }
}

/// Mean and standard deviation of a column, by which training sees it.
struct Standardization {
  let mean, deviation: Double

  init(_ values: [Double], name: String) throws {
    let mean = values.reduce(0, +) / Double(values.count)
    let variance = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(values.count)
    guard variance.isFinite else {
      throw DemoFailure("the column '\(name)' has numbers that are too large to square")
    }
    guard variance > 1e-24 * mean * mean else {
      throw DemoFailure("the column '\(name)' is constant in the rows to learn from")
    }
    self.mean = mean
    deviation = variance.squareRoot()
  }

  func callAsFunction(_ values: [Double]) -> [Double] {
    values.map { ($0 - mean) / deviation }
  }
}

/// The weights, the last one for the constant, with the least squared error plus λ n Σ w²:
/// (XᵀX + λ n 1) w = Xᵀy, without λ for the constant.
///
/// Elimination without exchanges suffices for a positive definite matrix. The columns are
/// standardized, so a pivot near 0 means that one depends on those before it.
func leastSquares(
  _ columns: [[Double]], _ answers: [Double], names: [String], ridge: Double = 0
) throws -> [Double] {
  let all = columns + [[Double](repeating: 1, count: answers.count)]
  var rows = all.map { a in
    (all + [answers]).map { b in zip(a, b).reduce(0) { $0 + $1.0 * $1.1 } }
  }
  for column in columns.indices { rows[column][column] += ridge * Double(answers.count) }
  for pivot in rows.indices {
    guard rows[pivot][pivot] > 1e-9 * Double(answers.count) else {
      throw DemoFailure("the column '\(names[pivot])' is a combination of others; leave it out")
    }
    for row in rows.indices where row != pivot {
      let factor = rows[row][pivot] / rows[pivot][pivot]
      for column in pivot...rows.count { rows[row][column] -= factor * rows[pivot][column] }
    }
  }
  return rows.indices.map { rows[$0][rows.count] / rows[$0][$0] }
}
