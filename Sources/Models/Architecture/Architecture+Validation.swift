extension Architecture {
  /// Checks that the sizes fit together, before anything is built from them.
  ///
  /// - Throws: `ModelsError` that names the first size that doesn't fit.
  package func validate() throws {
    switch vision {
    case .transformer(let vision): try vision.validate()
    case .modifiedResNet(let vision): try vision.validate()
    case .resNet(let vision): try vision.validate()
    }
    try text?.validate()
    if let text {
      try require(
        vision.projectionWidth == text.projectionWidth,
        "the image's \(vision.projectionWidth.map(String.init) ?? "missing") projected features "
          + "and the text's \(text.projectionWidth) are as many"
      )
    }
  }
}

extension Architecture {
  /// Checks that the image encoder takes images of a size.
  ///
  /// - Parameters:
  ///   - width: pixels per row.
  ///   - height: rows.
  /// - Throws: `ModelsError.impossibleArchitecture` where it doesn't.
  package func requireImages(width: Int, height: Int) throws {
    let (smallest, isSquare) =
      switch vision {
      case .transformer(let vision): (vision.patchSize, true)
      case .modifiedResNet: (32, true)
      case .resNet: (32, false)
      }
    try require(
      min(width, height) >= smallest && (width == height || !isSquare),
      "images of \(width) × \(height) pixels are \(isSquare ? "square and " : "")of at least "
        + "\(smallest) × \(smallest)"
    )
  }
}

extension VisionArchitecture {
  /// How many features the projected image has; nil without a projection.
  package var projectionWidth: Int? {
    switch self {
    case .transformer(let vision): vision.projectionWidth
    case .modifiedResNet(let vision): vision.projectionWidth
    case .resNet: nil
    }
  }
}

/// The largest side of an image that preprocessing makes.
private let largestSide = 8192

private func require(_ condition: Bool, _ expectation: String) throws {
  guard condition else { throw ModelsError(.impossibleArchitecture(expected: expectation)) }
}

private func requireSizes(_ sizes: [(String, Int)], upTo limit: Int = 1 << 20) throws {
  for (name, value) in sizes {
    try require(value >= 1 && value <= limit, "\(name) lies in 1…\(limit), not \(value)")
  }
}

extension VisionTransformerArchitecture {
  fileprivate func validate() throws {
    try requireSizes([("imageSize", imageSize)], upTo: largestSide)
    try requireSizes([
      ("patchSize", patchSize), ("positionGrid", positionGrid),
      ("width", width), ("heads", heads), ("hiddenWidth", hiddenWidth),
      ("projectionWidth", projectionWidth ?? 1),
    ])
    try requireSizes([("layers", layers)], upTo: 1000)
    try require(width % heads == 0, "\(heads) heads divide the width \(width)")
    try require(imageSize >= patchSize, "an image of \(imageSize) holds a patch of \(patchSize)")
    try require(
      (layout == .clip) == (projectionWidth != nil),
      "CLIP's transformer has a projection and DINOv2's has none"
    )
  }
}

extension ModifiedResNetArchitecture {
  fileprivate func validate() throws {
    try requireSizes([("imageSize", imageSize)], upTo: largestSide)
    try requireSizes([
      ("positionGrid", positionGrid), ("width", width), ("heads", heads),
      ("projectionWidth", projectionWidth),
    ])
    try requireSizes(layers.map { ("layers", $0) }, upTo: 1000)
    try require(layers.count == 4, "there are 4 stages, not \(layers.count)")
    try require(width % 2 == 0, "the stem's width \(width) is even")
    try require(32 * width % heads == 0, "\(heads) heads divide the width \(32 * width)")
    try require(imageSize % 32 == 0, "the image's side \(imageSize) is a multiple of 32")
  }
}

extension ResNetArchitecture {
  fileprivate func validate() throws {
    try requireSizes([("imageSize", imageSize)], upTo: largestSide)
    try requireSizes([("width", width)])
    try requireSizes(layers.map { ("layers", $0) }, upTo: 1000)
    try require(layers.count == 4, "there are 4 stages, not \(layers.count)")
    try require(imageSize >= 32, "the image's side \(imageSize) is at least 32")
  }
}

extension TextArchitecture {
  fileprivate func validate() throws {
    try requireSizes([
      ("vocabularySize", vocabularySize), ("width", width), ("heads", heads),
      ("hiddenWidth", hiddenWidth), ("positions", positions), ("segmentKinds", segmentKinds),
      ("projectionWidth", projectionWidth), ("contextLength", contextLength),
    ])
    try requireSizes([("layers", layers)], upTo: 1000)
    try require(width % heads == 0, "\(heads) heads divide the width \(width)")
    try require(
      contextLength >= 3 && contextLength <= positions,
      "the context \(contextLength) lies in 3…\(positions), the positions learnt"
    )
    if case .leftEyePerceptron(let outputIndex) = head {
      try requireSizes([("outputIndex", outputIndex)], upTo: 8)
    }
  }
}
