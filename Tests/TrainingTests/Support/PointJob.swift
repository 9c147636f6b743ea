import Autograd
import Foundation
import Kernels
import Layers
import Randomness
import TestSupport
import Tensors
import Training

/// A perceptron of two layers on points of three classes.
///
/// All that a training has, in milliseconds. B points of 5 features, 7 hidden ones, 3 classes.
final class PointJob: TrainingJob {
  /// What varies.
  struct Options {
    var sampleCount = 22
    /// Puts a batch normalisation behind the first layer.
    var hasBatchNorm = false
    /// Adds noise to hidden features, drawn with the tape's keys as dropout's masks are.
    var noise: Float = 0
    /// The scores of the validations, in order; the validation loss where none is left.
    var scores: [ValidationScore] = []
    /// What the data are called, as an identity.
    var data = "points"
    /// The class weights of the loss.
    var classWeights: [Float]?
  }

  let parameterSet = ParameterSet()
  let device: Device
  var options: Options
  /// The batches that were asked for.
  private(set) var batches: [TrainingBatch] = []
  /// The random keys of the batches' noise.
  private(set) var keys: [UInt64] = []
  /// Called before each batch.
  var onBatch: (TrainingBatch) throws -> Void = { _ in }
  /// Points [N, 5], one after another.
  var points: [Float]
  let classes: [Int32]
  private let first: Linear
  private let norm: BatchNorm?
  private let second: Linear

  init(_ options: Options = Options(), seed: UInt64 = 5, on device: Device) {
    self.options = options
    self.device = device
    first = Linear(5, 7, in: parameterSet.root["first"])
    norm = options.hasBatchNorm ? BatchNorm(7, in: parameterSet.root["norm"]) : nil
    second = Linear(7, 3, in: parameterSet.root["second"])
    parameterSet.initialize(seed: seed, on: device)
    var source = RandomSource(seed: 11)
    let count = options.sampleCount
    let points = (0..<count * 5).map { _ in Float(source.nextNormal()) }
    self.points = points
    classes = (0..<count).map { index in
      let (x, y) = (points[index * 5], points[index * 5 + 1])
      return x * y > 0.2 ? 2 : x + y > 0 ? 1 : 0
    }
  }

  var identity: [TrainingFact] { [TrainingFact("data", options.data)] }
  var sampleCount: Int { options.sampleCount }
  var smallestBatch: Int { norm == nil ? 1 : 2 }
  var trained: [Parameter] { parameterSet.parameters.filter { !$0.isStatistic } }
  var statistics: [Parameter] { parameterSet.parameters.filter(\.isStatistic) }
  var samplingWeights: [Double] {
    classes.map { label in 1 / Double(classes.count { $0 == label }) }
  }

  /// All values, parameters and statistics.
  var values: [[Float]] { parameterSet.parameters.map(\.value.elements) }

  func loss(of batch: TrainingBatch, on executor: TapeExecutor) throws -> BatchLoss? {
    batches.append(batch)
    try onBatch(batch)
    let tape = executor.tape
    let count = batch.samples.count
    var x = executor.linear(executor.constant(features(of: batch.samples)), first, activation: nil)
    if let norm {
      tape.place = norm.scale.name
      x = tape.batchNorm(
        x,
        scale: executor.variable(norm.scale),
        shift: executor.variable(norm.shift),
        epsilon: norm.epsilon,
        mode: .training(mean: norm.mean.value, variance: norm.variance.value, momentum: 0.1),
        relu: false
      )
    }
    if options.noise > 0 {
      let key = tape.nextRandomKey()
      keys.append(key)
      var source = RandomSource(seed: key)
      let noise = (0..<count * 7).map { _ in Float(source.nextNormal()) * options.noise }
      x = tape.add(x, executor.constant(Tensor(noise, shape: [count, 7], on: device)))
    }
    let logits = executor.linear(tape.activation(.gelu, x), second, activation: nil)
    let labels = batch.samples.map { classes[$0] }
    let weight = labels.reduce(0.0) { sum, label in
      sum + Double(options.classWeights?[Int(label)] ?? 1)
    }
    return BatchLoss(
      tape.crossEntropy(logits, classes: labels, classWeights: options.classWeights),
      weight: weight
    )
  }

  func validate() throws -> ValidationScore {
    if !options.scores.isEmpty { return options.scores.removeFirst() }
    return ValidationScore("loss", trainingLoss(), higherIsBetter: false)
  }

  /// The loss over all samples with the statistics as they are.
  func trainingLoss() -> Double {
    let tape = Tape(on: device)
    let executor = TapeExecutor(tape, gradients: ParameterGradients(of: []))
    var x = executor.linear(
      executor.constant(features(of: Array(0..<sampleCount))),
      first,
      activation: nil
    )
    if let norm {
      x = tape.batchNorm(
        x,
        scale: executor.variable(norm.scale),
        shift: executor.variable(norm.shift),
        epsilon: norm.epsilon,
        mode: .frozen(mean: norm.mean.value, variance: norm.variance.value),
        relu: false
      )
    }
    let logits = executor.linear(tape.activation(.gelu, x), second, activation: nil)
    return Double(tape.crossEntropy(logits, classes: classes).value.elements[0])
  }

  private func features(of samples: [Int]) -> Tensor {
    let values = samples.flatMap { points[$0 * 5..<$0 * 5 + 5] }
    return Tensor(values, shape: [samples.count, 5], on: device)
  }
}

extension TrainingSettings {
  /// Settings of a short training of ``PointJob``.
  static func short(epochs: Int = 4, _ change: (inout TrainingSettings) -> Void = { _ in }) -> Self
  {
    var settings = TrainingSettings()
    settings.epochs = epochs
    settings.batchSize = 5
    settings.learningRate = 0.02
    settings.seed = 3
    change(&settings)
    return settings
  }
}

/// Notes what a training tells, and does something at some steps.
final class RecordingObserver: TrainingObserver {
  private(set) var start: TrainingStart?
  private(set) var steps: [TrainingStep] = []
  private(set) var epochs: [TrainingEpoch] = []
  private(set) var savedSteps: [Int] = []
  private(set) var result: TrainingResult?
  /// Called after each step.
  var onStep: (Int) throws -> Void = { _ in }
  /// Called after each epoch.
  var onEpoch: (Int) throws -> Void = { _ in }
  /// Called after each saving.
  var onSave: (Int, String) throws -> Void = { _, _ in }

  func started(_ start: TrainingStart) throws { self.start = start }
  func made(_ step: TrainingStep) throws {
    steps.append(step)
    try onStep(step.step)
  }
  func ended(_ epoch: TrainingEpoch, history: [TrainingEpoch]) throws {
    epochs = history
    try onEpoch(epoch.epoch)
  }
  func saved(at step: Int, to path: String) throws {
    savedSteps.append(step)
    try onSave(step, path)
  }
  func ended(_ result: TrainingResult) throws { self.result = result }
}

/// What a test throws to end a training as a killed process would: nothing more is saved.
struct Killed: Error {}

/// A new folder that is removed with the value's owner.
final class TemporaryFolder {
  let url: URL
  var path: String { url.path(percentEncoded: false) }

  init() throws { url = try Fixtures.temporaryDirectory() }
  deinit { try? FileManager.default.removeItem(at: url) }

  /// The names of its files, sorted.
  var names: [String] {
    ((try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []).sorted()
  }
}

extension [TrainingEpoch] {
  /// The history without times.
  var withoutTimes: [TrainingEpoch] {
    map { epoch in
      var epoch = epoch
      epoch.seconds = 0
      return epoch
    }
  }
}
