import Testing

@testable import Autograd

@Suite struct IdxTests {
  private static let images: [UInt8] =
    [0, 0, 8, 3, 0, 0, 0, 2, 0, 0, 0, 1, 0, 0, 0, 3] + [1, 2, 3, 4, 5, 255]

  private static func reason(_ bytes: [UInt8]) throws -> TensorFileError.Reason {
    try #require(throws: TensorFileError.self) { try Tensor(idxBytes: bytes) }.reason
  }

  @Test func `Arrays of all types are read`() throws {
    let images = try Tensor(idxBytes: Self.images)
    #expect(images.shape == [2, 1, 3] && images.dtype == .uint8)
    #expect(images.array(of: UInt8.self) == [1, 2, 3, 4, 5, 255])
    let integers = try Tensor(idxBytes: [0, 0, 0x0C, 1, 0, 0, 0, 1, 0xFF, 0xFF, 0xFF, 0xFE])
    #expect(integers.array(of: Int32.self) == [-2])
    let reals = try Tensor(idxBytes: [0, 0, 0x0D, 1, 0, 0, 0, 1, 0xC0, 0x20, 0, 0])
    #expect(reals.array(of: Float.self) == [-2.5])
    let doubles = try Tensor(idxBytes: [0, 0, 0x0E, 0, 0x40, 0x04, 0, 0, 0, 0, 0, 0])
    #expect(doubles.shape == [] && doubles.item() == 2.5)
    #expect(try Tensor(idxBytes: [0, 0, 8, 1, 0, 0, 0, 0]).shape == [0])
  }

  @Test func `Files are loaded by path`() throws {
    try withTemporaryPath("images") { path in
      try Platform.write(Self.images, to: path)
      #expect(try Tensor.load(idx: path).shape == [2, 1, 3])
      #expect(throws: TensorFileError.self) { try Tensor.load(idx: path + ".missing") }
    }
  }

  @Test func `Wrong files are refused`() throws {
    #expect(try Self.reason([]) == .wrongMagic(format: "an IDX file"))
    // A compressed file.
    #expect(try Self.reason([0x1F, 0x8B, 8, 0]) == .wrongMagic(format: "an IDX file"))
    #expect(try Self.reason([0, 0, 9, 1, 0, 0, 0, 0]) == .unsupportedType("int8"))
    #expect(try Self.reason([0, 0, 11, 1, 0, 0, 0, 0]) == .unsupportedType("int16"))
    #expect(try Self.reason([0, 0, 7, 1, 0, 0, 0, 0]) == .unsupportedType("number 7"))
    #expect(try Self.reason([0, 0, 8, 9]) == .tooManyAxes(9))
    #expect(try Self.reason([0, 0, 8, 1, 0xFF, 0xFF, 0xFF, 0xFF]) == .tooLarge)
    let huge: [UInt8] = [0x7F, 0xFF, 0xFF, 0xFF]
    #expect(try Self.reason([0, 0, 8, 3] + huge + huge + huge) == .tooLarge)
    #expect(
      try Self.reason([0, 0, 0x0E, 1] + huge) == .truncated(expected: 17_179_869_176, found: 0))
    #expect(try Self.reason(Self.images + [0]) == .trailingBytes(1))
    let error = try #require(throws: TensorFileError.self) {
      try Tensor(idxBytes: Array(Self.images.dropLast()), name: "train-images")
    }
    #expect(
      error.description
        == "train-images, byte 16: the file is cut off: 6 bytes must follow, 5 do")
  }

  @Test func `Truncated files are refused at every byte, and no changed byte stops the program`() {
    for count in Self.images.indices {
      #expect(throws: TensorFileError.self) {
        try Tensor(idxBytes: Array(Self.images[..<count]))
      }
    }
    for position in 0..<16 {
      for byte in UInt8.min...UInt8.max {
        var bytes = Self.images
        bytes[position] = byte
        if let tensor = try? Tensor(idxBytes: bytes) {
          #expect(tensor.count * tensor.dtype.size == 6)
        }
      }
    }
  }
}
