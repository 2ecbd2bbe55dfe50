import Testing

@testable import Autograd

@Suite struct NpyTests {
  private static let ramp = [-2, -0.5, 1, 2.5, 4, 5.5]

  private static let readable: [(file: String, shape: Shape, dtype: DType, values: [Double])] = [
    ("float32", [2, 3], .float32, ramp),
    ("float64 columns first", [2, 3], .float64, ramp),
    ("float64 big-endian", [2, 3], .float64, ramp),
    ("float32 big-endian columns first", [2, 3], .float32, ramp),
    ("int32 big-endian", [2, 3], .int32, [-2, -1, 0, 1, 2, 3]),
    ("int64 version 2", [2, 3], .int64, [-2, -1, 0, 1, 2, 3]),
    ("int32 version 3", [2, 3], .int32, [-2, -1, 0, 1, 2, 3]),
    ("uint8", [2, 3], .uint8, [250, 251, 252, 253, 254, 255]),
    ("bool", [2, 3], .bool, [0, 1, 0, 1, 0, 1]),
    ("scalar", [], .int64, [-7]),
    ("one axis", [3], .float64, [0, 1, 2]),
    ("empty", [0, 3], .float32, []),
    ("four axes columns first", [2, 3, 1, 4], .float64, (0..<24).map(Double.init)),
  ]

  @Test(arguments: readable.indices)
  func `Files of NumPy's are read`(index: Int) throws {
    let (file, shape, dtype, values) = Self.readable[index]
    let tensor = try Tensor(npyBytes: npyFile(file))
    #expect(tensor.shape == shape, "\(file)")
    #expect(tensor.dtype == dtype, "\(file)")
    #expect(tensor.doubles() == values, "\(file)")
    #expect(tensor.isContiguous, "\(file)")
  }

  @Test(arguments: ["float32", "uint8", "bool", "scalar", "one axis", "empty"])
  func `Files are written byte for byte as NumPy writes them`(file: String) throws {
    #expect(try Tensor(npyBytes: npyFile(file)).npyBytes() == npyFile(file))
  }

  @Test(arguments: DType.allCases)
  func `What is written is read back`(dtype: DType) throws {
    for shape: Shape in [[], [0], [1], [5], [2, 3], [3, 1, 2], [1, 1, 2, 1, 1, 1, 3, 1]] {
      let tensor = Tensor.range(to: Double(shape.elementCount)).reshaped(to: shape)
        .converted(to: dtype)
      let bytes = tensor.npyBytes()
      #expect((bytes.count - tensor.count * dtype.size) % 64 == 0)
      let copy = try Tensor(npyBytes: bytes)
      #expect(copy.shape == shape && copy.dtype == dtype)
      #expect(copy.doubles() == tensor.doubles())
    }
  }

  @Test func `Bits survive, and views are written in row-major order`() throws {
    let odd: [Double] = [.nan, -0.0, .infinity, .leastNonzeroMagnitude, .greatestFiniteMagnitude]
    let bits = try Tensor(npyBytes: Tensor(odd).npyBytes()).array(of: Double.self)
    #expect(bits.map(\.bitPattern) == odd.map(\.bitPattern))
    let view = Tensor.range(to: 6).reshaped(2, 3).transposed()
    #expect(try Tensor(npyBytes: view.npyBytes()).doubles() == [0, 3, 1, 4, 2, 5])
  }

  @Test func `Files are saved and loaded, and errors say which`() throws {
    try withTemporaryPath("x.npy") { path in
      let tensor = Tensor([1.5, -2] as [Double])
      try tensor.save(npy: path)
      #expect(try Tensor.load(npy: path).doubles() == [1.5, -2])
      try Tensor([7] as [Int]).save(npy: path)
      #expect(try Tensor.load(npy: path).doubles() == [7])
      let missing = try #require(throws: TensorFileError.self) {
        try Tensor.load(npy: path + ".missing")
      }
      #expect(missing.description.hasPrefix("\(path).missing: cannot read the file: "))
      let unwritable = try #require(throws: TensorFileError.self) {
        try tensor.save(npy: path + "/no/x.npy")
      }
      #expect(unwritable.description.contains("/no/x.npy: cannot write the file: "))
    }
  }

  private static let header = "{'descr': '|u1', 'fortran_order': False, 'shape': (3,), }"

  @Test(arguments: [
    header, "{'shape': (3,), 'fortran_order': True, 'descr': '|u1'}",
    "{\"descr\":\"|u1\",\"fortran_order\":False,\"shape\":(3,)}",
    "{ 'descr' : '|u1' , 'shape' : ( 3 , ) , 'fortran_order' : False , }   ",
  ])
  func `Spellings of one header`(header: String) throws {
    #expect(try Tensor(npyBytes: npy(header, elements: [1, 2, 3])).doubles() == [1, 2, 3])
  }

  @Test(arguments: [
    "", "{}", "{,}", "[]", "{'descr': '|u1'}", "{'descr': '|u1', 'fortran_order': False}",
    header + " x", " " + header + "\t", header + "\n",
    header.replacing("'|u1'", with: "'|u1"), header.replacing("'|u1'", with: "\"|u1'"),
    header.replacing("'|u1'", with: "'|u1\\n'"), header.replacing("'|u1'", with: "u'|u1'"),
    header.replacing("False", with: "0"), header.replacing("False", with: "false"),
    header.replacing("False", with: "Falsey"), header.replacing("(3,)", with: "(3)"),
    header.replacing("(3,)", with: "3"), header.replacing("(3,)", with: "[3]"),
    header.replacing("(3,)", with: "(,)"), header.replacing("(3,)", with: "(3,,)"),
    header.replacing("(3,)", with: "(-3,)"), header.replacing("(3,)", with: "(03,)"),
    header.replacing("(3,)", with: "(3L,)"), header.replacing("(3,)", with: "(3.0,)"),
    header.replacing("(3,)", with: "(1+2,)"), header.replacing("(3,)", with: "(3 1)"),
    header.replacing(", }", with: ", 'more': 1}"),
    header.replacing(", }", with: ", 'descr': '|u1'}"),
    header.replacing("'shape'", with: "'Shape'"), header.replacing(":", with: ""),
    "{'descr': __import__('os'), 'fortran_order': False, 'shape': (3,), }",
  ])
  func `Other headers are refused`(header: String) throws {
    let error = try #require(throws: TensorFileError.self) {
      try Tensor(npyBytes: npy(header, elements: [1, 2, 3]))
    }
    guard case .malformedHeader = error.reason else {
      Issue.record("\(header): \(error)")
      return
    }
    #expect(error.offset ?? 0 >= 10)
  }

  @Test(arguments: [
    ("complex", "'<c8'"), ("half", "'<f2'"), ("objects", "'|O'"), ("text", "'<U2'"),
    ("records", "of records"),
  ])
  func `Types that no tensor has are refused`(file: String, type: String) throws {
    let error = try #require(throws: TensorFileError.self) { try Tensor(npyBytes: npyFile(file)) }
    #expect(error.reason == .unsupportedType(type))
    #expect(error.offset == 20)
  }

  @Test func `Sizes are checked before any memory is asked for`() throws {
    func reason(_ shape: String, type: String = "|u1") throws -> TensorFileError.Reason {
      let header = Self.header.replacing("(3,)", with: shape).replacing("|u1", with: type)
      return try #require(throws: TensorFileError.self) { try Tensor(npyBytes: npy(header)) }.reason
    }
    #expect(try reason("(3,)") == .truncated(expected: 3, found: 0))
    #expect(
      try reason("(2147483647,)", type: "<f8") == .truncated(expected: 17_179_869_176, found: 0))
    #expect(try reason("(2147483648,)") == .tooLarge)
    #expect(try reason("(99999999999999999999999,)") == .tooLarge)
    #expect(try reason("(2147483647, 2147483647, 2)") == .tooLarge)
    // The product overflows on the way, although it is 0.
    #expect(try reason("(2147483647, 2147483647, 2147483647, 0)") == .tooLarge)
    #expect(try reason("(1, 1, 1, 1, 1, 1, 1, 1, 1)") == .tooManyAxes(9))
  }

  @Test func `Truth values are 0 or 1`() throws {
    var bytes = npyFile("bool")
    bytes[bytes.count - 2] = 7
    let error = try #require(throws: TensorFileError.self) {
      try Tensor(npyBytes: bytes, name: "mask.npy")
    }
    #expect(
      error.description == "mask.npy, byte 132: a truth value is stored as 0 or 1, not as 7")
  }

  @Test func `Magic, version, length and end are checked`() throws {
    let good = npyFile("uint8")
    func reason(_ edit: (inout [UInt8]) -> Void) throws -> TensorFileError.Reason {
      var bytes = good
      edit(&bytes)
      return try #require(throws: TensorFileError.self) { try Tensor(npyBytes: bytes) }.reason
    }
    #expect(try reason { $0 = [] } == .wrongMagic(format: "a npy array"))
    #expect(try reason { $0[0] = 0x92 } == .wrongMagic(format: "a npy array"))
    #expect(try reason { $0[6] = 4 } == .unknownVersion(major: 4, minor: 0))
    #expect(try reason { $0[7] = 1 } == .unknownVersion(major: 1, minor: 1))
    #expect(try reason { $0[9] = 0x28 } == .malformedHeader("10358 bytes are more than 10000"))
    #expect(try reason { $0[9] = 0x20 } == .truncated(expected: 8310, found: 124))
    #expect(try reason { $0.append(0) } == .trailingBytes(1))
    #expect(try reason { $0.removeLast() } == .truncated(expected: 6, found: 5))
  }

  @Test(arguments: ["float32", "int64 version 2", "bool", "scalar", "four axes columns first"])
  func `Truncated files are refused at every byte`(file: String) throws {
    let bytes = npyFile(file)
    for count in bytes.indices {
      #expect(throws: TensorFileError.self) { try Tensor(npyBytes: Array(bytes[..<count])) }
    }
  }

  @Test(arguments: ["float32", "int32 version 3", "bool"])
  func `Any changed byte of a header is an error or another valid file`(file: String) throws {
    let original = npyFile(file)
    let start = original.count - (file == "bool" ? 6 : 24)
    var refused = 0
    for position in 0..<start {
      for byte in UInt8.min...UInt8.max {
        var bytes = original
        bytes[position] = byte
        do throws(TensorFileError) {
          let tensor = try Tensor(npyBytes: bytes)
          // As many bytes as before, however they are understood.
          #expect(tensor.count * tensor.dtype.size == original.count - start)
        } catch {
          refused += 1
          #expect(error.offset != nil)
        }
      }
    }
    #expect(refused > 255 * (start - 3))
  }
}
