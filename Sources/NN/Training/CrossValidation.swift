import Autograd

/// Trains and validates once for each fold, and collects what `body` returns.
///
/// ```swift
/// let folds = Splits.folds(of: data.count, into: 5, using: &generator)
/// let histories = try crossValidate(data, folds: folds) { training, validation in
///   let model = makeModel(using: &generator)  // a new one for each fold
///   return try model.fit(
///     DataLoader(training, batchSize: 32, shuffle: true, using: &generator),
///     loss: { meanSquaredError($0, $1) }, optimizer: Adam(model), epochs: 50,
///     validation: validation, callbacks: [EarlyStopping(patience: 5)])
/// }
/// let losses = histories.map { $0[.validationLoss].min()! }
/// ```
///
/// - Parameters:
///   - data: All examples.
///   - folds: From ``Splits``.
///   - body: Trains a new model on the first part, and validates it with the second.
/// - Returns: What `body` returned, in the order of the folds.
/// - Throws: What `body` throws.
public func crossValidate<Source: Dataset, Result>(
  _ data: Source, folds: [Fold],
  _ body: (_ training: Subset<Source>, _ validation: Subset<Source>) throws -> Result
) rethrows -> [Result] {
  try folds.map { fold in
    try body(Subset(data, at: fold.training), Subset(data, at: fold.validation))
  }
}
