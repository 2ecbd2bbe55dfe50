import Autograd
import NN
import Testing

@Suite struct TableTests {
  private static let text = """
    id,size,alive,colour,note
    1,2.5,true,red,
    -7,3,FALSE,blue,x
    +4,1e1,True,red,y
    """

  private static let gaps = "n,r,b,c,d\n1,0.5,true,u,1\n,2.5,NA,,2\n4,NaN,false,v,3\n"

  private func table(
    _ text: String, columns: [String]? = nil, missing: CSV.MissingValues = .refuse,
    in exceptions: [String: CSV.MissingValues] = [:]
  ) throws -> Table {
    try Table(
      CSV(parsing: text, name: "t.csv"), columns: columns, missing: missing, missingIn: exceptions)
  }

  private func error(_ body: () throws -> Table) throws -> String {
    try #require(throws: CSVError.self) { try body() }.description
  }

  @Test func `A table describes its columns`() throws {
    let table = try table(Self.text, columns: ["size", "colour"])
    #expect("\(table)" == "t.csv, 3 rows\n  size: real\n  colour: category 'blue', 'red'")
  }

  @Test func `Types are inferred`() throws {
    let table = try table(Self.text, in: ["note": .text("none")])
    #expect(table.rowCount == 3)
    #expect(table.schema.columns.map(\.name) == ["id", "size", "alive", "colour", "note"])
    #expect(table.schema.columns.map(\.kind) == [.integer, .real, .boolean, .category, .category])
    #expect(try table.values(of: "id") == .integers([1, -7, 4]))
    #expect(try table.values(of: "size") == .reals([2.5, 3, 10]))
    #expect(try table.values(of: "alive") == .booleans([true, false, true]))
    #expect(try table.values(of: "colour") == .categories([1, 0, 1]))
    #expect(table.schema.columns[3].categories == ["blue", "red"])
    #expect(try table.values(of: "note") == .categories([0, 1, 2]))
    #expect(table.schema.columns[4].categories == ["none", "x", "y"])
  }

  @Test(
    arguments: [
      ("1\n2", .integer), ("9223372036854775807", .integer), ("9223372036854775808", .real),
      ("1\n2.0", .real), ("1e3", .real), ("1\ntrue", .category), ("true\nfalse", .boolean),
      ("yes\nno", .category), ("1e999", .category), ("0x1F", .category), ("1\n\"2\"", .integer),
      (" 7 ", .integer), ("NA", .category), ("1_000", .category), ("true\nNA\n1", .category),
    ] as [(String, TableSchema.Kind)])
  func `The first type that fits all values`(values: String, kind: TableSchema.Kind) throws {
    let csv = try CSV(parsing: "x\n" + values)
    #expect(try TableSchema(fitting: csv).columns[0].kind == kind)
  }

  @Test func `Tensors have a feature for each number and each category`() throws {
    let table = try table(Self.text, columns: ["colour", "alive", "size", "id"])
    #expect(try table.featureNames() == ["colour=blue", "colour=red", "alive", "size", "id"])
    let x = try table.tensor()
    #expect(x.shape == [3, 5] && x.dtype == .float32)
    #expect(x.doubles() == [0, 1, 1, 2.5, 1, 1, 0, 0, 3, -7, 0, 1, 1, 10, 4])
    let y = try table.tensor(of: ["id", "colour"], categories: .index, dtype: .float64)
    #expect(y.dtype == .float64)
    #expect(y.doubles() == [1, 1, -7, 0, 4, 1])
    #expect(try table.featureNames(of: ["id", "colour"], categories: .index) == ["id", "colour"])
    #expect(try table.tensor(of: []).shape == [3, 0])
  }

  @Test func `A column becomes class indices`() throws {
    let table = try table(Self.text, columns: ["colour", "alive", "size", "id"])
    #expect(try table.indices(of: "colour").array(of: Int.self) == [1, 0, 1])
    #expect(try table.indices(of: "alive").array(of: Int.self) == [1, 0, 1])
    #expect(try table.indices(of: "id").array(of: Int.self) == [1, -7, 4])
    let error = try #require(throws: CSVError.self) { try table.indices(of: "size") }
    #expect(error.description == "t.csv: field 'size': '2.5' is not a whole number")
    #expect(throws: CSVError.self) { try table.indices(of: "note") }
    #expect(throws: CSVError.self) { try table.tensor(of: ["note"]) }
    #expect(throws: CSVError.self) { try table.values(of: "note") }
  }

  @Test func `Missing values are refused with their place`() throws {
    #expect(
      try error { try table(Self.gaps) } == "t.csv:3:1: row 2, field 'n': the value is missing")
    #expect(
      try error { try table(Self.gaps, missing: .mean) }
        == "t.csv:3:6: row 2, field 'b': the value is missing")
    #expect(
      try error { try table(Self.gaps, in: ["x": .mean]) }.hasPrefix("t.csv: no column 'x'"))
    #expect(
      try error { try table(Self.gaps, missing: .text("oops")) }
        == "t.csv: field 'n': 'oops' is not a decimal number")
  }

  @Test func `Rows with missing values are left out`() throws {
    let all = try table(Self.gaps, missing: .skipRow)
    #expect(all.rowCount == 1)
    #expect(try all.values(of: "c") == .categories([0]))
    let some = try table(Self.gaps, missing: .skipRow, in: ["r": .text("9")])
    #expect(try some.values(of: "n") == .integers([1, 4]))
    #expect(try some.values(of: "r") == .reals([0.5, 9]))
    #expect(try some.values(of: "d") == .integers([1, 3]))
    #expect(try table("x\nNA\n", missing: .skipRow).rowCount == 0)
  }

  @Test func `Missing values are filled by what was fitted`() throws {
    let columns = ["n", "r"]
    #expect(
      try table(Self.gaps, columns: columns, missing: .mean).tensor().doubles()
        == [1, 0.5, 2.5, 2.5, 4, 1.5])
    let nan = try table(Self.gaps, columns: columns, missing: .nan).tensor().doubles()
    #expect(nan.map(\.isNaN) == [false, false, true, false, false, true])
    let filled = try table(
      Self.gaps, in: ["n": .text("0"), "r": .median, "b": .text("false"), "c": .text("?")])
    #expect(filled.schema.columns.map(\.kind) == [.integer, .real, .boolean, .category, .integer])
    #expect(try filled.values(of: "n") == .integers([1, 0, 4]))
    #expect(try filled.values(of: "b") == .booleans([true, false, false]))
    #expect(try filled.values(of: "c") == .categories([1, 0, 2]))
    #expect(filled.schema.columns[3].categories == ["?", "u", "v"])
    let real = try table(Self.gaps, columns: ["n"], missing: .text("0.5"))
    #expect(try real.values(of: "n") == .reals([1, 0.5, 4]))
  }

  @Test func `Another file is read by the schema of the first`() throws {
    let schema = try table(
      Self.gaps, in: ["n": .mean, "r": .mean, "b": .text("true"), "c": .skipRow]
    ).schema
    func read(_ text: String) throws -> Table { try Table(CSV(parsing: text), like: schema) }
    // Other columns and another order do not matter; the fills are those of the first file.
    let new = try read("extra,c,b,r,n,d\n?,v,NA,,NA,5\n?,,true,1,1,6\n?,u,false,3,7,8\n")
    #expect(new.rowCount == 2)
    #expect(try new.tensor(of: ["n", "r", "b", "d"]).doubles() == [2.5, 1.5, 1, 5, 7, 3, 0, 8])
    #expect(try new.indices(of: "c").array(of: Int.self) == [1, 0])
    #expect(
      try error { try read("n,r,b,c,d\n1,1,true,w,1\n") }
        == "CSV:2:10: row 1, field 'c': 'w' is not one of 'u', 'v'")
    #expect(
      try error { try read("n,r,b,c,d\n1,1,true,u,1.5\n") }
        == "CSV:2:12: row 1, field 'd': '1.5' is not a whole number")
    #expect(
      try error { try read("n,r,b,c,d\n1,1,maybe,u,1\n") }
        == "CSV:2:5: row 1, field 'b': 'maybe' is neither true nor false")
    // A wrong value is an error even in a row that is left out.
    #expect(
      try error { try read("n,r,b,c,d\nten,1,true,,1\n") }
        == "CSV:2:1: row 1, field 'n': 'ten' is not a decimal number")
    #expect(try error { try read("n,r\n") }.hasPrefix("CSV: no column 'b'"))
  }

  @Test func `Files are read by path`() throws {
    let folder = try TemporaryFolder()
    defer { folder.remove() }
    let path = folder.path + "/cars.csv"
    try Platform.write(Array("speed,distance\n4,2\n7,4\n8,16\n".utf8), to: path)
    let cars = try Table(contentsOf: path)
    #expect(try cars.tensor().shape == [3, 2])
    #expect(try Table(contentsOf: path, like: cars.schema).schema == cars.schema)
    #expect(throws: CSVError.self) { try Table(contentsOf: path + ".missing") }
  }
}
