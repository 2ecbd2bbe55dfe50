import Autograd

extension Optimizer {
  /// What the optimizer remembers, by the paths of its parameters: "hidden.weight.momentum" and so
  /// on, the number of updates as "hidden.weight.step", and numbers that concern all parameters by
  /// their name.
  ///
  /// The learning rate is not part of it: it is a hyperparameter, or a ``Schedule`` knows it.
  public func savedState() -> [String: Tensor] {
    Dictionary(entries().map { ($0.name, $0.value) }) { first, _ in first }
  }

  /// Continues from a saved state.
  ///
  /// - Parameter saved: What ``savedState()`` returned for parameters of the same names, shapes and
  ///   types.
  /// - Throws: ``StateError`` with everything that does not fit; then nothing has changed.
  public func load(_ saved: [String: Tensor]) throws(StateError) {
    let own = entries()
    try check(saved, against: own)
    // What is not floating-point counts something.
    for (name, value) in own where value.dtype == .int64 {
      _ = try savedCounts(name, in: saved)
    }
    var next = state
    next.load(saved, of: namedParameters.map(\.name)[...], in: "")
    state = next
  }

  /// The names under which the parts of the state are saved, and their values.
  func entries() -> [(name: String, value: Tensor)] {
    state.entries(of: namedParameters.map(\.name)[...], in: "")
  }
}

extension OptimizerState {
  /// - Parameters:
  ///   - names: The parameters.
  ///   - place: What distinguishes numbers of members of a group, "1." for the second.
  fileprivate func entries(
    of names: ArraySlice<String>, in place: String
  ) -> [(name: String, value: Tensor)] {
    var entries = counts.map { (name: place + $0.key, value: Tensor([$0.value], shape: [])) }
    for (name, parameter) in zip(names, parameters) {
      if let key = stepName(name, parameter) {
        entries.append((key, Tensor([parameter.step], shape: [])))
      }
      for (slotName, slot) in zip(parameter.slotNames, parameter.slots) {
        entries.append(("\(name).\(slotName)", slot.value))
      }
    }
    for (index, names) in innerNames(names).enumerated() {
      entries += inner[index].entries(of: names, in: innerPlace(place, index))
    }
    return entries
  }

  fileprivate mutating func load(
    _ saved: [String: Tensor], of names: ArraySlice<String>, in place: String
  ) {
    for key in counts.keys { counts[key] = Int(saved[place + key]!.item()) }
    for (index, name) in zip(parameters.indices, names) {
      if let key = stepName(name, parameters[index]) {
        parameters[index].step = Int(saved[key]!.item())
      }
      for (slotName, slot) in zip(parameters[index].slotNames, parameters[index].slots) {
        slot.assign(Variable(saved["\(name).\(slotName)"]!))
      }
    }
    for (index, names) in innerNames(names).enumerated() {
      inner[index].load(saved, of: names, in: innerPlace(place, index))
    }
  }

  /// The names of each inner state's parameters: a wrapper's are its own, a group's share them.
  private func innerNames(_ names: ArraySlice<String>) -> [ArraySlice<String>] {
    var rest = names
    return inner.map { state in
      defer { if parameters.isEmpty { rest = rest.dropFirst(state.parameterCount) } }
      return rest.prefix(state.parameterCount)
    }
  }

  /// A rule's updates are the "step" of the parameter; what a wrapper counts belongs to its slot.
  private func stepName(_ name: String, _ parameter: ParameterState) -> String? {
    if inner.isEmpty { return "\(name).step" }
    return parameter.slotNames.first.map { "\(name).\($0).count" }
  }

  private func innerPlace(_ place: String, _ index: Int) -> String {
    parameters.isEmpty ? "\(place)\(index)." : place
  }
}
