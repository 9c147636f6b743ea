extension SegmentationArchitecture {
  /// A U-Net, named after its widths.
  ///
  /// - Parameter unet: its sizes.
  /// - Returns: the architecture, for images of 512 × 512 pixels or the next size that fits.
  package static func uNet(_ unet: UNetArchitecture) -> SegmentationArchitecture {
    named("unet", unet, .uNet(unet))
  }

  /// A W-Net, named after its widths.
  ///
  /// - Parameter unet: the sizes of both U-Nets.
  /// - Returns: the architecture, for images of 512 × 512 pixels or the next size that fits.
  package static func wNet(_ unet: UNetArchitecture) -> SegmentationArchitecture {
    named("wnet", unet, .wNet(unet))
  }

  private static func named(
    _ family: String,
    _ unet: UNetArchitecture,
    _ network: Network
  ) -> SegmentationArchitecture {
    SegmentationArchitecture(
      name: "\(family)-\(unet.widths.map(String.init).joined(separator: "."))",
      imageSize: 512,
      network: network
    )
  }

  /// The architecture of a name such as `wnet-8.16.32` or `unet-16.32.64`.
  ///
  /// - Parameters:
  ///   - name: `unet` or `wnet`, a hyphen, and the stages' widths with dots.
  ///   - classes: how many logits each pixel gets, at least 1.
  ///   - imageSize: the side of images in pixels; nil for 512.
  /// - Returns: the architecture; nil where the name has another form.
  /// - Throws: `ModelsError` where the sizes make no network.
  package static func named(
    _ name: String,
    classes: Int,
    imageSize: Int? = nil
  ) throws -> SegmentationArchitecture? {
    let parts = name.split(separator: "-", omittingEmptySubsequences: false)
    guard parts.count == 2, parts[0] == "unet" || parts[0] == "wnet" else { return nil }
    let widths = parts[1].split(separator: ".", omittingEmptySubsequences: false).map { Int($0) }
    guard !widths.contains(nil) else { return nil }
    let unet = UNetArchitecture(classes: classes, widths: widths.compactMap(\.self))
    var architecture = parts[0] == "unet" ? uNet(unet) : wNet(unet)
    // Another spelling of a number, such as 08 or +8.
    guard architecture.name == name else { return nil }
    if let imageSize { architecture.imageSize = imageSize }
    try architecture.validate()
    return architecture
  }

  /// An encoder with a decoder, named after both.
  ///
  /// - Parameters:
  ///   - encoder: the architecture whose image encoder is taken.
  ///   - kind: the decoder's; nil for the one that fits the encoder.
  ///   - classes: how many logits each pixel gets, at least 1.
  ///   - imageSize: the side of images in pixels; nil for the encoder's.
  /// - Returns: the architecture.
  /// - Throws: `ModelsError` where encoder and decoder don't fit, or the encoder takes no such images.
  package static func decoder(
    of encoder: Architecture,
    kind: MaskDecoderKind? = nil,
    classes: Int,
    imageSize: Int? = nil
  ) throws -> SegmentationArchitecture {
    let both = EncoderDecoderArchitecture(encoder: encoder.vision, kind: kind, classes: classes)
    let architecture = SegmentationArchitecture(
      name: "\(encoder.name)+\(both.decoder.kind.rawValue)",
      imageSize: imageSize ?? encoder.vision.imageSize,
      network: .encoderDecoder(both)
    )
    try architecture.validate()
    return architecture
  }
}
