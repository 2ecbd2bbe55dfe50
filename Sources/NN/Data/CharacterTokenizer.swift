import Autograd

/// Turns text into numbers, one for each character, and back.
///
/// A character is a Unicode scalar (what Python calls a character), so that decoding gives back
/// exactly the text. Numbers count the vocabulary in the order of code points, as Python's
/// `sorted(set(text))` does.
///
/// ```swift
/// let tokenizer = CharacterTokenizer(fitting: "hello")
/// try tokenizer.encode("hole")                  // [1, 3, 2, 0]
/// try tokenizer.decode([1, 3, 2, 0])            // "hole"
/// let vocabulary = tokenizer.vocabularyTensor   // to save with the model
/// ```
public struct CharacterTokenizer: Sendable, Hashable {
  /// What becomes of characters that are not in the vocabulary.
  public enum UnknownCharacters: Sendable, Hashable {
    /// Encoding throws an error.
    case refuse
    /// They are left out.
    case skip
    /// They become U+FFFD �, which then is in the vocabulary.
    case replace
  }

  /// The characters by their numbers.
  public let vocabulary: [Unicode.Scalar]
  /// What becomes of other characters.
  public let unknown: UnknownCharacters
  private let numbers: [Unicode.Scalar: Int]

  /// Creates a tokenizer with the characters of a text.
  public init(fitting text: String, unknown: UnknownCharacters = .refuse) {
    var characters = Set(text.unicodeScalars)
    if unknown == .replace { characters.insert(CharacterTokenizer.replacement) }
    self.init(characters.sorted(), unknown)
  }

  /// Creates a tokenizer from a saved vocabulary.
  ///
  /// - Parameters:
  ///   - vocabularyTensor: What ``vocabularyTensor`` returned.
  ///   - unknown: What becomes of other characters.
  /// - Throws: ``TokenizerError`` if the tensor is not int32 with one axis, of ascending code
  ///   points, with U+FFFD among them if it is to replace others.
  public init(
    vocabularyTensor: Tensor, unknown: UnknownCharacters = .refuse
  ) throws(TokenizerError) {
    guard vocabularyTensor.dtype == .int32, vocabularyTensor.rank == 1 else {
      throw .notAVocabulary(
        "\(vocabularyTensor.dtype) \(vocabularyTensor.shape) is not int32 with one axis")
    }
    var characters: [Unicode.Scalar] = []
    for code in vocabularyTensor.array(of: Int32.self) {
      guard let character = Unicode.Scalar(UInt32(bitPattern: code)) else {
        throw .notAVocabulary("\(code) is not a character's code point")
      }
      if let last = characters.last, last >= character {
        throw .notAVocabulary("code point \(code) follows \(last.value); they must ascend")
      }
      characters.append(character)
    }
    if unknown == .replace, !characters.contains(CharacterTokenizer.replacement) {
      throw .notAVocabulary("U+FFFD, which replaces unknown characters, is not in it")
    }
    self.init(characters, unknown)
  }

  private init(_ vocabulary: [Unicode.Scalar], _ unknown: UnknownCharacters) {
    self.vocabulary = vocabulary
    self.unknown = unknown
    numbers = Dictionary(uniqueKeysWithValues: zip(vocabulary, vocabulary.indices))
  }

  private static let replacement: Unicode.Scalar = "\u{FFFD}"

  /// The number of characters in the vocabulary.
  public var count: Int { vocabulary.count }

  /// The code points of the vocabulary, as int32, to be saved.
  public var vocabularyTensor: Tensor { Tensor(vocabulary.map { Int32($0.value) }) }

  /// The numbers of a text's characters, as int64.
  ///
  /// - Throws: ``TokenizerError`` at the first unknown character, if they are refused.
  public func encode(_ text: String) throws(TokenizerError) -> Tensor {
    var tokens: [Int] = []
    tokens.reserveCapacity(text.utf8.count)
    for (offset, character) in text.unicodeScalars.enumerated() {
      if let number = numbers[character] {
        tokens.append(number)
        continue
      }
      switch unknown {
      case .refuse: throw .unknownCharacter(character, offset: offset)
      case .skip: break
      case .replace: tokens.append(numbers[CharacterTokenizer.replacement]!)
      }
    }
    return Tensor(tokens)
  }

  /// The text of the numbers, whatever their shape, in row-major order.
  ///
  /// - Throws: ``TokenizerError`` at the first number that is not in the vocabulary.
  public func decode(_ tokens: Tensor) throws(TokenizerError) -> String {
    guard tokens.dtype.isInteger else { throw .notTokens(tokens.dtype) }
    var text = String.UnicodeScalarView()
    for (offset, token) in tokens.converted(to: .int64).array(of: Int.self).enumerated() {
      guard vocabulary.indices.contains(token) else {
        throw .unknownToken(token, offset: offset, count: count)
      }
      text.append(vocabulary[token])
    }
    return String(text)
  }
}

/// Why a text or numbers could not be translated.
public enum TokenizerError: Error, Equatable, Sendable, CustomStringConvertible {
  /// A character that is not in the vocabulary, and how many characters come before it.
  case unknownCharacter(Unicode.Scalar, offset: Int)
  /// A number that is not in the vocabulary, how many numbers come before it, and how many there
  /// are in the vocabulary.
  case unknownToken(Int, offset: Int, count: Int)
  /// A type that is not of integers.
  case notTokens(DType)
  /// A saved vocabulary that is none; why.
  case notAVocabulary(String)

  /// The error in a sentence.
  public var description: String {
    switch self {
    case .unknownCharacter(let character, let offset):
      "the character '\(character)' (U+\(String(character.value, radix: 16, uppercase: true))) "
        + "at offset \(offset) is not in the vocabulary"
    case .unknownToken(let token, let offset, let count):
      "the token \(token) at offset \(offset) is not in the vocabulary of \(count)"
    case .notTokens(let dtype): "tokens are integers, not \(dtype)"
    case .notAVocabulary(let problem): "this is not a vocabulary: \(problem)"
    }
  }
}
