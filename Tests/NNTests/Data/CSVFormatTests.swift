import NN
import Testing

@Suite struct CSVFormatTests {
  @Test(arguments: [";", "\t", "|", " ", ":"] as [Character])
  func `Another delimiter separates fields, and commas are text`(delimiter: Character) throws {
    let d = String(delimiter)
    let text = "a\(d)b\n1,5\(d)\"x\(d)y\"\n,\(d)z\n"
    let table = try CSV(parsing: text, delimiter: delimiter)
    #expect(table.header == ["a", "b"])
    #expect(try table.strings(in: "a") == ["1,5", ","])
    #expect(try table.strings(in: "b") == ["x\(d)y", "z"])
  }

  @Test func `Without a header, columns are numbered`() throws {
    let table = try CSV(parsing: "1,x\n2,y\n", name: "t.csv", hasHeader: false)
    #expect(table.header == ["0", "1"])
    #expect(table.rowCount == 2)
    #expect(try table.numbers(in: "0") == [1, 2])
    #expect(try table.strings(in: "1") == ["x", "y"])
    #expect(try CSV(parsing: "7", hasHeader: false).numbers(in: "0") == [7])
    let number = try #require(throws: CSVError.self) { try table.numbers(in: "1") }
    #expect(number.description == "t.csv:1:3: row 1, field '1': 'x' is not a decimal number")
  }

  @Test func `Errors without a header have their place`() throws {
    func error(_ text: String) throws -> CSVError {
      try #require(throws: CSVError.self) {
        try CSV(parsing: text, name: "t.csv", hasHeader: false)
      }
    }
    #expect(
      try error("1,2\n3\n").description
        == "t.csv:2:1: row 2: 1 field, but the first row has 2")
    #expect(try error("1,x\"\n").description.hasPrefix("t.csv:1:4: row 1: "))
    #expect(try error("1,2\n3,x\"\n").description.hasPrefix("t.csv:2:4: row 2, field '1': "))
    #expect(try error("").reason == .empty)
    var limits = CSV.Limits()
    limits.rows = 1
    #expect(try CSV(parsing: "1\n", hasHeader: false, limits: limits).rowCount == 1)
    let many = try #require(throws: CSVError.self) {
      try CSV(parsing: "1\n2\n", hasHeader: false, limits: limits)
    }
    #expect(many.reason == .tooLarge("more than 1 rows"))
  }

  @Test func `Missing values are filled`() throws {
    let table = try CSV(parsing: "x,y\n1,4\n,NaN\n9,NA\n2,7\n")
    #expect(try table.numbers(in: "x", missing: .mean) == [1, 4, 9, 2])
    #expect(try table.numbers(in: "x", missing: .median) == [1, 2, 9, 2])
    #expect(try table.numbers(in: "y", missing: .median) == [4, 5.5, 5.5, 7])
    #expect(try table.numbers(in: ["x", "y"], missing: .text("-0.5"))[0] == [1, -0.5, 9, 2])
    let text = try #require(throws: CSVError.self) {
      try table.numbers(in: "y", missing: .text("none"))
    }
    #expect(text.description == "CSV: field 'y': 'none' is not a decimal number")
    let empty = try CSV(parsing: "x,y\n,1\n")
    #expect(throws: CSVError.self) { try empty.numbers(in: "x", missing: .mean) }
  }

  @Test func `Other delimiters stop with an error`() async {
    for delimiter in ["\"", "\n", "a", "7", "é"] {
      let result = await #expect(
        processExitsWith: .failure, observing: [\.standardErrorContent]
      ) { [delimiter = delimiter as String] in
        _ = try CSV(parsing: "x", delimiter: Character(delimiter))
      }
      expect(result, says: "cannot separate fields")
    }
  }
}
