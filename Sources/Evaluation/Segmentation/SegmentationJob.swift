import Autograd
import Datasets
import Imaging
import Layers
import Models
import Tensors
import Training

/// The training of a segmentation network on a task's training samples.
final class SegmentationJob: TrainingJob {
  let identity: [TrainingFact]
  let trained: [Parameter]
  let statistics: [Parameter]
  let executorOptions = TapeExecutor.Options()
  private let model: SegmentationModel
  private let pictures: MaskPictures
  private let training: MaskTraining
  private let train: [Int]
  private let validation: [Int]
  private let augmented: JointAugmentation
  private let plain: JointAugmentation
  private let objective: MaskObjective
  private let tilesPerPicture: Int
  private let device: Device

  /// Which samples are for what.
  struct Samples {
    /// Which samples are trained on.
    var train: [Int]
    /// Which samples choose the epoch.
    var validation: [Int]
  }

  /// Prepares a training.
  ///
  /// - Parameters:
  ///   - model: what is trained, with its weights.
  ///   - pictures: the samples' pictures and masks.
  ///   - samples: which samples are for what.
  ///   - settings: how masks are predicted.
  ///   - training: how the network is trained.
  ///   - input: the network's input.
  ///   - seed: of augmentation.
  ///   - identity: what the result depends on beside the training's settings.
  ///   - device: where it runs.
  init(
    _ model: SegmentationModel,
    _ pictures: MaskPictures,
    _ samples: Samples,
    _ settings: SegmentationSettings,
    _ training: MaskTraining,
    input: Preprocessing,
    seed: UInt64,
    identity: [TrainingFact],
    on device: Device
  ) {
    self.model = model
    self.pictures = pictures
    self.training = training
    self.identity = identity
    self.device = device
    (train, validation) = (samples.train, samples.validation)
    let cutsTiles = settings.view.tiles != nil
    tilesPerPicture = settings.view.tiles?.perPicture ?? 1
    augmented = JointAugmentation(
      training.augmentation,
      cutsTiles: cutsTiles,
      preprocessing: input,
      seed: seed
    )
    plain = JointAugmentation(.none, cutsTiles: cutsTiles, preprocessing: input, seed: 0)
    objective = MaskObjective(
      form: pictures.form,
      crossEntropyWeight: training.crossEntropyWeight,
      diceWeight: training.diceWeight
    )
    trained = training.trainsEncoder ? model.trainable : model.trainableDecoder
    statistics = model.parameters.parameters.filter { parameter in
      parameter.isStatistic && (training.trainsEncoder || !EncoderDecoder.isOfEncoder(parameter))
    }
  }

  var modelParameters: [Parameter] { model.trainable }

  var sampleCount: Int { train.count * tilesPerPicture }

  func rateFactor(of parameter: Parameter) -> Double {
    EncoderDecoder.isOfEncoder(parameter) ? training.encoderRateFactor : 1
  }

  func loss(of batch: TrainingBatch, on executor: TapeExecutor) throws -> BatchLoss? {
    // Each tile of a picture is a sample of its own, and draws its own place.
    let loaded = try pictures.batch(
      batch.samples.map { train[$0 / tilesPerPicture] },
      repetitions: zip(batch.samples, batch.repetitions).map { sample, repetition in
        repetition * tilesPerPicture + sample % tilesPerPicture
      },
      epoch: batch.epoch,
      augmented,
      on: device
    )
    let logits = model.logits(executor.constant(loaded.images), on: executor)
    return objective.loss(of: logits, loaded.planes, on: executor.tape)
  }

  /// The mean over classes of Dice over all validation pixels, decided at probability 0.5 or by the
  /// highest one, at the network's size.
  func validate() throws -> ValidationScore {
    let name = "Dice"
    guard !validation.isEmpty else {
      return ValidationScore(undefined: name, "there are no samples", higherIsBetter: true)
    }
    let executor = InferenceExecutor(on: device)
    let classCount = pictures.form.classCount
    var counts = [OverlapCounts](repeating: OverlapCounts(), count: classCount)
    // Tiles of validation pictures are the same in each epoch: drawn with the epoch 0 and a seed of 0.
    let tiles = validation.flatMap { sample in (0..<tilesPerPicture).map { (sample, $0) } }
    let size = training.settings.batchSize
    for start in stride(from: 0, to: tiles.count, by: size) {
      let part = tiles[start..<min(start + size, tiles.count)]
      let loaded = try pictures.batch(
        part.map(\.0),
        repetitions: part.map(\.1),
        epoch: 0,
        plain,
        on: device
      )
      guard let logits = model.logits(loaded.images, on: executor).last?.elements else { continue }
      guard logits.allSatisfy(\.isFinite) else {
        return ValidationScore(
          undefined: name,
          "logits are infinite or no numbers",
          higherIsBetter: true
        )
      }
      for index in 0..<classCount {
        count(&counts[index], logits, loaded.planes, ofClass: index)
      }
    }
    let scores = counts.compactMap(\.dice)
    guard !scores.isEmpty else {
      return ValidationScore(
        undefined: name,
        "validation masks are empty",
        higherIsBetter: true
      )
    }
    return ValidationScore(
      name,
      scores.reduce(0, +) / Double(scores.count),
      higherIsBetter: true
    )
  }

  private func count(
    _ counts: inout OverlapCounts,
    _ logits: [Float],
    _ planes: [[Plane<UInt8>]],
    ofClass index: Int
  ) {
    let (form, size) = (pictures.form, planes[0][0].samples.count)
    for (row, picture) in planes.enumerated() {
      let plane = form.kind == .exclusive ? picture[0] : picture[index]
      for pixel in 0..<size where plane.samples[pixel] != MaskTarget.ignored {
        let place = (row * size + pixel) * form.logitCount
        let value = plane.samples[pixel]
        switch form.kind {
        case .independent:
          counts.add(isTrue: value == 1, isDecided: logits[place + index] > 0)
        case .exclusive:
          let highest = logits[place..<place + form.logitCount].max() ?? 0
          let isDecided = logits[place + index + 1] == highest
          counts.add(isTrue: Int(value) == index + 1, isDecided: isDecided)
        }
      }
    }
  }
}

/// What Dice is made of.
private struct OverlapCounts {
  private var truth = 0
  private var decided = 0
  private var both = 0

  mutating func add(isTrue: Bool, isDecided: Bool) {
    if isTrue { truth += 1 }
    if isDecided { decided += 1 }
    if isTrue && isDecided { both += 1 }
  }

  /// Dice; nil where the class isn't there.
  var dice: Double? { truth > 0 ? 2 * Double(both) / Double(truth + decided) : nil }
}
