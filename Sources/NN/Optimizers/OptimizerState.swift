import Autograd

extension Optimizer {
  /// What the optimizer remembers, by the paths of its parameters: "hidden.weight.momentum" and so
  /// on, and the number of updates as "hidden.weight.step".
  public func savedState() -> [String: Tensor] {
    Dictionary(entries().map { ($0.name, $0.value) }) { first, _ in first }
  }

  /// Continues from a saved state.
  ///
  /// - Parameter saved: What ``savedState()`` returned for parameters of the same names, shapes and
  ///   types.
  /// - Throws: ``StateError`` with everything that does not fit; then nothing has changed.
  public func load(_ saved: [String: Tensor]) throws(StateError) {
    try check(saved, against: entries())
    for (index, (name, _)) in namedParameters.enumerated() {
      state[index].step = Int(saved["\(name).step"]!.item())
      for (slotName, slot) in zip(slotNames, state[index].slots) {
        slot.assign(Variable(saved["\(name).\(slotName)"]!))
      }
    }
  }

  private func entries() -> [(name: String, value: Tensor)] {
    zip(namedParameters, state).flatMap { parameter, state in
      let slots = zip(slotNames, state.slots).map { ("\(parameter.name).\($0)", $1.value) }
      return [("\(parameter.name).step", Tensor([state.step], shape: []))] + slots
    }
  }
}
