import Oracles

/// Every differentiable operation of the library.
enum OperationDatabase {
  static let cases: [OperationCase] =
    unaryCases + activationCases + binaryCases + selectionCases + layoutCases + reductionCases
    + scanCases + productCases + indexingCases + joiningCases + comparisonCases + orderingCases
    + layerCases

  /// The names, in the order of the families.
  static let names = cases.map(\.name)

  static let differentiable = cases.filter(\.isDifferentiable).map(\.name)

  private static let byName = Dictionary(uniqueKeysWithValues: cases.map { ($0.name, $0) })

  static subscript(name: String) -> OperationCase { byName[name]! }
}

/// The naive form of an operation, by name.
func naiveOperation<S: RealScalar>(
  _ name: String, _ x: [NaiveArray<S>], _ integers: [Int]
) -> NaiveArray<S> {
  elementwiseReference(name, x) ?? activationReference(name, x, integers)
    ?? selectionReference(name, x) ?? layoutReference(name, x, integers)
    ?? reductionReference(name, x, integers) ?? productReference(name, x, integers)
    ?? indexingReference(name, x, integers) ?? joiningReference(name, x, integers)
    ?? comparisonReference(name, x) ?? orderingReference(name, x, integers)
    ?? layerReference(name, x, integers)!
}
