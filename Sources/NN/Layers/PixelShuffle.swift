import Autograd

// Exchanges between channels and places, without parameters.

/// Turns channels into places: […, C r², H, W] becomes […, C, H r, W r]; see
/// ``pixelShuffle(_:factor:)``.
public struct PixelShuffle: Layer {
  /// r, the factor by which rows and columns grow.
  public let factor: Int

  /// Creates the layer.
  public init(factor: Int) { self.factor = factor }

  /// The name with the factor.
  public var label: String { "PixelShuffle(\(factor))" }

  /// Rearranges x; stops with an error if r² does not divide the channels.
  public func forward(_ x: Variable) -> Variable { pixelShuffle(x, factor: factor) }
}

/// Turns places into channels: […, C, H r, W r] becomes […, C r², H, W]; see
/// ``pixelUnshuffle(_:factor:)``.
public struct PixelUnshuffle: Layer {
  /// r, the factor by which rows and columns shrink.
  public let factor: Int

  /// Creates the layer.
  public init(factor: Int) { self.factor = factor }

  /// The name with the factor.
  public var label: String { "PixelUnshuffle(\(factor))" }

  /// Rearranges x; stops with an error if r does not divide rows and columns.
  public func forward(_ x: Variable) -> Variable { pixelUnshuffle(x, factor: factor) }
}

/// Deals the channels of groups out in turn; see ``channelShuffle(_:groups:)``.
public struct ChannelShuffle: Layer {
  /// The number of groups.
  public let groups: Int

  /// Creates the layer.
  public init(groups: Int) { self.groups = groups }

  /// The name with the number of groups.
  public var label: String { "ChannelShuffle(\(groups) groups)" }

  /// Rearranges x, of shape [N, C, …]; stops with an error if the groups do not divide C.
  public func forward(_ x: Variable) -> Variable { channelShuffle(x, groups: groups) }
}
