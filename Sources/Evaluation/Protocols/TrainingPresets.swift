import Imaging
import Models
import Training

// What the harnesses' own public code does, apart from their choice of the best *test* epoch: here the
// epoch is always chosen on validation.
extension ProtocolPreset {
  /// Linear classifiers on frozen features, trained by steps.
  static let trainedProbes = [
    ProtocolPreset(name: "adamw-probe", settings: .trainedProbe(TrainedProbeSettings())),
    ProtocolPreset(name: "retclip-probe", settings: .trainedProbe(retCLIPProbe)),
    ProtocolPreset(name: "clip-benchmark-probe", settings: .trainedProbe(clipBenchmarkProbe)),
    ProtocolPreset(name: "eva-offline", settings: .trainedProbe(evaOffline)),
  ]

  /// Encoders trained with a classifier.
  static let fineTunings = [
    ProtocolPreset(name: "finetune", settings: .fineTune(FineTuneSettings())),
    ProtocolPreset(
      name: "vilref-head",
      settings: .fineTune(viLReFHead(learningRate: 1e-6, batchSize: 32)),
      adaptation: { architecture, settings in
        guard case .fineTune(var adapted) = settings else { return settings }
        if case .modifiedResNet = architecture.vision {
          let own = viLReFHead(learningRate: 1e-3, batchSize: 128)
          (adapted.training, adapted.headRateFactor) = (own.training, own.headRateFactor)
        }
        return .fineTune(adapted)
      }
    ),
    ProtocolPreset(name: "flair-finetune", settings: .fineTune(flairFineTune)),
    ProtocolPreset(
      name: "retfound-finetune",
      settings: .fineTune(retFoundFineTune),
      preparation: { usual in
        var preparation = usual
        let imageNet = Preprocessing.imagenet(usual.width)
        preparation.mean = imageNet.mean
        preparation.standardDeviation = imageNet.standardDeviation
        return preparation
      }
    ),
  ]

  /// RET-CLIP: projected features, binary losses, learning rate 1e-3, batches of 128, 75 epochs.
  private static let retCLIPProbe: TrainedProbeSettings = {
    var settings = TrainedProbeSettings()
    settings.features = .projected
    settings.scaling = .none
    settings.training.batchSize = 128
    settings.training.epochs = 75
    settings.training.learningRate = 1e-3
    settings.training.schedule = ScheduleChoice(.constant)
    settings.training.gradientClip = nil
    settings.weightDecays = [0.01]
    return settings
  }()

  /// CLIP_benchmark: features of length 1, cosine from 0.1 without warm-up, 10 epochs of batches of
  /// 64, the weight decay searched on validation.
  private static let clipBenchmarkProbe: TrainedProbeSettings = {
    var settings = TrainedProbeSettings()
    settings.scaling = .unitLength
    settings.loss = .crossEntropy
    settings.training.batchSize = 64
    settings.training.epochs = 10
    settings.training.learningRate = 0.1
    settings.training.schedule = ScheduleChoice(.cosine)
    settings.training.gradientClip = nil
    settings.weightDecays = [0, 1e-6, 1e-4, 1e-2, 1, 1e2]
    return settings
  }()

  /// eva: cross-entropy, AdamW at 3e-4, batches of 256, at most 12,500 steps, early stop after 1,250.
  private static let evaOffline: TrainedProbeSettings = {
    var settings = TrainedProbeSettings()
    settings.scaling = .none
    settings.loss = .crossEntropy
    settings.training.batchSize = 256
    settings.training.learningRate = 3e-4
    settings.training.schedule = ScheduleChoice(.constant)
    settings.training.gradientClip = nil
    settings.weightDecays = [0.01]
    settings.stepLimit = 12_500
    settings.patienceSteps = 1250
    settings.seeds = [0, 1, 2, 3, 4]
    return settings
  }()

  /// ViLReF's released classifier: linear and sigmoid, binary losses, 50 epochs, AdamW with ε = 1e-6,
  /// the classifier at 1e-3, features before the projection.
  private static func viLReFHead(learningRate: Double, batchSize: Int) -> FineTuneSettings {
    var settings = FineTuneSettings()
    settings.features = .pooled
    settings.headStart = .zeros
    settings.loss = .binary
    settings.training = TrainingSettings()
    settings.training.epochs = 50
    settings.training.batchSize = batchSize
    settings.training.optimizer = OptimizerChoice(.adamW, epsilon: 1e-6)
    settings.training.learningRate = learningRate
    settings.training.schedule = ScheduleChoice(.constant)
    settings.training.weightDecay = 1e-3
    settings.training.gradientClip = nil
    settings.headRateFactor = 1e-3 / learningRate
    return settings
  }

  /// FLAIR: AdamW with ε = 1e-4 at 1e-4, batches of 4, 50 epochs, patience 10.
  private static let flairFineTune: FineTuneSettings = {
    var settings = FineTuneSettings()
    settings.headStart = .zeros
    settings.training = TrainingSettings()
    settings.training.epochs = 50
    settings.training.batchSize = 4
    settings.training.optimizer = OptimizerChoice(.adamW, epsilon: 1e-4)
    settings.training.learningRate = 1e-4
    settings.training.schedule = ScheduleChoice(.constant)
    settings.training.weightDecay = 0.01
    settings.training.gradientClip = nil
    settings.training.patience = 10
    return settings
  }()

  /// RETFound: 100 epochs of batches of 16, 10 of them warm-up, 5e-3 × 16 / 256, layer decay 0.65, drop
  /// path 0.2, label smoothing 0.1, RandAugment and random erasing, averaged patch tokens.
  private static let retFoundFineTune: FineTuneSettings = {
    var settings = FineTuneSettings()
    settings.features = .meanPatch
    settings.headStart = .zeros
    settings.dropPath = 0.2
    settings.augmentation = .retfound
    settings.training = TrainingSettings()
    settings.training.epochs = 100
    settings.training.batchSize = 16
    settings.training.learningRate = 5e-3 * 16 / 256
    settings.training.layerDecay = 0.65
    settings.training.weightDecay = 0.05
    settings.training.schedule = ScheduleChoice(.cosine, warmUpEpochs: 10, finalShare: 0)
    settings.training.gradientClip = nil
    settings.training.labelSmoothing = 0.1
    return settings
  }()
}
