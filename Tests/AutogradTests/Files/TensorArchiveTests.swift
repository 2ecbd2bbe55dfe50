import Testing

@testable import Autograd

@Suite struct TensorArchiveTests {
  private static let named: [String: Tensor] = [
    "bias": Tensor([0, 1] as [Double]), "größe": Tensor([3], shape: []),
    "weight": Tensor.range(to: 6).reshaped(2, 3),
  ]

  private static func read(_ bytes: [UInt8]) throws(TensorFileError) -> [String: Tensor] {
    try tensors(in: ByteReader(bytes, file: "a.tensors"))
  }

  private static func archive(names: String, _ tensors: [Tensor]) -> [UInt8] {
    var bytes: [UInt8] = []
    for tensor in [Tensor(Array(names.utf8))] + tensors { tensor.appendNpy(to: &bytes) }
    return bytes
  }

  @Test func `The file is what NumPy writes by saving one array after the other`() {
    #expect(archiveBytes(of: Self.named) == npyFile("archive"))
  }

  @Test func `NumPy's file is read`() throws {
    let tensors = try Self.read(npyFile("archive"))
    #expect(tensors.keys.sorted() == ["bias", "größe", "weight"])
    for (name, tensor) in Self.named {
      #expect(tensors[name]?.shape == tensor.shape)
      #expect(tensors[name]?.dtype == tensor.dtype)
      #expect(tensors[name]?.doubles() == tensor.doubles())
    }
  }

  @Test func `Files are saved and loaded`() throws {
    try withTemporaryPath("model.tensors") { path in
      try saveTensors(Self.named, to: path)
      #expect(try loadTensors(from: path).count == 3)
      try saveTensors([:], to: path)
      #expect(try loadTensors(from: path).isEmpty)
      // Line ends other than the separator, and a name that looks like a path, are only names.
      let strange = ["a\r": Tensor.zeros([2]), "../b": Tensor.ones([0]), " ": Tensor.ones([])]
      try saveTensors(strange, to: path)
      #expect(Set(try loadTensors(from: path).keys) == Set(strange.keys))
      #expect(throws: TensorFileError.self) { try loadTensors(from: path + ".missing") }
      #expect(throws: TensorFileError.self) { try saveTensors(strange, to: path + "/no/b") }
    }
  }

  @Test func `Wrong lists of names are refused`() throws {
    func reason(_ bytes: [UInt8]) throws -> TensorFileError.Reason {
      try #require(throws: TensorFileError.self) { try Self.read(bytes) }.reason
    }
    let one = Tensor.ones([1])
    #expect(try reason(Self.archive(names: "a\na", [one, one])) == .duplicateName("a"))
    // Two spellings of one string.
    #expect(
      try reason(Self.archive(names: "\u{E9}\ne\u{301}", [one, one])) == .duplicateName("é"))
    #expect(
      try reason(Self.archive(names: "a\n", [one, one])) == .malformedNames("an empty name"))
    #expect(try reason(Self.archive(names: "a\n\nb", [one])) == .malformedNames("an empty name"))
    #expect(try reason(Self.archive(names: "a\nb", [one])) == .wrongMagic(format: "a npy array"))
    let extra = one.npyBytes().count
    #expect(try reason(Self.archive(names: "a", [one, one])) == .trailingBytes(extra))
    #expect(try reason(Self.archive(names: "", [one])) == .trailingBytes(extra))
    #expect(
      try reason(one.npyBytes())
        == .malformedNames("uint8 with one axis is expected, not float32 [1]"))
    #expect(
      try reason(Tensor([0xC3, 0x28] as [UInt8]).npyBytes())
        == .malformedNames("this is not UTF-8 text"))
    #expect(throws: TensorFileError.self) { try Self.read([]) }
  }

  @Test func `Errors give the place in the file`() throws {
    var bytes = archiveBytes(of: ["a": Tensor.ones([1]), "b": Tensor.ones([1])])
    // After the names, which are three bytes, and the first array.
    bytes[131 + 132 + 1] = 0
    let error = try #require(throws: TensorFileError.self) { try Self.read(bytes) }
    #expect(error.description == "a.tensors, byte 263: this is not a npy array")
  }

  @Test func `Truncated files are refused at every byte`() {
    let bytes = npyFile("archive")
    for count in bytes.indices {
      #expect(throws: TensorFileError.self) { try Self.read(Array(bytes[..<count])) }
    }
  }

  @Test(arguments: ["", "a\nb"])
  func `Names that the file cannot hold stop with an error`(name: String) async {
    let result = await #expect(
      processExitsWith: .failure, observing: [\.standardErrorContent]
    ) { [name = name as String] in
      _ = archiveBytes(of: [name: Tensor.ones([1])])
    }
    let message = String(decoding: result?.standardErrorContent ?? [], as: UTF8.self)
    #expect(message.contains("saveTensors: the name '\(name)' is empty or contains a line feed"))
  }
}
