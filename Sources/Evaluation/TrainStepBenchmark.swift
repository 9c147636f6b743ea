import Autograd
import Foundation
import Layers
import Models
import Optimizers
import Parallelism
import Results
import Tensors

/// The time of training steps with random weights on random inputs.
///
/// A step is a forward pass, a classifier of ten classes with cross-entropy, a backward pass and AdamW.
package struct TrainStepBenchmark: Codable, Sendable {
  /// The seconds of each repetition, warm.
  package var seconds: [Double]
  /// The loss of each step, the warming ones included.
  package var losses: [Double]
  /// How many images or texts at once.
  package var batch: Int
  /// How many threads worked.
  package var threads: Int
  /// The most memory that the process had resident, in bytes; absent where the system doesn't say.
  package var peakMemoryBytes: Int?
  /// The most bytes that tensors held at once during a warm step, by what they are.
  package var tensorBytes: [String: Int]

  /// Sizes and wishes of a measurement.
  package struct Request: Sendable {
    /// An architecture's name.
    package var architecture: String
    /// Whether texts are encoded instead of images.
    package var texts: Bool
    /// How many at once, at least 1.
    package var batch: Int
    /// How many threads work, at least 1.
    package var threads: Int
    /// How often, at least 1; two more warm up.
    package var repetitions: Int
    /// Whether blocks run again in the backward pass instead of keeping what they compute.
    package var recomputesBlocks: Bool

    /// States a measurement.
    ///
    /// - Parameters:
    ///   - architecture: an architecture's name.
    ///   - texts: whether texts are encoded instead of images.
    ///   - batch: how many at once, at least 1.
    ///   - threads: how many threads work, at least 1.
    ///   - repetitions: how often, at least 1; two more warm up.
    ///   - recomputesBlocks: whether blocks run again in the backward pass.
    package init(
      architecture: String,
      texts: Bool,
      batch: Int,
      threads: Int,
      repetitions: Int,
      recomputesBlocks: Bool = false
    ) {
      self.architecture = architecture
      self.texts = texts
      self.batch = batch
      self.threads = threads
      self.repetitions = repetitions
      self.recomputesBlocks = recomputesBlocks
    }
  }

  /// Times the steps of one encoder.
  ///
  /// - Parameter request: sizes and wishes.
  /// - Returns: the times.
  /// - Throws: `ModelsError` for an unknown name or a model without a text encoder; `OptimizersError`.
  package static func run(_ request: Request) throws -> TrainStepBenchmark {
    precondition(request.batch >= 1 && request.repetitions >= 1, "\(request)")
    let device = Device(threadCount: request.threads)
    let step = try TrainStep(request, on: device)
    var losses = [step.run(), step.run()]
    device.storage.restartPeak()
    let clock = ContinuousClock()
    var seconds: [Double] = []
    for _ in 0..<request.repetitions {
      seconds.append(clock.measure { losses.append(step.run()) } / .seconds(1))
    }
    return TrainStepBenchmark(
      seconds: seconds,
      losses: losses,
      batch: request.batch,
      threads: request.threads,
      peakMemoryBytes: Environment.peakMemoryBytes(),
      tensorBytes: step.bytes(peak: device.storage.statistics.peakBytes)
    )
  }
}

/// One encoder with a classifier, an optimiser and a batch.
private final class TrainStep {
  private let device: Device
  private let parameters = ParameterSet()
  private let gradients: ParameterGradients
  private let optimizer: AdamW
  private let options: TapeExecutor.Options
  private let loss: (TapeExecutor) -> Variable
  private var count: UInt64 = 0
  private var gradientBytes = 0

  init(_ request: TrainStepBenchmark.Request, on device: Device) throws {
    self.device = device
    let architecture = try Architecture.named(request.architecture)
    let classes = (0..<request.batch).map { Int32($0 % 10) }
    if request.texts {
      guard let text = architecture.text else { throw ModelsError(.noTextEncoder) }
      let encoder = BERT(text, in: parameters.root)
      let head = Linear(text.projectionWidth, 10, in: parameters.root["head"])
      let ids = (0..<request.batch * 100).map { Int32(1 + $0 % (text.vocabularySize - 1)) }
      let lengths = [Int](repeating: 100, count: request.batch)
      loss = { executor in
        let features = encoder.features(ids: ids, lengths: lengths, on: executor)
        let logits = executor.linear(features, head, activation: nil)
        return executor.tape.crossEntropy(logits, classes: classes)
      }
    } else {
      let encoder = Model.imageEncoder(architecture.vision, in: parameters.root["visual"])
      let kind: ImageFeatureKind =
        encoder.availableFeatures.contains(.projected) ? .projected : .pooled
      let head = Linear(encoder.width(of: kind), 10, in: parameters.root["head"])
      let side = architecture.vision.imageSize
      let pixels = (0..<request.batch * side * side * 3).map { Float($0 % 251) / 125 - 1 }
      let images = Tensor(pixels, shape: [request.batch, side, side, 3], on: device)
      loss = { executor in
        let features = encoder.features(executor.constant(images), kind, on: executor)
        let logits = executor.linear(features[0], head, activation: nil)
        return executor.tape.crossEntropy(logits, classes: classes)
      }
    }
    parameters.initialize(seed: 1, on: device)
    let trained = parameters.parameters.filter { !$0.isStatistic }
    gradients = ParameterGradients(of: trained)
    optimizer = try AdamW(
      trained.map {
        OptimizedParameter(
          name: $0.name,
          value: $0.value,
          group: ParameterGroup(weightDecay: 0.05)
        )
      },
      on: device
    )
    options = TapeExecutor.Options(recomputesBlocks: request.recomputesBlocks)
  }

  func run() -> Double {
    count += 1
    let executor = TapeExecutor(
      Tape(on: device, seed: count),
      gradients: gradients,
      options: options
    )
    let loss = loss(executor)
    flushingSubnormals { executor.tape.backward(from: loss) }
    gradientBytes = gradients.byteCount
    flushingSubnormals {
      optimizer.step(
        gradients: gradients.sums,
        learningRate: 1e-5,
        gradientScale: 1,
        on: device
      )
    }
    gradients.clear()
    return Double(loss.value.elements[0])
  }

  /// A peak of live bytes split into weights, gradients, moments and the rest: activations.
  func bytes(peak: Int) -> [String: Int] {
    let weights = 4 * parameters.count
    return [
      "peak": peak, "weights": weights, "gradients": gradientBytes,
      "moments": optimizer.momentBytes,
      "activations": peak - weights - gradientBytes - optimizer.momentBytes,
    ]
  }
}
