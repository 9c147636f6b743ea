import Autograd
import Foundation
import Imaging
import Layers
import Models
import Parallelism
import Pretraining
import Tensors
import Tokenization
import Training

/// Coloured pictures with reports, and models that learn from them in milliseconds.
///
/// Each of three findings brightens one colour; of five pairs that follow each other two share a finding
/// with others and one has none.
struct TinyPairs {
  /// Which encoder of images.
  enum Encoder: String, CaseIterable {
    /// A vision transformer: no batch normalisation.
    case transformer
    /// A modified ResNet, which has running statistics.
    case residual

    /// The side of its images.
    var side: Int { self == .transformer ? 15 : 64 }

    var vision: VisionArchitecture {
      switch self {
      case .transformer:
        .transformer(
          VisionTransformerArchitecture(
            layout: .clip,
            imageSize: 15,
            patchSize: 5,
            positionGrid: 3,
            width: 20,
            layers: 2,
            heads: 4,
            hiddenWidth: 40,
            projectionWidth: 7
          )
        )
      case .residual:
        .modifiedResNet(
          ModifiedResNetArchitecture(
            imageSize: 64,
            positionGrid: 2,
            width: 2,
            layers: [1, 1, 1, 1],
            heads: 2,
            projectionWidth: 7
          )
        )
      }
    }
  }

  let encoder: Encoder
  let device: Device
  let tokenizer: CLIPTextTokenizer
  private let pool: WorkerPool
  private static let names = ["出血", "硬渗", "玻璃膜疣"]
  private static let kinds = [[0], [1], [2], [0, 1], []]

  /// The findings, in the order of the labels.
  static let findings = names.map { PretrainingValidation.FindingName(name: $0, prompt: $0) }

  init(_ encoder: Encoder = .transformer, on device: Device) throws {
    self.encoder = encoder
    self.device = device
    pool = WorkerPool(threadCount: 2)
    tokenizer = try CLIPTextTokenizer(
      vocabulary: Vocabulary(tokens: Vocabulary.characters(of: Self.names + ["正常，"])),
      contextLength: 11
    )
  }

  /// The findings of a pair.
  static func labels(_ index: Int) -> [Bool] {
    names.indices.map { kinds[index % 5].contains($0) }
  }

  /// What the report of a pair says.
  static func report(_ index: Int) -> String {
    let stated = kinds[index % 5].map { names[$0] }
    return stated.isEmpty ? "正常" : stated.joined(separator: "，")
  }

  private static func picture(_ index: Int) -> ImageBuffer {
    let labels = labels(index)
    let pixels = (0..<18 * 16 * 3).map { place in
      UInt8((labels[place % 3] ? 190 : 40) + (place * 31 + index * 57) % 61)
    }
    return ImageBuffer(width: 18, height: 16, pixels: pixels)
  }

  /// Pairs from `first` on.
  ///
  /// - Parameters:
  ///   - count: how many.
  ///   - first: the number of the first one.
  ///   - missing: whose pictures can't be read, counted from 0.
  ///   - policy: the random changes of images.
  /// - Returns: the pairs.
  func split(
    _ count: Int,
    from first: Int = 0,
    missing: Set<Int> = [],
    policy: AugmentationPolicy = .none
  ) -> PairSplit {
    let side = encoder.side
    let pictures = (0..<count).map { index -> TrainingImageLoader.Picture in
      guard !missing.contains(index) else {
        return .file(.init(identifier: "\(index)", url: URL(filePath: "/nowhere/\(index).png")))
      }
      return .drawn(identifier: "\(index)") { Self.picture(first + index) }
    }
    return PairSplit(
      TrainingImageLoader(
        pictures,
        preprocessing: Preprocessing(
          width: side,
          height: side,
          mean: [0.5, 0.5, 0.5],
          standardDeviation: [0.25, 0.25, 0.25]
        ),
        policy: policy,
        seed: 4,
        pool: pool
      ),
      reports: (first..<first + count).map(Self.report),
      labels: (first..<first + count).map(Self.labels),
      findingCount: Self.names.count,
      tokenizer: tokenizer
    )
  }

  /// A model of random weights.
  func model(seed: UInt64 = 6) throws -> Model {
    let model = try Model(
      Architecture(
        name: "tiny",
        vision: encoder.vision,
        text: TextArchitecture(
          vocabularySize: tokenizer.vocabulary.tokens.count,
          width: 16,
          layers: 1,
          heads: 2,
          hiddenWidth: 24,
          positions: 13,
          segmentKinds: 2,
          projectionWidth: 7,
          contextLength: 11
        )
      )
    )
    model.parameters.initialize(seed: seed, on: device)
    return model
  }

  /// Settings of a training of 12 steps: three epochs of 14 pairs.
  func settings(_ change: (inout PretrainingSettings) -> Void = { _ in }) -> PretrainingSettings {
    var settings = PretrainingSettings(for: encoder.vision)
    settings.training.epochs = 3
    settings.training.batchSize = 4
    settings.training.learningRate = 2e-3
    settings.training.schedule.warmUpEpochs = 0
    settings.training.seed = 9
    settings.expansion = BatchExpansion(queueLength: 6, momentum: 0.8)
    change(&settings)
    return settings
  }

  /// A validation of seven pairs that nothing is learnt from.
  func validation(
    findings: [PretrainingValidation.FindingName] = TinyPairs.findings,
    batch: Int = 7
  ) throws -> PretrainingValidation {
    try PretrainingValidation(
      split(7, from: 100),
      findings: findings,
      tokenizer: tokenizer,
      batch: batch
    )
  }

  /// A training of a model.
  ///
  /// - Parameters:
  ///   - model: whose weights change.
  ///   - settings: how.
  ///   - train: from which pairs; nil for 14.
  /// - Returns: the job.
  /// - Throws: what making a job throws.
  func job(
    _ model: Model,
    _ settings: PretrainingSettings,
    _ train: PairSplit? = nil
  ) throws -> PretrainingJob {
    try PretrainingJob(
      model,
      train ?? split(14, policy: settings.augmentation),
      validation(),
      settings,
      identity: [TrainingFact("pairs", "tiny")],
      on: device
    )
  }
}

extension Model {
  /// All values, statistics too.
  var values: [[Float]] { parameters.parameters.map(\.value.elements) }
}

/// The loss of some pairs of a job, and what is needed to differentiate it.
struct JobStep {
  let loss: BatchLoss?
  let executor: TapeExecutor
  let gradients: ParameterGradients

  /// Runs the forward pass; the step isn't made.
  init(_ job: PretrainingJob, _ samples: [Int], on device: Device) throws {
    gradients = ParameterGradients(of: job.trained)
    executor = TapeExecutor(
      Tape(on: device),
      gradients: gradients,
      options: job.executorOptions
    )
    loss = try job.loss(
      of: TrainingBatch(
        samples: samples,
        repetitions: samples.map { _ in 0 },
        epoch: 0,
        step: 0,
        part: 0
      ),
      on: executor
    )
  }

  /// The loss; nil where the pairs can't be used.
  var value: Float? { loss?.mean.value.elements[0] }
}

/// Stops a training after a step.
final class StoppingObserver: TrainingObserver {
  private let step: Int
  let stop = StopRequest()

  init(after step: Int) { self.step = step }

  func made(_ step: TrainingStep) throws {
    if step.step == self.step { stop.stop() }
  }
}

extension [TrainingEpoch] {
  /// The same epochs without what the clock said.
  var withoutTimes: [TrainingEpoch] {
    map { epoch in
      var epoch = epoch
      epoch.seconds = 0
      return epoch
    }
  }
}
