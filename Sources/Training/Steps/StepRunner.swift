import Autograd
import Layers
import Optimizers
import Parallelism
import Tensors

/// Makes the steps of a training: forward and backward passes, then the optimiser.
///
/// In backward passes and in the optimiser, numbers nearer to zero than 2⁻¹²⁶ count as zero, operands and
/// results: processors are a hundred times slower with them. Forward passes keep them.
final class StepRunner {
  /// What the optimiser remembers.
  let optimizer: any Optimizer
  /// The weights' averages; nil where none are wanted.
  let averages: ExponentialMovingAverage?
  private var meter: MemoryMeter
  private let job: any TrainingJob
  private let settings: TrainingSettings
  private let weights: TrainedWeights
  private let device: Device
  private let gradients: ParameterGradients
  private let streams: TrainingStreams

  /// What came of a step.
  enum Outcome {
    /// It was made; without a loss where none of its samples can be used, and then nothing changed.
    case made(loss: Double?, weight: Double, gradientNorm: Double?)
    /// It met a number that isn't finite, and parameters stay as they were.
    case failed(symptom: String, finding: String)
  }

  /// Prepares to make steps.
  ///
  /// - Parameters:
  ///   - job: what is trained.
  ///   - weights: its parameters, in memory of their own.
  ///   - settings: how.
  ///   - device: where to run.
  /// - Throws: `OptimizersError` for settings out of range.
  init(
    _ job: any TrainingJob,
    _ weights: TrainedWeights,
    _ settings: TrainingSettings,
    on device: Device
  ) throws {
    self.job = job
    self.weights = weights
    self.settings = settings
    self.device = device
    let held = device.storage.statistics.liveBytes
    gradients = ParameterGradients(of: weights.parameters)
    streams = TrainingStreams(seed: settings.seed)
    optimizer = try settings.makeOptimizer(
      of: try settings.optimizedParameters(of: job),
      on: device
    )
    averages = try settings.averageDecay.map { decay in
      let sources = (weights.parameters + weights.statistics).map {
        ExponentialMovingAverage.Source(name: $0.name, value: $0.value)
      }
      return try ExponentialMovingAverage(sources, decay: decay, warmsUp: true, on: device)
    }
    meter = MemoryMeter(
      weights: held,
      moments: optimizer.momentBytes,
      averages: averages?.byteCount ?? 0,
      of: device.storage
    )
  }

  /// The memory that steps needed; nil before the first.
  var memory: TrainingMemory? { meter.memory.peak > 0 ? meter.memory : nil }

  /// Makes a step.
  ///
  /// The batches' losses are averaged with their weights, and so are the gradients: up to rounding
  /// those of one batch of all samples.
  ///
  /// - Parameters:
  ///   - batches: the step's batches.
  ///   - learningRate: the schedule's rate.
  /// - Returns: what came of it.
  /// - Throws: what the job throws; nothing but its statistics has changed then.
  func step(_ batches: [TrainingBatch], learningRate: Double) throws -> Outcome {
    defer { gradients.clear() }
    meter.beginStep()
    var sum = 0.0
    var weight = 0.0
    for batch in batches {
      guard let loss = try pass(batch, of: batches, finiteness: nil) else { continue }
      guard loss.value.isFinite else {
        let symptom = "the loss is \(loss.value.isNaN ? "NaN" : "infinite")"
        return .failed(symptom: symptom, finding: try finding(in: batches))
      }
      sum += loss.value * loss.weight
      weight += loss.weight
    }
    guard weight > 0 else { return .made(loss: nil, weight: 0, gradientNorm: nil) }
    meter.endStep()
    let sums = gradients.sums
    let norm = GradientNorm(of: sums, scale: Self.share(of: batches) / weight, on: device)
    guard norm.total.isFinite else {
      let symptom = "the gradients' length is \(norm.total.isNaN ? "NaN" : "infinite")"
      return .failed(symptom: symptom, finding: try finding(in: batches))
    }
    flushingSubnormals {
      optimizer.step(
        gradients: sums,
        learningRate: learningRate,
        gradientScale: norm.gradientScale(clippingTo: settings.gradientClip),
        on: device
      )
      averages?.update(on: device)
    }
    job.stepMade()
    return .made(loss: sum / weight, weight: weight, gradientNorm: norm.total)
  }

  /// A batch's forward and backward pass; adds to the gradients unless the loss isn't finite.
  private func pass(
    _ batch: TrainingBatch,
    of batches: [TrainingBatch],
    finiteness: FinitenessCheck?
  ) throws -> (value: Double, weight: Double)? {
    let tape = Tape(on: device, seed: streams.tapeSeed(step: batch.step, part: batch.part))
    tape.finiteness = finiteness
    // A step that the job ends with an error leaves nothing behind.
    defer { tape.discard() }
    var options = job.executorOptions
    options.recomputesBlocks = settings.recomputesBlocks
    let executor = TapeExecutor(tape, gradients: gradients, options: options)
    guard let loss = try job.loss(of: batch, on: executor) else { return nil }
    meter.endForward()
    let value = Double(loss.mean.value.elements[0])
    guard value.isFinite || finiteness != nil else { return (value, loss.weight) }
    // Of a single batch this is exactly 1 where its samples have weight 1.
    let factor = Float(loss.weight / Self.share(of: batches))
    flushingSubnormals {
      tape.backward(
        from: loss.mean,
        gradient: Tensor([factor], shape: loss.mean.shape, on: device)
      )
    }
    return (value, loss.weight)
  }

  /// What batches' weights are divided by first: how many samples the step has.
  private static func share(of batches: [TrainingBatch]) -> Double {
    Double(batches.reduce(0) { $0 + $1.samples.count })
  }

  /// Names the first tensor of a step that holds a number which isn't finite.
  ///
  /// The step runs again and every tensor is looked at; parameters before.
  private func finding(in batches: [TrainingBatch]) throws -> String {
    if let finding = weights.firstNonFinite(on: device) { return finding }
    gradients.clear()
    for batch in batches {
      let check = FinitenessCheck()
      _ = try pass(batch, of: batches, finiteness: check)
      if let finding = check.finding { return finding }
    }
    for parameter in weights.parameters {
      guard let gradient = gradients[parameter]?.sum,
        let index = gradient.firstNonFinite(on: device)
      else { continue }
      return describe("the gradient of", parameter, gradient, index)
    }
    return "the loss itself"
  }
}
