import Autograd
import NN
import Testing

@Suite struct CSVTests {
  @Test func readsHeaderRowsAndColumns() throws {
    let table = try CSV(parsing: "a,b,c\n1,x,2.5\n-3,y,1e3\n")
    #expect(table.header == ["a", "b", "c"])
    #expect(table.rowCount == 2)
    #expect(try table.strings(in: "b") == ["x", "y"])
    #expect(try table.numbers(in: "a") == [1, -3])
    #expect(try table.numbers(in: ["c", "a"]) == [[2.5, 1000], [1, -3]])
  }

  @Test(arguments: [
    "a,b\n1,2\n3,4\n", "a,b\n1,2\n3,4", "a,b\r\n1,2\r\n3,4\r\n", "a,b\r\n1,2\n3,4\r\n",
    "\u{FEFF}a,b\n1,2\n3,4\n", "\"a\",\"b\"\n\"1\",2\n3,\"4\"", "a,b\n 1,2 \n3,\t4\n",
  ])
  func spellingsOfOneTable(text: String) throws {
    let table = try CSV(parsing: text)
    #expect(table.header == ["a", "b"])
    #expect(try table.numbers(in: ["a", "b"]) == [[1, 3], [2, 4]])
  }

  @Test func quotedFieldsHoldCommasQuotesAndLineBreaks() throws {
    let table = try CSV(
      parsing: "id,\"the \"\"text\"\"\"\n1,\"a,b\"\n2,\"\"\"x\"\"\r\ny\"\n3,\"\"\n")
    #expect(table.header == ["id", "the \"text\""])
    #expect(try table.strings(in: "the \"text\"") == ["a,b", "\"x\"\r\ny", ""])
  }

  @Test func emptyFieldsAndTheHeaderAlone() throws {
    let table = try CSV(parsing: "a,b\n,\n")
    #expect(try table.strings(in: "a") == [""])
    #expect(try CSV(parsing: "a,b").rowCount == 0)
    #expect(try CSV(parsing: "a\n1\n\n3\n").strings(in: "a") == ["1", "", "3"])
  }

  /// Each text with its reason, line and column.
  static let malformed: [(String, CSVError.Reason, Int, Int)] = [
    ("a,b\n1\n", .raggedRow(fields: 1, expected: 2), 2, 1),
    ("a,b\n1,2\n1,2,3\n", .raggedRow(fields: 3, expected: 2), 3, 1),
    ("a,b\n1,2\n\n", .raggedRow(fields: 1, expected: 2), 3, 1),
    ("a,b\n\"1\n2\",3\n4,\"5", .unterminatedQuote, 4, 3),
    ("a,b\n1,x\"y\n", .strayQuote, 2, 4),
    ("a,b\n1,\"x\"y\n", .textAfterQuote, 2, 6),
    ("a,b\näö,\"x\"y\n", .textAfterQuote, 2, 7),
    ("a,b\r1,2\r", .bareCarriageReturn, 1, 4),
    ("a,b\n\"1\"\r2,3", .bareCarriageReturn, 2, 4),
    ("a,b\n1,2\n3,\u{0}", .nulCharacter, 3, 3),
    ("a,,c\n", .emptyHeader, 1, 3),
    ("a,b,a\n", .duplicateHeader("a"), 1, 5),
    ("\n1\n", .emptyHeader, 1, 1),
  ]

  @Test(arguments: malformed)
  func malformedTextIsRefusedWithItsPlace(
    text: String, reason: CSVError.Reason, line: Int, column: Int
  ) throws {
    let error = try #require(throws: CSVError.self) { try CSV(parsing: text, name: "t.csv") }
    #expect(error.reason == reason)
    #expect(error.line == line)
    #expect(error.column == column)
    #expect(error.description.hasPrefix("t.csv:\(line):\(column): "))
  }

  @Test(arguments: [[0x80], [0xC3], [0xC0, 0x80], [0xED, 0xA0, 0x80], [0xF5, 0x80, 0x80, 0x80]])
  func invalidUTF8IsRefused(sequence: [UInt8]) throws {
    let bytes = Array("ä\nb".utf8) + sequence + Array("\n".utf8)
    let error = try #require(throws: CSVError.self) { try CSV(parsing: bytes) }
    #expect(error.reason == .invalidUTF8)
    #expect(error.line == 2)
    #expect(error.column == 2)
  }

  @Test(arguments: ["", "\u{FEFF}"])
  func nothingAtAllIsRefused(text: String) throws {
    let error = try #require(throws: CSVError.self) { try CSV(parsing: text) }
    #expect(error.description == "CSV: the file is empty")
  }

  @Test func limitsAreKept() throws {
    var limits = CSV.Limits()
    limits.rows = 2
    limits.columns = 2
    limits.fieldBytes = 5
    limits.bytes = 40
    #expect(try CSV(parsing: "a,b\n1,12345\n3,4\n", limits: limits).rowCount == 2)
    for text in [
      "a,b\n1,2\n3,4\n5,6\n", "a,b,c\n", "a\n123456\n", String(repeating: "a\n", count: 21),
    ] {
      let error = try #require(throws: CSVError.self) { try CSV(parsing: text, limits: limits) }
      guard case .tooLarge = error.reason else {
        Issue.record("\(error)")
        continue
      }
    }
  }

  @Test func numbersAreDecimalAndFinite() throws {
    let good = ["0", "-0.5", "+.5", "5.", "6.02e23", "1E-3", "0.1", "1e-400", "007"]
    let table = try CSV(parsing: "x\n" + good.joined(separator: "\n"))
    #expect(
      try table.numbers(in: "x") == [0, -0.5, 0.5, 5, 6.02e23, 0.001, 0.1, 0, 7])
    for bad in ["inf", "nan", "0x1F", "1_000", "1 2", "--1", "1e", "e5", ".", "+", "ten", "١"] {
      let table = try CSV(parsing: "x,y\n1,2\n3,\(bad)\n", name: "t.csv")
      let error = try #require(throws: CSVError.self) { try table.numbers(in: "y") }
      #expect(error.reason == .notANumber(bad))
      #expect(error.description == "t.csv:3:3: row 2, field 'y': '\(bad)' is not a decimal number")
    }
    let error = try #require(throws: CSVError.self) {
      try CSV(parsing: "x\n1e400").numbers(in: "x")
    }
    #expect(error.reason == .outOfRange("1e400"))
  }

  @Test func missingValues() throws {
    let table = try CSV(parsing: "x,y\n1,2\n,4\n5,NA\n\"\",NA\n7, \n9,10\n", name: "t.csv")
    let error = try #require(throws: CSVError.self) { try table.numbers(in: "y") }
    #expect(error.description == "t.csv:4:3: row 3, field 'y': the value is missing")
    #expect(try table.numbers(in: ["x", "y"], missing: .skipRow) == [[1, 9], [2, 10]])
    let filled = try table.numbers(in: "x", missing: .nan)
    #expect(filled.map(\.isNaN) == [false, true, false, true, false, false])
    let bad = try CSV(parsing: "x,y\n,ten\n")
    #expect(throws: CSVError.self) { try bad.numbers(in: ["x", "y"], missing: .skipRow) }
  }

  @Test func typesAreInferred() throws {
    let table = try CSV(parsing: "number,gaps,word,blank\n1,NA,a,\n2,3,4,\n")
    #expect(try table.isNumeric("number"))
    #expect(try table.isNumeric("gaps"))
    #expect(try !table.isNumeric("word"))
    #expect(try !table.isNumeric("blank"))
    let error = try #require(throws: CSVError.self) { try table.isNumeric("nothing") }
    #expect(error.description.contains("no column 'nothing'; the columns are 'number', 'gaps'"))
  }

  @Test func randomTablesReadBackAsWritten() throws {
    var generator = SystemRandomNumberGenerator()
    let pieces = ["a", "é", "👩‍🔬", ",", "\"", "\n", "\r\n", " ", "\t", "7", ""]
    for _ in 0..<200 {
      let columns = Int.random(in: 1...4, using: &generator)
      let cells = (0..<columns * Int.random(in: 0...5, using: &generator)).map { _ in
        (0..<5).compactMap { _ in pieces.randomElement(using: &generator) }.joined()
      }
      let names = (0..<columns).map { "c\($0)" }
      let quoted = (names + cells).map { "\"" + $0.replacing("\"", with: "\"\"") + "\"" }
      let lines = stride(from: 0, to: quoted.count, by: columns).map {
        quoted[$0..<$0 + columns].joined(separator: ",")
      }
      let table = try CSV(parsing: lines.joined(separator: "\r\n"))
      for (index, name) in names.enumerated() {
        let expected = stride(from: index, to: cells.count, by: columns).map { cells[$0] }
        #expect(try table.strings(in: name) == expected)
      }
    }
  }

  @Test func damagedBytesAreReadOrRefusedButNeverTrap() throws {
    var generator = SystemRandomNumberGenerator()
    let original = Array("a,b\r\n\"x\"\"y\",1\r\n\"ä\n\",2.5e3\r\nNA,\r\n".utf8)
    let bytes: [UInt8] = [0, 10, 13, 34, 44, 0x41, 0x80, 0xC3, 0xFF]
    var refused = 0
    for _ in 0..<3000 {
      var damaged = original
      for _ in 0..<Int.random(in: 1...3, using: &generator) {
        let index = Int.random(in: 0..<damaged.count, using: &generator)
        if Bool.random(using: &generator) {
          damaged[index] = bytes.randomElement(using: &generator) ?? 0
        } else {
          damaged.remove(at: index)
        }
      }
      do throws(CSVError) {
        let table = try CSV(parsing: damaged)
        for name in table.header { _ = try table.isNumeric(name) }
      } catch {
        refused += 1
        #expect(error.line ?? 0 >= 1 && error.column ?? 0 >= 1, "\(error)")
      }
    }
    #expect(refused > 1000)
  }

  @Test func filesAreReadAndTheirErrorsNamed() throws {
    let missing = try #require(throws: CSVError.self) {
      try CSV(contentsOf: "/no/such/table.csv")
    }
    #expect(missing.description.hasPrefix("/no/such/table.csv: cannot read the file: "))
    #expect(throws: CSVError.self) { try CSV(contentsOf: "/") }
    let folder = try TemporaryFolder()
    defer { folder.remove() }
    let path = folder.path + "/cars.csv"
    try Platform.write(Array("speed,distance\n4,2\n7,4\n".utf8), to: path)
    #expect(try CSV(contentsOf: path).numbers(in: "distance") == [2, 4])
  }
}
