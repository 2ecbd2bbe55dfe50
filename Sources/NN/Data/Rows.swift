import Autograd

// Examples are rows along axis 0.

/// The rows of a tensor with the given numbers; stops with an error if there is no such row.
///
/// A run of neighbours shares memory with the whole.
func rows(of tensor: Tensor, at indices: [Int]) -> Tensor {
  let count = tensor.shape[0]
  requireRange(indices, below: count, of: "rows")
  if let first = indices.first, indices.enumerated().allSatisfy({ $0.element == first + $0.offset })
  {
    return tensor[first..<(first + indices.count)]
  }
  return withoutRecording { indexSelect(Variable(tensor), at: Variable(Tensor(indices))).value }
}

func requireRange(_ indices: [Int], below count: Int, of name: String) {
  for index in indices where index < 0 || index >= count {
    fatalError("\(name): there is no example \(index); there are \(count), counted from 0")
  }
}

func requireEqualRows(_ inputs: Tensor, _ targets: Tensor, of name: String) {
  guard inputs.rank > 0, targets.rank > 0, inputs.shape[0] == targets.shape[0] else {
    fatalError(
      "\(name): the inputs \(inputs.shape) and the targets \(targets.shape) do not have the same "
        + "number of rows along axis 0")
  }
}
