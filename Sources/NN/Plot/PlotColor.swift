/// A colour in sRGB.
public struct PlotColor: Hashable, Sendable {
  /// The components, 0 to 255.
  public var red, green, blue: UInt8

  /// A colour from its hexadecimal number, as in `PlotColor(0x0072B2)`.
  public init(_ hex: UInt32) {
    red = UInt8(hex >> 16 & 0xFF)
    green = UInt8(hex >> 8 & 0xFF)
    blue = UInt8(hex & 0xFF)
  }

  /// The colours of series in their order: the palette of Okabe and Ito (2008), which people with
  /// any of the common colour vision deficiencies can tell apart, without its yellow, too pale on
  /// white.
  public static let series: [PlotColor] = [
    PlotColor(0x0072B2), PlotColor(0xD55E00), PlotColor(0x009E73), PlotColor(0xCC79A7),
    PlotColor(0xE69F00),
    PlotColor(0x56B4E9), PlotColor(0x333333),
  ]

  /// The colour as SVG and CSS write it, `#0072b2`.
  public var hex: String {
    let number = Int(red) << 16 | Int(green) << 8 | Int(blue)
    let digits = String(number, radix: 16)
    return "#" + String(repeating: "0", count: 6 - digits.count) + digits
  }

  /// The nearest of the terminal's 256 colours: 216 in a cube from 16, 24 greys from 232.
  var terminalIndex: Int {
    func level(_ component: UInt8) -> Int {
      component < 48 ? 0 : component < 115 ? 1 : (Int(component) - 35) / 40
    }
    func component(_ level: Int) -> Int { level == 0 ? 0 : 55 + 40 * level }
    let (r, g, b) = (level(red), level(green), level(blue))
    let grey = min(max((Int(red) + Int(green) + Int(blue) - 9) / 30, 0), 23)
    let cubeError = squaredDistance(component(r), component(g), component(b))
    let greyError = squaredDistance(8 + 10 * grey, 8 + 10 * grey, 8 + 10 * grey)
    return greyError < cubeError ? 232 + grey : 16 + 36 * r + 6 * g + b
  }

  private func squaredDistance(_ r: Int, _ g: Int, _ b: Int) -> Int {
    let (dr, dg, db) = (Int(red) - r, Int(green) - g, Int(blue) - b)
    return dr * dr + dg * dg + db * db
  }

  /// The mixture (1 − t) · self + t · other.
  func mixed(with other: PlotColor, _ t: Double) -> PlotColor {
    func mix(_ a: UInt8, _ b: UInt8) -> UInt8 {
      UInt8((Double(a) + (Double(b) - Double(a)) * t).rounded())
    }
    var color = self
    color.red = mix(red, other.red)
    color.green = mix(green, other.green)
    color.blue = mix(blue, other.blue)
    return color
  }
}

/// Colours for the numbers of a heat map.
public struct ColorMap: Sendable {
  /// Colours at equal distances, linear in between.
  private let stops: [PlotColor]
  /// Whether the middle has a meaning.
  private(set) var isDiverging = false

  /// A map through the given colours, at equal distances from the lowest number to the highest.
  public init(_ stops: [PlotColor]) {
    self.stops = stops
  }

  /// Blue over near-white to vermilion, for numbers with a middle such as a probability.
  public static let diverging = {
    var map = ColorMap([
      PlotColor(0x5B9BC8), PlotColor(0xBCD7E9), PlotColor(0xF7F5F2), PlotColor(0xF5CDB0),
      PlotColor(0xE48B4E),
    ])
    map.isDiverging = true
    return map
  }()

  /// Dark violet over green to yellow: five colours of viridis (Smith and van der Walt, 2015,
  /// released into the public domain), even in lightness, for numbers from little to much.
  public static let sequential = ColorMap([
    PlotColor(0x440154), PlotColor(0x3B528B), PlotColor(0x21918C), PlotColor(0x5EC962),
    PlotColor(0xFDE725),
  ])

  /// White to near-black, for images of ink on paper.
  public static let ink = ColorMap([PlotColor(0xFFFFFF), PlotColor(0x111111)])

  /// The colour at a fraction of the range, 0 to 1.
  public func color(at fraction: Double) -> PlotColor {
    guard let last = stops.last, stops.count > 1 else { return stops.first ?? PlotColor(0x808080) }
    let position = min(max(fraction, 0), 1) * Double(stops.count - 1)
    let index = Int(position)
    guard index < stops.count - 1 else { return last }
    return stops[index].mixed(with: stops[index + 1], position - Double(index))
  }
}
