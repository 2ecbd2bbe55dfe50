import NN
import Testing

@Suite struct NumberTextTests {
  @Test(arguments: [
    (0, 2, "0.00"), (-0.0, 1, "0.0"), (1, 0, "1"), (0.5, 0, "1"), (2.5, 0, "3"), (-0.5, 0, "-1"),
    (0.125, 2, "0.13"), (1.005, 2, "1.01"), (-0.004, 2, "0.00"), (-0.005, 2, "-0.01"),
    (999.995, 2, "1000.00"), (9.99, 1, "10.0"), (0.0951, 1, "0.1"), (0.0449, 1, "0.0"),
    (1e21, 1, "1000000000000000000000.0"), (123.456, 5, "123.45600"),
    (.leastNonzeroMagnitude, 3, "0.000"),
    (1234, -2, "1200"), (1e-5, 5, "0.00001"), (.infinity, 2, "inf"), (-.infinity, 2, "-inf"),
    (.nan, 2, "nan"),
  ])
  func fixed(value: Double, digits: Int, text: String) {
    #expect(value.fixed(digits) == text)
  }

  @Test(arguments: [
    (0, 3, "0"), (0.0012345, 3, "0.00123"), (123_456, 3, "123456"), (1_234_567, 3, "1.23e6"),
    (999_999.5, 3, "1e6"), (0.0001, 3, "0.0001"), (0.00001, 3, "1e-5"), (-1.5e20, 3, "-1.5e20"),
    (0.1 + 0.2, 6, "0.3"), (9.996, 3, "10"), (9.996, 1, "10"), (100, 1, "100"), (0.099, 1, "0.1"),
    (1.7976931348623157e308, 3, "1.8e308"), (.leastNonzeroMagnitude, 3, "5e-324"), (2.5, 0, "3"),
    (.nan, 3, "nan"), (-.infinity, 3, "-inf"),
  ])
  func significant(value: Double, digits: Int, text: String) {
    #expect(value.significant(digits) == text)
  }

  @Test func allHundredths() {
    for k in -12_345...12_345 {
      let magnitude = abs(k)
      let cents = magnitude % 100
      let sign = k < 0 ? "-" : ""
      let expected = "\(sign)\(magnitude / 100).\(cents < 10 ? "0" : "")\(cents)"
      #expect((Double(k) / 100).fixed(2) == expected)
    }
  }

  @Test func seventeenDigitsReadBackAsTheSameNumber() {
    var generator = SystemRandomNumberGenerator()
    for _ in 0..<2000 {
      let value = Double(bitPattern: generator.next())
      guard value.isFinite else { continue }
      #expect(Double(value.significant(17)) == value)
    }
  }

  @Test func otherFloatingPointTypes() {
    #expect(Float(0.1).fixed(3) == "0.100")
    #expect(Float.infinity.fixed(3) == "inf")
  }
}
