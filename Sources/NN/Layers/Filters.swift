import Autograd

// What the layers of convolutions and of transposed convolutions share.

/// Filters and biases drawn from U(−1/√n, 1/√n) with n = the product of all axes of the filters but
/// the first, which PyTorch does for transposed convolutions, too.
struct InitialFilters {
  let weight: Variable
  let bias: Variable?

  init(
    shape: Shape, biasCount: Int?, _ dtype: DType, _ generator: inout RandomGenerator
  ) {
    let bound = 1 / Fan.input(shape).squareRoot()
    weight = uniformParameter(shape, within: bound, dtype, &generator)
    bias = biasCount.map { uniformParameter([$0], within: bound, dtype, &generator) }
  }
}

/// Stops with an error unless the groups divide both numbers of channels.
func requireChannels(_ name: String, _ inputs: Int, _ outputs: Int, _ groups: Int) {
  guard inputs > 0, outputs > 0 else {
    fatalError("\(name): \(inputs) inputs and \(outputs) outputs; both must be at least 1")
  }
  guard groups > 0, inputs % groups == 0, outputs % groups == 0 else {
    fatalError(
      "\(name): \(groups) groups do not divide \(inputs) inputs and \(outputs) outputs")
  }
}

/// Stops with an error unless given filters have the axes, and the bias the shape, that a layer
/// needs.
func requireFilters(
  _ name: String, _ weight: Variable, _ bias: Variable?, _ spatialRank: Int, _ groups: Int,
  outputs: Int?
) {
  guard weight.rank == spatialRank + 2, weight.count > 0 else {
    fatalError(
      "\(name): the weight \(describe(weight)) does not have \(spatialRank + 2) axes with elements")
  }
  guard groups > 0, weight.shape[0] % groups == 0 else {
    fatalError("\(name): \(groups) groups do not divide axis 0 of the weight \(describe(weight))")
  }
  if let bias, let outputs, bias.shape != [outputs] {
    fatalError(
      "\(name): the bias \(describe(bias)) does not have shape [\(outputs)]; the weight is "
        + describe(weight))
  }
}

/// The number of channels of an input; stops with an error if it does not have the axes that a
/// layer needs.
func channels(of x: Variable, _ spatialRank: Int, _ name: String) -> Int {
  guard x.rank == spatialRank + 2 else {
    fatalError(
      "\(name): the input \(describe(x)) does not have \(spatialRank + 2) axes\(location(of: x))")
  }
  return x.shape[1]
}

/// "kernel 3×3".
func kernelLabel(_ weight: Variable) -> String {
  "kernel " + weight.shape.dropFirst(2).map(String.init).joined(separator: "×")
}

/// "2" or "2×1".
func text(_ sizes: SpatialSizes) -> String {
  sizes.sizes.map(String.init).joined(separator: "×")
}
