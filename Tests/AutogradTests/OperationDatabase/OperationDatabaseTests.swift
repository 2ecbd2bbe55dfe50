import Autograd
import Oracles
import Testing

/// Every operation against its naive form: values, first, second and third derivatives.
@Suite struct OperationDatabaseTests {
  @Test(arguments: OperationDatabase.names)
  func values(_ name: String) {
    let operation = OperationDatabase[name]
    #expect(operation.samples.count >= 24)
    for sample in operation.samples {
      checkValue(operation, sample, .float64)
      checkValue(operation, sample, .float32)
    }
  }

  @Test(arguments: OperationDatabase.differentiable)
  func firstDerivatives(_ name: String) {
    let before = liveNodeCount()
    for (operation, sample) in regular(name, withLarge: true) {
      checkFirstOrder(operation, sample, .float64)
    }
    #expect(liveNodeCount() == before, "\(name) leaves nodes behind")
  }

  @Test(arguments: OperationDatabase.differentiable)
  func firstDerivativesInFloat32(_ name: String) {
    for (operation, sample) in regular(name) { checkFirstOrder(operation, sample, .float32) }
  }

  @Test(arguments: OperationDatabase.differentiable)
  func firstDerivativesAtSpecialPoints(_ name: String) {
    let operation = OperationDatabase[name]
    guard operation.isElementwise else { return }
    for sample in operation.samples where sample.isSpecial {
      checkSpecialDerivatives(operation, sample)
    }
  }

  @Test(arguments: OperationDatabase.differentiable)
  func cotangents(_ name: String) {
    for (operation, sample) in regular(name) {
      checkZeroCotangent(operation, sample)
      checkMixedZeroCotangent(operation, sample)
      checkLinearity(operation, sample)
    }
  }

  @Test(arguments: OperationDatabase.differentiable)
  func fanOut(_ name: String) {
    for (operation, sample) in regular(name) { checkFanOut(operation, sample) }
  }

  @Test(arguments: OperationDatabase.differentiable)
  func secondDerivatives(_ name: String) {
    let before = liveNodeCount()
    for (operation, sample) in regular(name) {
      checkSecondOrder(operation, sample)
    }
    #expect(liveNodeCount() == before, "\(name) leaves nodes behind")
  }

  @Test(arguments: OperationDatabase.differentiable)
  func stationaryPoints(_ name: String) {
    for (operation, sample) in regular(name) {
      checkStationaryPoint(operation, sample)
    }
  }

  @Test(arguments: OperationDatabase.differentiable)
  func thirdDerivatives(_ name: String) {
    for (operation, sample) in regular(name).prefix(8) { checkThirdOrder(operation, sample) }
  }

  /// The samples at which an operation has derivatives of every order.
  private func regular(
    _ name: String, withLarge: Bool = false
  ) -> [(OperationCase, OperationSample)] {
    let operation = OperationDatabase[name]
    let samples = operation.samples.filter { !$0.isSpecial && (withLarge || !$0.isLarge) }
    return samples.map { (operation, $0) }
  }
}
