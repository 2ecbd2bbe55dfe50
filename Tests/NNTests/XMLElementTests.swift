import Testing

/// The reader that judges the drawings is itself judged: it must refuse what is not well formed.
@Suite struct XMLElementTests {
  private let declaration = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"

  @Test func readsElementsAttributesAndText() throws {
    let element = try XMLElement(
      parsing: declaration + "<a x=\"1 &lt; 2\"><b/>t<b>&amp;</b></a>\n")
    #expect(element.attributes == ["x": "1 < 2"])
    #expect(element.text == "t")
    #expect(element.descendants("b").map(\.text) == ["", "&"])
  }

  @Test(arguments: [
    "", "<a>", "<a></b>", "<a><b></a></b>", "<a/><b/>", "<a x=1/>", "<a x=\"1\" x=\"2\"/>",
    "<a>&nbsp;</a>", "<a>&</a>", "<a x=\"<\"/>", "<a>\u{1}</a>", "<>", "<a", "<a/>text",
  ])
  func refusesWhatIsNotWellFormed(text: String) {
    #expect(throws: XMLElement.Malformed.self) { try XMLElement(parsing: declaration + text) }
  }
}
