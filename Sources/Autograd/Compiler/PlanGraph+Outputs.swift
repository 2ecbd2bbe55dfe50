extension PlanGraph {
  /// Gives every output a value of its own that the plan computes, without gaps.
  ///
  /// What is a leaf, a constant, other elements than a computed value, or the same as another output
  /// is copied. Only a result may be a view: the one output of what it shows.
  mutating func separateOutputs() {
    var taken: Set<Int> = []
    func isComputed(_ index: Int) -> Bool {
      switch values[index].source {
      case .operation, .host: true
      case .leaf, .literal, .gradient, .argument, .constant, .view: false
      }
    }
    func own(_ output: Int) -> Int {
      // A view of all elements in their places is as good as what it shows.
      let base = root(of: output).value
      let isSame = isInPlace(output) && values[base].shape == values[output].shape
      let index = isSame && isComputed(base) ? base : output
      if isComputed(index), taken.insert(index).inserted { return index }
      values.append(
        PlanValue(
          source: .operation(
            PlanValue.Operation(
              primitive: copyPrimitive, inputs: [index], attributes: .none, flags: [])),
          shape: values[index].shape, dtype: values[index].dtype))
      return values.count - 1
    }
    for place in assignments.indices {
      let value = assignments[place].value
      // A leaf has a shape of its own: of a mere reshaping it takes the elements.
      assignments[place].value = own(isInPlace(value) ? root(of: value).value : value)
    }
    for place in gradients.indices {
      if let value = gradients[place].value { gradients[place].value = own(value) }
    }
    for place in results.indices {
      // A result may be a part of a memory that is little larger.
      let output = results[place]
      let base = root(of: output).value
      let isMost = values[output].byteCount * 4 >= values[base].byteCount * 3
      if values[output].strides == nil, isMost, isComputed(base), taken.insert(base).inserted {
        continue
      }
      results[place] = own(output)
    }
  }
}
