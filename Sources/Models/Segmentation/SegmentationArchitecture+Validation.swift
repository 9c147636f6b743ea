package import Imaging

extension SegmentationArchitecture {
  /// Checks that the sizes make a network, before anything is built from them.
  ///
  /// - Throws: `ModelsError.impossibleArchitecture` that names the first size that doesn't fit.
  package func validate() throws {
    switch network {
    case .uNet(let unet), .wNet(let unet): try unet.validate()
    case .encoderDecoder(let both): try both.validate()
    }
    try requireImages(width: imageSize, height: imageSize)
  }

  /// Checks that the network takes images of a size.
  ///
  /// - Parameters:
  ///   - width: pixels per row.
  ///   - height: rows.
  /// - Throws: `ModelsError.impossibleArchitecture` where it doesn't.
  package func requireImages(width: Int, height: Int) throws {
    let isPossible = [width, height].allSatisfy { side in
      (1...8192).contains(side) && side % divisor == 0
    }
    try require(
      isPossible && (width == height || !isSquare),
      "images of \(width) × \(height) pixels\(isSquare ? " are square and" : "") have sides in "
        + "1…8192 that \(divisor) divides, as \(reason) need"
    )
  }

  /// Checks that the network takes prepared photographs.
  ///
  /// - Parameter preprocessing: how they are prepared.
  /// - Throws: `ModelsError.impossibleArchitecture` where it takes other sizes or channels.
  package func requirePhotographs(_ preprocessing: Preprocessing) throws {
    try require(
      inputChannels == 3,
      "inputChannels is 3, as photographs have, not \(inputChannels)"
    )
    try requireImages(width: preprocessing.width, height: preprocessing.height)
  }

  /// The channels of the images.
  package var inputChannels: Int {
    switch network {
    case .uNet(let unet), .wNet(let unet): unet.inputChannels
    case .encoderDecoder: 3
    }
  }

  /// How many logits each pixel gets.
  package var classes: Int {
    switch network {
    case .uNet(let unet), .wNet(let unet): unet.classes
    case .encoderDecoder(let both): both.classes
    }
  }

  /// What both sides of an image must be divisible by.
  package var divisor: Int {
    switch network {
    case .uNet(let unet), .wNet(let unet): unet.divisor
    case .encoderDecoder(let both): both.divisor
    }
  }

  /// Whether images must be as high as wide.
  private var isSquare: Bool {
    if case .encoderDecoder(let both) = network { both.isTransformer } else { false }
  }

  /// What needs the divisor.
  private var reason: String {
    switch network {
    case .uNet(let unet), .wNet(let unet): "\(unet.widths.count) stages"
    case .encoderDecoder(let both): both.isTransformer ? "its patches" : "its five halvings"
    }
  }
}

extension UNetArchitecture {
  fileprivate func validate() throws {
    try require((1...10).contains(widths.count), "there are 1…10 stages, not \(widths.count)")
    let sizes = [("inputChannels", inputChannels), ("classes", classes)]
    for (name, value) in sizes + widths.map({ ("widths", $0) }) {
      try require((1...1 << 16).contains(value), "\(name) lies in 1…\(1 << 16), not \(value)")
    }
  }
}

extension EncoderDecoderArchitecture {
  fileprivate func validate() throws {
    try Architecture(name: "encoder", vision: encoder).validate()
    let limit = 1 << 16
    for (name, value) in [("classes", classes)] + decoder.widths.map({ ("widths", $0) }) {
      try require((1...limit).contains(value), "\(name) lies in 1…\(limit), not \(value)")
    }
    let expected = isTransformer ? MaskDecoderKind.progressive : .unet
    try require(
      [expected, .linear].contains(decoder.kind),
      "the decoder of \(isTransformer ? "a transformer" : "a residual network") is "
        + "\(expected.rawValue) or linear, not \(decoder.kind.rawValue)"
    )
    let count = decoder.kind == .linear ? 0 : doublings + (isTransformer ? 1 : 0)
    try require(
      decoder.widths.count == count,
      "a \(decoder.kind.rawValue) decoder of this encoder has \(count) widths, "
        + "not \(decoder.widths.count)"
    )
  }
}

private func require(_ condition: Bool, _ expectation: String) throws {
  guard condition else { throw ModelsError(.impossibleArchitecture(expected: expectation)) }
}
