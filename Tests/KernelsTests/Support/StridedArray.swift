/// Memory with an offset and strides, all read by a walk over every index: the reference of
/// layouts.
struct StridedArray<Element> {
  var memory: [Element]
  var offset: Int
  var shape: [Int]
  var strides: [Int64]

  /// Places in memory of all elements in row-major order.
  var places: [Int] {
    var places = [offset]
    for (size, stride) in zip(shape, strides) {
      places = places.flatMap { place in (0..<size).map { place + $0 * Int(stride) } }
    }
    return places
  }

  var elements: [Element] { places.map { memory[$0] } }

  /// Axes in any order in memory, some reversed, some repeated (stride 0), some with gaps.
  init(
    shape: [Int], mayRepeat: Bool, _ draw: inout Draw, element: (inout Draw) -> Element
  ) {
    var axes = Array(shape.indices)
    if draw(2) == 0 {
      for axis in axes.indices.reversed() { axes.swapAt(axis, draw(axis + 1)) }
    }
    offset = 0
    strides = shape.map { _ in 0 }
    var next = draw(5) == 0 ? 2 : 1
    for axis in axes.reversed() {
      let kind = draw(8)
      if kind < 2 && mayRepeat { continue }
      strides[axis] = Int64(kind == 2 ? -next : next)
      if kind == 2 { offset += next * max(shape[axis] - 1, 0) }
      next *= max(shape[axis], 1)
      if draw(6) == 0 { next += 3 }
    }
    self.shape = shape
    memory = []
    memory.reserveCapacity(next + 1)
    for _ in 0...next { memory.append(element(&draw)) }
  }

  func withPointer<Result>(_ body: (UnsafePointer<Element>) -> Result) -> Result {
    memory.withUnsafeBufferPointer { body($0.baseAddress! + offset) }
  }
}

/// Shapes of rank 0 to 8 with sizes about the borders of vectors, rows, tiles and panels.
func randomShape(_ draw: inout Draw, atMost limit: Int = 30_000) -> [Int] {
  let small = [1, 2, 3, 4, 5, 0]
  let middle = [1, 2, 3, 8, 15, 16, 17, 23, 24, 31, 33]
  let large = [1, 4, 16, 31, 33, 255, 256, 257, 511, 512, 513, 600, 8193]
  while true {
    let rank = draw(9)
    let sizes = rank > 4 ? small : rank > 2 ? middle : large
    let shape = (0..<rank).map { _ in draw.pick(sizes) }
    if shape.reduce(1, *) <= limit { return shape }
  }
}
