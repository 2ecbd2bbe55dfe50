import Autograd
import NN
import Testing

@Suite struct CharacterTokenizerTests {
  private typealias Unknown = CharacterTokenizer.UnknownCharacters

  @Test func `Text is encoded by code points in ascending order`() throws {
    let tokenizer = CharacterTokenizer(fitting: "hello")
    #expect(tokenizer.vocabulary == ["e", "h", "l", "o"])
    #expect(tokenizer.count == 4)
    let tokens = try tokenizer.encode("hole")
    #expect(tokens.dtype == .int64)
    #expect(tokens.array(of: Int.self) == [1, 3, 2, 0])
    #expect(try tokenizer.decode(tokens) == "hole")
    #expect(try tokenizer.encode("").shape == [0])
    #expect(try tokenizer.decode(Tensor([[1, 0], [2, 2]], dtype: .int32)) == "hell")
    #expect(CharacterTokenizer(fitting: "").count == 0)
  }

  @Test(arguments: ["a\r\nb\n", "e\u{301}\u{E9}", "👩‍🔬🇩🇪", "\u{0}\u{10FFFF}", "日本語"])
  func `Decoding gives back the very scalars`(text: String) throws {
    let tokenizer = CharacterTokenizer(fitting: text)
    let copy = try tokenizer.decode(tokenizer.encode(text))
    #expect(Array(copy.unicodeScalars) == Array(text.unicodeScalars))
  }

  @Test func `Unknown characters are refused, skipped or replaced`() throws {
    let strict = CharacterTokenizer(fitting: "abc")
    let error = try #require(throws: TokenizerError.self) { try strict.encode("abéc") }
    #expect(error == .unknownCharacter("é", offset: 2))
    #expect(error.description == "the character 'é' (U+E9) at offset 2 is not in the vocabulary")
    let skipping = CharacterTokenizer(fitting: "abc", unknown: .skip)
    #expect(try skipping.encode("axbyc").array(of: Int.self) == [0, 1, 2])
    let replacing = CharacterTokenizer(fitting: "abc", unknown: .replace)
    #expect(replacing.count == 4)
    #expect(try replacing.decode(replacing.encode("axbyc")) == "a\u{FFFD}b\u{FFFD}c")
  }

  @Test func `Unknown numbers are refused`() throws {
    let tokenizer = CharacterTokenizer(fitting: "abc")
    for token in [-1, 3, Int.max] {
      let error = try #require(throws: TokenizerError.self) {
        try tokenizer.decode(Tensor([0, token]))
      }
      #expect(error == .unknownToken(token, offset: 1, count: 3))
    }
    #expect(throws: TokenizerError.notTokens(.float32)) { try tokenizer.decode([0, 1]) }
  }

  @Test func `The vocabulary is saved as a tensor`() throws {
    let tokenizer = CharacterTokenizer(fitting: "añ\n🎈", unknown: .replace)
    let saved = tokenizer.vocabularyTensor
    #expect(saved.dtype == .int32)
    let copy = try CharacterTokenizer(vocabularyTensor: saved, unknown: .replace)
    #expect(copy == tokenizer)
    #expect(try copy.encode("ñ🎈!").doubles() == tokenizer.encode("ñ🎈!").doubles())
  }

  @Test(arguments: [
    (Tensor([97, 98]), "float32 [2] is not int32 with one axis"),
    (Tensor([[97]], dtype: .int32), "int32 [1, 1] is not int32 with one axis"),
    (Tensor([98, 97], dtype: .int32), "code point 97 follows 98"),
    (Tensor([97, 97], dtype: .int32), "code point 97 follows 97"),
    (Tensor([-1], dtype: .int32), "-1 is not a character's code point"),
    (Tensor([0xD800], dtype: .int32), "55296 is not a character's code point"),
    (Tensor([97], dtype: .int32), "U+FFFD, which replaces unknown characters, is not in it"),
  ])
  func `Other tensors are no vocabulary`(tensor: Tensor, message: String) throws {
    let error = try #require(throws: TokenizerError.self) {
      try CharacterTokenizer(vocabularyTensor: tensor, unknown: .replace)
    }
    #expect(error.description.contains(message))
  }
}
