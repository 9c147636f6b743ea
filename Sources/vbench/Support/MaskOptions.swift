import ArgumentParser
import Checkpoints
import Evaluation
import Metrics
import Models
import Training

/// The options of the protocol of segmentation; what is left out is the preset's.
struct MaskOptions: ParsableArguments {
  @Option(help: "The decoder that an encoder gets: unet, progressive or linear.")
  var decoder: MaskDecoderKind?

  @Option(name: .customLong("size"), help: "The side of the network's input in pixels.")
  var imageSize: Int?

  @Option(help: "What is looked at: field-of-view, its bounding box, or whole.")
  var region: PictureView.Region?

  @Option(
    help: """
      Cut photographs into tiles of the network's input: this many at random per photograph and epoch, \
      all of them, blended, where masks are predicted.
      """
  )
  var tiles: Int?

  @Option(help: "The share of a tile that its neighbour covers, too. (default: 0.25)")
  var overlap: Double?

  @Option(
    help: "What the longer side is resized to before tiles are cut. (default: its own length)"
  )
  var longSide: Int?

  @Flag(inversion: .prefixedNo, help: "Average probabilities over the four mirror images.")
  var flips: Bool?

  @Option(help: "How masks come back to the photograph's size: spline or bilinear.")
  var restoring: MapRestoring?

  @Option(help: "How probabilities are stored before they are measured: float32 or 8-bit.")
  var storage: ProbabilityStorage?

  @Option(help: "Dice and IoU of two empty masks: left-out, one or zero.")
  var emptyMasks: EmptyMasks?

  @Option(help: "The share of Dice in a training's loss; the rest is cross-entropy. (default: 0.5)")
  var diceShare: Float?

  @Option(help: "What the learning rate of a trained encoder is multiplied with. (default: 0.1)")
  var encoderRate: Double?

  @Option(help: "Which pictures of masks are drawn: none, sheet or all. (default: sheet)")
  var pictures: MaskPictureChoice?

  /// An option that was given; nil for none.
  var given: String? {
    let options: [(String, Any?)] = [
      ("--decoder", decoder), ("--size", imageSize), ("--region", region), ("--tiles", tiles),
      ("--overlap", overlap), ("--long-side", longSide), ("--flips", flips),
      ("--restoring", restoring), ("--storage", storage), ("--empty-masks", emptyMasks),
      ("--dice-share", diceShare), ("--encoder-rate", encoderRate), ("--pictures", pictures),
    ]
    return options.first { $0.1 != nil }?.0
  }

  /// Whether a command is about masks.
  ///
  /// - Parameters:
  ///   - protocols: `--protocol`.
  ///   - preset: `--preset`.
  ///   - checkpoint: the checkpoint's file.
  /// - Returns: true where the protocol or the preset is of segmentation, or neither is known and the
  ///   checkpoint holds a segmentation network.
  /// - Throws: `CommandError` where other protocols are asked for beside it; `CheckpointError`.
  func isWanted(protocols: String?, preset: String?, checkpoint: String) throws -> Bool {
    let name = SegmentationPreset.protocolName
    guard let protocols else {
      if let preset {
        if SegmentationPreset.named(preset) != nil { return true }
        // A name that nobody knows is told with those that fit the checkpoint.
        if (try? ProtocolPreset.named(preset)) != nil { return false }
      }
      let header = try CheckpointFile(checkpoint).header
      return SegmentationArchitecture.isDescribed(by: header.architecture)
    }
    let names = try commaList(protocols, of: "--protocol")
    guard names.contains(name) else { return false }
    guard names.count == 1 else {
      throw CommandError(
        "--protocol is \(protocols), but \(name) runs alone: its data sets have masks, those of "
          + "other protocols labels; run two commands"
      )
    }
    return true
  }

  /// Refuses every option, for protocols that predict no masks.
  ///
  /// - Throws: `EvaluationError` with the first that was given.
  func refuseAll() throws {
    if let given { try refuse(given, "only --protocol segmentation looks at it") }
  }

  /// Refuses options that say nothing about a checkpoint.
  ///
  /// - Parameter start: the checkpoint.
  /// - Throws: `EvaluationError` with the first that was given.
  func refuseOptions(without start: SegmentationStart) throws {
    if decoder != nil, case .network = start {
      try refuse("--decoder", "the checkpoint's network has what gives masks")
    }
    if encoderRate != nil, !start.hasEncoder {
      try refuse("--encoder-rate", "the checkpoint's network has no encoder")
    }
  }

  /// The preset of a name.
  ///
  /// - Parameters:
  ///   - name: `--preset`; nil for the usual one.
  ///   - usual: the usual one.
  /// - Returns: the preset.
  /// - Throws: `EvaluationError.unknownPreset`.
  func preset(_ name: String?, usual: SegmentationPreset) throws -> SegmentationPreset {
    guard let name else { return usual }
    if let found = SegmentationPreset.named(name) { return found }
    throw EvaluationError(.unknownPreset(name: name, known: SegmentationPreset.all.map(\.name)))
  }

  /// The preset with the user's wishes applied.
  ///
  /// - Parameters:
  ///   - preset: the preset.
  ///   - probe: the options that other protocols share.
  /// - Returns: the preset under its name.
  /// - Throws: `EvaluationError` for values that don't exist or have no effect.
  func applied(
    to preset: SegmentationPreset,
    _ probe: ProbeOptions
  ) throws -> SegmentationPreset {
    var settings = preset.settings
    if let imageSize { settings.view.imageSize = imageSize }
    if let region { settings.view.region = region }
    try applyTiles(to: &settings.view)
    if let flips { settings.averagesFlips = flips }
    if let restoring { settings.restoring = restoring }
    if let storage { settings.storage = storage }
    if let emptyMasks { settings.emptyMasks = emptyMasks }
    if let rule = try probe.maskThreshold() { settings.threshold = rule }
    if var training = settings.training {
      try probe.apply(to: &training)
      if let decoder { training.decoder = decoder }
      if let encoderRate { training.encoderRateFactor = encoderRate }
      if let diceShare {
        (training.diceWeight, training.crossEntropyWeight) = (diceShare, 1 - diceShare)
      }
      settings.training = training
      settings.seeds = try probe.repeats(usual: settings.seeds.count)
    } else {
      let options: [(String, Any?)] = [
        ("--decoder", decoder), ("--dice-share", diceShare), ("--encoder-rate", encoderRate),
        ("--seeds", probe.seeds),
      ]
      let name = options.first { $0.1 != nil }?.0 ?? probe.training.stepsOption
      if let name { try refuse(name, "nothing is trained with the preset \(preset.name)") }
    }
    try settings.validate()
    return SegmentationPreset(name: preset.name, settings: settings)
  }

  private func applyTiles(to view: inout PictureView) throws {
    guard let tiles else {
      if overlap != nil { try refuse("--overlap", "without --tiles there are no tiles") }
      if longSide != nil { try refuse("--long-side", "without --tiles there are no tiles") }
      return
    }
    view.tiles = PictureView.Tiles(longSide: longSide, perPicture: tiles)
    if let overlap { view.tiles?.overlap = overlap }
  }

  private func refuse(_ name: String, _ why: String) throws {
    throw EvaluationError(.invalidOption(name: name, found: "given", expected: "nothing: \(why)"))
  }
}

extension MaskDecoderKind: ExpressibleByArgument {}
extension PictureView.Region: ExpressibleByArgument {}
extension MapRestoring: ExpressibleByArgument {}
extension ProbabilityStorage: ExpressibleByArgument {}
extension EmptyMasks: ExpressibleByArgument {}
extension MaskPictureChoice: ExpressibleByArgument {}
