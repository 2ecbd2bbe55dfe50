import Kernels

// Maxima and means of windows. Both are linear once the windows' maxima are known, so the gradient
// of a pool is the transpose of the pool, whose gradient is the pool again.
//
// The positions of maxima are not kept: the gradient searches x again, which is faster than to
// write and read them.

/// The windows of a pool: along each of the last axes a start and a number of elements for each
/// window, none of them outside of the array.
final class PoolBox: AttributeBox {
  /// The windows along one axis.
  struct Axis {
    var starts: [Int] = []
    var counts: [Int] = []
    /// By how much the sum is divided for a mean.
    var divisors: [Int] = []
    var step = 1
  }

  let xShape: Shape
  let yShape: Shape
  private(set) var pool = KPool()
  private let numbers: UnsafeMutablePointer<Int64>

  init(_ x: Shape, _ axes: [Axis]) {
    let outer = x.dropLast(axes.count)
    xShape = x
    yShape = Shape(outer + axes.map(\.starts.count))
    pool.outer = Int64(outer.reduce(1, *))
    pool.size = threeSizes(Array(x.suffix(axes.count)), filledWith: 1)
    pool.places = threeSizes(axes.map(\.starts.count), filledWith: 1)
    pool.step = threeSizes(axes.map(\.step), filledWith: 1)
    let all =
      Array(repeating: Axis(starts: [0], counts: [1], divisors: [1]), count: 3 - axes.count)
      + axes
    let list = all.flatMap { $0.starts + $0.counts + $0.divisors }
    numbers = .allocate(capacity: list.count)
    for (index, number) in list.enumerated() { numbers[index] = Int64(number) }
    var next = numbers
    let places = all.map { axis in
      let count = axis.starts.count
      defer { next += 3 * count }
      return (UnsafePointer(next), UnsafePointer(next + count), UnsafePointer(next + 2 * count))
    }
    pool.starts = (places[0].0, places[1].0, places[2].0)
    pool.counts = (places[0].1, places[1].1, places[2].1)
    pool.divisors = (places[0].2, places[1].2, places[2].2)
  }

  deinit { numbers.deallocate() }
}

// MARK: Maxima

/// The largest element of each window; −∞ for one without elements.
///
/// ∂/∂x: g at the first of the largest.
let maxPoolPrimitive = Primitive(
  "maxPool",
  .custom { s in
    let x = s[0].dense()
    largest(x, of: x, empty: -.infinity, s)
  }, liveness: .picks, rule: .perInput([{ s, g in scatterToMaxima(of: s[0], g, s.box()) }]))

/// The elements of v where the windows of x have their largest elements.
///
/// ∂/∂v: g at these.
let pickMaximaPrimitive = Primitive(
  "pickMaxima",
  .custom { s in largest(s[1].dense(), of: s[0].dense(), empty: 0, s) }, liveness: .picks,
  rule: .indexed { s, g, input in
    input == 0 ? nil : scatterToMaxima(of: s[0], g, s.box())
  })

/// The transpose of `pickMaxima`: adds g where the windows of x have their largest elements.
let scatterToMaximaPrimitive = Primitive(
  "scatterToMaxima",
  .blockwise { s, then in
    let (x, g) = (s[0].dense(), s[1].dense())
    var pool = s.box(PoolBox.self).pool
    k_pool_maximum_gradient(
      s.y.dtype.kernelType, &pool, s.node.fields.pointee.data, x.node.fields.pointee.data,
      g.node.fields.pointee.data, then)
    withExtendedLifetime((x, g)) {}
  }, liveness: .moves,
  rule: .indexed { s, u, input in input == 0 ? nil : pickMaxima(of: s[0], u, s.box()) })

private func largest(_ v: Variable, of x: Variable, empty: Double, _ s: Site) {
  var pool = s.box(PoolBox.self).pool
  k_pool_maximum(
    s.y.dtype.kernelType, &pool, s.node.fields.pointee.data, x.node.fields.pointee.data,
    v.node.fields.pointee.data, empty)
  withExtendedLifetime((x, v)) {}
}

/// The largest element of each window.
func maxPool(_ x: Variable, _ box: PoolBox) -> Variable {
  maxPoolPrimitive(x, shape: box.yShape, attributes: .box(box))
}

private func pickMaxima(of x: Variable, _ v: Variable, _ box: PoolBox) -> Variable {
  numbers(v, as: x.dtype) {
    pickMaximaPrimitive(x, $0, shape: box.yShape, attributes: .box(box))
  }
}

private func scatterToMaxima(of x: Variable, _ g: Variable, _ box: PoolBox) -> Variable {
  numbers(g, as: x.dtype) {
    scatterToMaximaPrimitive(x, $0, shape: box.xShape, attributes: .box(box))
  }
}

/// Applies a function that moves numbers to a mask as well: there 1 is true.
private func numbers(
  _ x: Variable, as dtype: DType, _ move: (Variable) -> Variable
) -> Variable {
  x.dtype == .bool ? move(x.cast(to: dtype)) .!= 0 : move(x)
}

// MARK: Means

/// The mean of each window.
let averagePoolPrimitive = Primitive(
  "averagePool",
  .custom { s in
    let x = s[0].dense()
    var pool = s.box(PoolBox.self).pool
    k_pool_mean(
      s.y.dtype.kernelType, &pool, s.node.fields.pointee.data, x.node.fields.pointee.data)
    withExtendedLifetime(x) {}
  }, liveness: .moves, rule: .perInput([{ s, g in spreadMeans(g, s.box()) }]))

/// Its transpose: adds to each element its share of the windows that hold it.
let spreadMeansPrimitive = Primitive(
  "spreadMeans",
  .custom { s in
    let g = s[0].dense()
    var pool = s.box(PoolBox.self).pool
    k_pool_mean_gradient(
      s.y.dtype.kernelType, &pool, s.node.fields.pointee.data, g.node.fields.pointee.data)
    withExtendedLifetime(g) {}
  }, liveness: .moves, rule: .perInput([{ s, u in averagePool(u, s.box()) }]))

/// The mean of each window.
func averagePool(_ x: Variable, _ box: PoolBox) -> Variable {
  numbers(x, as: .float32) {
    averagePoolPrimitive($0, shape: box.yShape, attributes: .box(box))
  }
}

private func spreadMeans(_ g: Variable, _ box: PoolBox) -> Variable {
  numbers(g, as: .float32) {
    spreadMeansPrimitive($0, shape: box.xShape, attributes: .box(box))
  }
}
