import ArgumentParser
import Evaluation
import Imaging
import Training

/// The options of protocols that train by steps; what is left out is the preset's.
struct TrainingOptions: ParsableArguments {
  @Option(help: "How often the training samples are gone through.")
  var epochs: Int?

  @Option(help: "How many samples go through the model at once while training.")
  var trainBatch: Int?

  @Option(help: "How many batches make one step.")
  var accumulation: Int?

  @Option(help: "The highest learning rate.")
  var learningRate: Double?

  @Option(help: "adamw, sgd or lamb.")
  var optimizer: OptimizerChoice.Kind?

  @Option(help: "How the learning rate goes: constant, cosine, one-cycle or step.")
  var schedule: ScheduleChoice.Kind?

  @Option(help: "How many epochs the learning rate first rises.")
  var warmUp: Double?

  @Option(help: "Weight decay; of a probe several with commas are chosen from on validation.")
  var weightDecay: String?

  @Option(help: "What the learning rate is multiplied with per layer from the last one down.")
  var layerDecay: Double?

  @Option(help: "The length that a step's gradients are shortened to; 0 for off.")
  var clip: Double?

  @Option(help: "The decay of the weights' moving average, which is validated then; 0 for off.")
  var averageDecay: Double?

  @Option(help: "After how many epochs without gain on validation training ends; 0 for never.")
  var patience: Int?

  @Option(help: "The share of a target that is spread over all classes.")
  var labelSmoothing: Double?

  @Option(help: "How samples are drawn: uniform or balanced.")
  var sampling: TrainingSettings.Sampling?

  @Option(
    name: .customLong("train"),
    help: "What fine-tuning trains: all, last:N, bitfit, lora, lora:RANK:ALPHA or head."
  )
  var part: String?

  @Option(help: "How fine-tuning's classifier begins: zeros or probe.")
  var headStart: FineTuneSettings.HeadStart?

  @Option(help: "Fine-tuning's changes to images: none, light, strong or retfound.")
  var augmentation: String?

  @Option(help: "The share of residual branches that fine-tuning drops in the last block.")
  var dropPath: Float?

  @Flag(help: "Compute blocks twice instead of keeping what they compute: less memory.")
  var recompute = false

  /// An option that was given and that only fine-tuning looks at; nil for none.
  var fineTuningOption: String? {
    let options: [(String, Any?)] = [
      ("--train", part), ("--head-start", headStart), ("--augmentation", augmentation),
      ("--drop-path", dropPath), ("--layer-decay", layerDecay),
      ("--recompute", recompute ? true : nil),
    ]
    return options.first { $0.1 != nil }?.0
  }

  /// An option that was given and that only trainings by steps look at; nil for none.
  var stepsOption: String? {
    let options: [(String, Any?)] = [
      ("--epochs", epochs), ("--train-batch", trainBatch), ("--accumulation", accumulation),
      ("--learning-rate", learningRate), ("--optimizer", optimizer), ("--schedule", schedule),
      ("--warm-up", warmUp), ("--weight-decay", weightDecay), ("--clip", clip),
      ("--average-decay", averageDecay), ("--patience", patience),
      ("--label-smoothing", labelSmoothing), ("--sampling", sampling),
    ]
    return options.first { $0.1 != nil }?.0 ?? fineTuningOption
  }

  /// Applies the options that were given to a training's settings.
  ///
  /// - Parameters:
  ///   - settings: the preset's.
  ///   - classWeights: how classes are weighted; nil for the preset's way.
  func apply(to settings: inout TrainingSettings, classWeights: TrainingSettings.ClassWeighting?) {
    if let epochs { settings.epochs = epochs }
    if let trainBatch { settings.batchSize = trainBatch }
    if let accumulation { settings.accumulation = accumulation }
    if let learningRate { settings.learningRate = learningRate }
    if let optimizer { settings.optimizer = OptimizerChoice(optimizer) }
    if let schedule {
      settings.schedule = ScheduleChoice(schedule, warmUpEpochs: settings.schedule.warmUpEpochs)
    }
    if let warmUp { settings.schedule.warmUpEpochs = warmUp }
    // Asked for fewer epochs than the preset warms up, the warm-up takes a tenth of them.
    if warmUp == nil, settings.schedule.warmUpEpochs >= Double(settings.epochs) {
      settings.schedule.warmUpEpochs = Double(settings.epochs) / 10
    }
    if let layerDecay { settings.layerDecay = layerDecay }
    if let clip { settings.gradientClip = clip == 0 ? nil : clip }
    if let averageDecay { settings.averageDecay = averageDecay == 0 ? nil : averageDecay }
    if let patience { settings.patience = patience == 0 ? nil : patience }
    if let labelSmoothing { settings.labelSmoothing = labelSmoothing }
    if let sampling { settings.sampling = sampling }
    if let classWeights { settings.classWeights = classWeights }
    if recompute { settings.recomputesBlocks = true }
  }

  /// The changes to images that were asked for; nil for the preset's.
  func augmentationPolicy() throws -> AugmentationPolicy? {
    guard let augmentation else { return nil }
    guard let policy = AugmentationPolicy.named[augmentation] else {
      throw EvaluationError(
        .invalidOption(
          name: "--augmentation",
          found: augmentation,
          expected: AugmentationPolicy.named.keys.sorted().joined(separator: ", ")
        )
      )
    }
    return policy
  }

  /// The weight decays that were asked for; nil for the preset's.
  func weightDecays() throws -> [Double]? {
    try weightDecay.map { text in
      try commaList(text, of: "--weight-decay").map { part in
        guard let number = Double(part), number >= 0, number.isFinite else {
          throw EvaluationError(
            .invalidOption(name: "--weight-decay", found: part, expected: "numbers from 0 on")
          )
        }
        return number
      }
    }
  }

  /// Applies the options that were given to a fine-tuning's settings.
  ///
  /// - Parameters:
  ///   - settings: the preset's.
  ///   - classWeights: how classes are weighted; nil for the preset's way.
  /// - Throws: `EvaluationError` for names and values that don't exist.
  func apply(
    to settings: inout FineTuneSettings,
    classWeights: TrainingSettings.ClassWeighting?
  ) throws {
    apply(to: &settings.training, classWeights: classWeights)
    if let decays = try weightDecays() {
      guard decays.count == 1 else {
        throw EvaluationError(
          .invalidOption(
            name: "--weight-decay",
            found: "\(decays.count) values",
            expected: "one: fine-tuning chooses the epoch only"
          )
        )
      }
      settings.training.weightDecay = decays[0]
    }
    if let part { settings.part = try TrainedPart(part) }
    if let headStart { settings.headStart = headStart }
    if let policy = try augmentationPolicy() { settings.augmentation = policy }
    if let dropPath { settings.dropPath = dropPath }
  }
}

extension OptimizerChoice.Kind: ExpressibleByArgument {}
extension ScheduleChoice.Kind: ExpressibleByArgument {}
extension TrainingSettings.Sampling: ExpressibleByArgument {}
extension FineTuneSettings.HeadStart: ExpressibleByArgument {}
