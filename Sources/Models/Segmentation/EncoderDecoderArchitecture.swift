/// An image encoder with a decoder of masks.
package struct EncoderDecoderArchitecture: Codable, Equatable, Sendable {
  /// The image encoder.
  package var encoder: VisionArchitecture
  /// The decoder.
  package var decoder: MaskDecoderArchitecture
  /// How many logits each pixel gets.
  package var classes: Int

  /// Puts an encoder and a decoder of the usual widths together.
  ///
  /// - Parameters:
  ///   - encoder: the image encoder.
  ///   - kind: the decoder's kind; nil for the one that fits the encoder.
  ///   - classes: how many logits each pixel gets.
  package init(encoder: VisionArchitecture, kind: MaskDecoderKind? = nil, classes: Int) {
    self.encoder = encoder
    self.classes = classes
    decoder = MaskDecoderArchitecture(kind: .linear, widths: [])
    decoder.kind = kind ?? (isTransformer ? .progressive : .unet)
    guard decoder.kind != .linear else { return }
    let count = doublings + (isTransformer ? 1 : 0)
    decoder.widths = (0..<count).map { max(256 >> $0, 16) }
  }

  /// Whether the encoder is a transformer, whose maps are all of one size.
  var isTransformer: Bool {
    if case .transformer = encoder { true } else { false }
  }

  /// What both sides of an image must be divisible by.
  var divisor: Int {
    if case .transformer(let vision) = encoder { vision.patchSize } else { 32 }
  }

  /// How often the coarsest map is doubled until it is at least as large as the image.
  var doublings: Int {
    var count = 0
    while 1 << count < divisor { count += 1 }
    return count
  }
}

/// What makes logits of pixels from an encoder's maps.
package struct MaskDecoderArchitecture: Codable, Equatable, Sendable {
  /// How it works.
  package var kind: MaskDecoderKind
  /// The channels of its maps, the coarsest first; none of a linear one.
  package var widths: [Int]

  /// States sizes.
  ///
  /// - Parameters:
  ///   - kind: how it works.
  ///   - widths: the channels of its maps, the coarsest first.
  package init(kind: MaskDecoderKind, widths: [Int]) {
    self.kind = kind
    self.widths = widths
  }
}

/// How a decoder of masks works.
package enum MaskDecoderKind: String, Codable, CaseIterable, Sendable {
  /// Maps of a residual network's stages, doubled and joined from the coarsest to the finest
  /// (Ronneberger, Fischer, Brox 2015).
  case unet
  /// A transformer's patches, doubled step by step, with those of earlier depths joined
  /// (Zheng et al. 2021, "SETR-PUP"; the joining as Hatamizadeh et al. 2022, "UNETR").
  case progressive
  /// One linear map of the last map's pixels, enlarged bilinearly: the light probe.
  case linear
}
