import Autograd

/// The spatial axes of x, of shape [N, C, …]; stops with an error if there are none.
func spatialAxes(of x: Variable, for label: String) -> Range<Int> {
  guard x.rank >= 3 else {
    fatalError(
      "\(label): the input \(describe(x)) is not [N, C, …] with spatial axes\(location())")
  }
  return 2..<x.rank
}
