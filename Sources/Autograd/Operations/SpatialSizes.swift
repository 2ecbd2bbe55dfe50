// Sizes along the spatial axes of convolutions and pools.

/// One number for each spatial axis, or one for all: a stride, a dilation, the size of a window.
///
/// Written as a literal: `stride: 2` or `stride: [2, 1]`.
public struct SpatialSizes: Sendable, Hashable, ExpressibleByIntegerLiteral,
  ExpressibleByArrayLiteral
{
  /// The numbers as they were given.
  public let sizes: [Int]

  /// Creates the same number for all axes.
  public init(_ size: Int) { sizes = [size] }

  /// Creates one number for each axis.
  public init(_ sizes: [Int]) { self.sizes = sizes }

  /// Creates the same number for all axes.
  public init(integerLiteral size: Int) { sizes = [size] }

  /// Creates one number for each axis.
  public init(arrayLiteral sizes: Int...) { self.sizes = sizes }

  /// One number for each of `count` axes, none below `minimum`; else stops with an error.
  package func resolved(_ count: Int, minimum: Int, _ name: String, operation: String) -> [Int] {
    guard sizes.count == count || sizes.count == 1 else {
      fatalError("\(operation): \(name) \(sizes) does not fit \(count) spatial axes")
    }
    if let small = sizes.first(where: { $0 < minimum }) {
      fatalError("\(operation): \(name) \(small) is below \(minimum)")
    }
    return sizes.count == count ? sizes : Array(repeating: sizes[0], count: count)
  }
}

/// How many zeros surround the input of a convolution.
///
/// Written as a case or a literal: `padding: .same`, `padding: 1` or `padding: [1, 2]`.
public enum ConvolutionPadding: Sendable, Hashable, ExpressibleByIntegerLiteral,
  ExpressibleByArrayLiteral
{
  /// None.
  case valid
  /// As many as keep the size; the stride must be 1. If their number is odd, one more comes after.
  case same
  /// So many on both sides of each spatial axis.
  case explicit(SpatialSizes)

  /// Creates the same number on both sides of all axes.
  public init(integerLiteral size: Int) { self = .explicit(SpatialSizes(size)) }

  /// Creates a number for each axis, used on both its sides.
  public init(arrayLiteral sizes: Int...) { self = .explicit(SpatialSizes(sizes)) }

  func widths(
    kernel: [Int], stride: [Int], dilation: [Int], operation: String
  ) -> [(before: Int, after: Int)] {
    switch self {
    case .valid: return kernel.map { _ in (0, 0) }
    case .explicit(let sizes):
      let sizes = sizes.resolved(kernel.count, minimum: 0, "padding", operation: operation)
      return sizes.map { ($0, $0) }
    case .same:
      guard stride.allSatisfy({ $0 == 1 }) else {
        fatalError("\(operation): padding .same needs stride 1, not \(stride)")
      }
      return zip(kernel, dilation).map { size, dilation in
        let total = dilation * (size - 1)
        return (total / 2, total - total / 2)
      }
    }
  }
}

extension Variable {
  /// The windows along each of the last axes: […, windows…, size…].
  func spatialWindows(
    size: [Int], stride: [Int], dilation: [Int], operation: String
  ) -> Variable {
    let first = rank - size.count
    var result = self
    for index in size.indices {
      let span = dilation[index] * (size[index] - 1) + 1
      guard span <= shape[first + index] else {
        fatalError(
          "\(operation): the window spans \(span) elements, more than axis \(first + index) "
            + "of the padded input "
            + "\(shape)\(location(of: self))")
      }
      result = result.windows(
        axis: first + index, size: size[index], stride: stride[index], dilation: dilation[index])
    }
    return result
  }
}
