package import Imaging
package import Metrics
package import Models
package import Training

/// How masks are predicted and measured, and how a network is trained for them first.
package struct SegmentationSettings: Equatable, Sendable {
  /// What a network sees of a photograph.
  package var view: PictureView
  /// Whether probabilities are averaged over the picture's four mirror images.
  package var averagesFlips: Bool
  /// How probabilities come back to the photograph's size.
  package var restoring: MapRestoring
  /// How probabilities are rounded before anything is decided or measured.
  package var storage: ProbabilityStorage
  /// From which probability on a pixel belongs to a class that has a sigmoid of its own.
  package var threshold: MaskThreshold
  /// What Dice and IoU of two empty masks are.
  package var emptyMasks: EmptyMasks
  /// How a network is trained first; nil for the checkpoint as it is.
  package var training: MaskTraining?
  /// One repeat per seed, where something is trained.
  package var seeds: [UInt64]

  /// The usual settings of a trained network: its input's size, no flips, thresholds of training.
  package init() {
    view = PictureView()
    averagesFlips = false
    restoring = .bilinear
    storage = .float32
    threshold = .bestDice(on: .train)
    emptyMasks = .leftOut
    training = nil
    seeds = [0]
  }

  /// What a user changed of a preset, so that its numbers aren't taken for the preset's.
  ///
  /// - Parameter preset: the preset's settings.
  /// - Returns: names of settings; empty for the same settings, whatever the seeds.
  func changes(from preset: SegmentationSettings) -> [String] {
    [
      ("size", view.imageSize != preset.view.imageSize),
      ("region", view.region != preset.view.region), ("tiles", view.tiles != preset.view.tiles),
      ("test-time flips", averagesFlips != preset.averagesFlips),
      ("restoring", restoring != preset.restoring),
      ("stored probabilities", storage != preset.storage),
      ("decision threshold", threshold != preset.threshold),
      ("empty masks", emptyMasks != preset.emptyMasks), ("training", training != preset.training),
    ].filter(\.1).map(\.0)
  }

  /// Whether numbers depend on training samples: by a training, or by a threshold chosen on them.
  var looksAtTraining: Bool {
    if case .fixed = threshold { return training != nil }
    return true
  }

  /// Checks values that a user gives.
  ///
  /// - Throws: `EvaluationError.invalidOption`, `TrainingError`.
  package func validate() throws {
    try view.validate()
    try training?.validate()
    guard !seeds.isEmpty else {
      throw EvaluationError(
        .invalidOption(name: "--seeds", found: "nothing", expected: "at least one value")
      )
    }
  }
}

/// What a network sees of a photograph.
package struct PictureView: Codable, Equatable, Sendable {
  /// The side of the network's input in pixels; nil for the checkpoint's.
  package var imageSize: Int?
  /// The part that is looked at.
  package var region: Region
  /// How that part is cut into tiles; nil where all of it is resized to the input.
  package var tiles: Tiles?

  /// The part of a photograph that is looked at.
  package enum Region: String, CaseIterable, Codable, Sendable {
    /// All of it.
    case whole
    /// The bounding box of the camera's field of view, where the set knows one or has it computed;
    /// elsewhere all of it.
    case fieldOfView = "field-of-view"
  }

  /// How a region is cut into tiles of the network's input's size.
  package struct Tiles: Codable, Equatable, Sendable {
    /// The length that the region's longer side is resized to first; nil for none.
    package var longSide: Int?
    /// The share of a tile that its neighbour covers, too, in 0..<1.
    package var overlap: Double
    /// How many tiles are cut of a photograph at random in each epoch of a training.
    package var perPicture: Int

    /// States tiles.
    ///
    /// - Parameters:
    ///   - longSide: the length that the region's longer side is resized to first; nil for none.
    ///   - overlap: the share of a tile that its neighbour covers, too.
    ///   - perPicture: how many tiles are cut of a photograph in each epoch of a training.
    package init(longSide: Int? = nil, overlap: Double = 0.25, perPicture: Int = 4) {
      self.longSide = longSide
      self.overlap = overlap
      self.perPicture = perPicture
    }
  }

  /// The field of view's box, resized to the checkpoint's input.
  package init() {
    imageSize = nil
    region = .fieldOfView
    tiles = nil
  }

  func validate() throws {
    func require(_ isGood: Bool, _ name: String, _ found: String, _ expected: String) throws {
      guard isGood else {
        throw EvaluationError(.invalidOption(name: name, found: found, expected: expected))
      }
    }
    if let imageSize {
      try require((8...8192).contains(imageSize), "--size", "\(imageSize)", "8 to 8192")
    }
    guard let tiles else { return }
    try require(
      (0..<1).contains(tiles.overlap) && tiles.overlap <= 0.9,
      "--overlap",
      "\(tiles.overlap)",
      "0 to 0.9"
    )
    if let side = tiles.longSide {
      try require((8...65535).contains(side), "--long-side", "\(side)", "8 to 65535")
    }
    try require(
      (1...10_000).contains(tiles.perPicture),
      "--tiles",
      "\(tiles.perPicture)",
      "1 to 10000"
    )
  }

  /// Requires that tiles of an input fit into what they are cut from.
  ///
  /// - Parameter input: the network's input.
  /// - Throws: `EvaluationError.invalidOption` where the longer side would be shorter than a tile.
  func requireTiles(of input: Preprocessing) throws {
    let shortest = max(input.width, input.height)
    guard let side = tiles?.longSide, side < shortest else { return }
    throw EvaluationError(
      .invalidOption(
        name: "--long-side",
        found: "\(side)",
        expected: "\(shortest), a tile's side, or more"
      )
    )
  }

  /// A text that is the same for equal views and different for others: part of a result's record.
  var identifier: String {
    guard let tiles else { return "\(region.rawValue), resized" }
    return "\(region.rawValue), \(tiles.longSide.map { "long side \($0)" } ?? "own size"), tiles, "
      + "overlap \(tiles.overlap), \(tiles.perPicture) per picture and epoch"
  }
}

/// How probabilities come back to the photograph's size.
package enum MapRestoring: String, CaseIterable, Codable, Sendable {
  /// By cubic splines, as scikit-image's `resize` of order 3, which the DRIVE protocol uses.
  case spline
  /// Between neighbouring pixels.
  case bilinear
}

/// How probabilities are rounded before anything is decided or measured.
package enum ProbabilityStorage: String, CaseIterable, Codable, Sendable {
  /// As computed.
  case float32
  /// To k / 255, as where maps are stored as pictures of 8 bits before they are evaluated.
  case eightBits = "8-bit"
}

/// From which probability on a pixel belongs to a class.
package enum MaskThreshold: Equatable, Sendable {
  /// From a number on.
  case fixed(Float)
  /// Above the first of 256 even thresholds whose Dice over a split's pixels is highest.
  case bestDice(on: Split)

  /// The samples that choose.
  package enum Split: String, CaseIterable, Sendable {
    /// The makers' training split, with the part of it that validates.
    case train
    /// The validation split.
    case validation
  }

  /// As the command line and results write it.
  package var name: String {
    switch self {
    case .fixed(let number): "\(number)"
    case .bestDice(let split): "best Dice on \(split.rawValue)"
    }
  }
}

/// How a network is trained for masks.
package struct MaskTraining: Equatable, Sendable {
  /// The decoder of an encoder that has none; nil for the one that fits.
  package var decoder: MaskDecoderKind?
  /// Whether the encoder's weights are trained, too.
  package var trainsEncoder: Bool
  /// What the encoder's learning rate is multiplied with.
  package var encoderRateFactor: Double
  /// What the logarithmic loss counts.
  package var crossEntropyWeight: Float
  /// What the soft Dice loss counts.
  package var diceWeight: Float
  /// What is done to training pictures and their masks.
  package var augmentation: AugmentationPolicy
  /// Epochs, batches, optimiser, schedule.
  package var settings: TrainingSettings

  /// The usual settings: a decoder on a frozen encoder, both losses alike, AdamW.
  package init() {
    decoder = nil
    trainsEncoder = false
    encoderRateFactor = 0.1
    crossEntropyWeight = 0.5
    diceWeight = 0.5
    augmentation = Self.usualAugmentation
    settings = TrainingSettings()
    settings.epochs = 40
    settings.batchSize = 4
    settings.learningRate = 2e-3
    settings.weightDecay = 1e-4
    settings.schedule = ScheduleChoice(.cosine, warmUpEpochs: 2)
    settings.gradientClip = 1
  }

  /// Crops of 70 to 100 %, horizontal flips, 15° either way, a little colour.
  private static let usualAugmentation = AugmentationPolicy(
    crop: RandomCrop(scale: 0.7...1),
    horizontalFlip: 0.5,
    rotation: 15,
    colorJitter: ColorJitter(brightness: 0.2, contrast: 0.2, saturation: 0.2)
  )

  fileprivate func validate() throws {
    try settings.validate()
    func refuse(_ name: String, _ found: String, _ expected: String) -> EvaluationError {
      EvaluationError(.invalidOption(name: name, found: found, expected: expected))
    }
    if let fault = augmentation.jointFault {
      throw refuse("--augmentation", fault, "none, light or another policy that masks can follow")
    }
    let weights = [crossEntropyWeight, diceWeight]
    guard weights.allSatisfy({ $0 >= 0 && $0.isFinite }), weights.contains(where: { $0 > 0 }) else {
      throw refuse(
        "--dice-share",
        "\(crossEntropyWeight) of cross-entropy and \(diceWeight) of Dice",
        "weights from 0 on, one of them above 0"
      )
    }
    guard encoderRateFactor > 0, encoderRateFactor.isFinite else {
      throw refuse("--encoder-rate", "\(encoderRateFactor)", "a finite number above 0")
    }
    // Batches of pictures are measured over their pixels, too: smoothing of labels has no meaning
    // that masks share.
    guard settings.labelSmoothing == 0 else {
      throw refuse("--label-smoothing", "\(settings.labelSmoothing)", "0: masks aren't smoothed")
    }
    guard settings.sampling == .uniform, settings.classWeights == .uniform else {
      throw refuse("--sampling or --class-weights", "balanced", "uniform: pixels aren't weighted")
    }
  }
}
