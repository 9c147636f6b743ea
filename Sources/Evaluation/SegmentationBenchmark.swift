import Autograd
import Foundation
import Kernels
import Layers
import Models
import Optimizers
import Parallelism
import Results
import Tensors

/// The time of a segmentation network's forward passes or training steps, with random weights on
/// random inputs.
///
/// A step is a forward pass, half cross-entropy and half soft Dice of every network of a cascade, a
/// backward pass and AdamW.
package struct SegmentationBenchmark: Codable, Sendable {
  /// The seconds of each repetition, warm.
  package var seconds: [Double]
  /// The loss of each step, the warming ones included; none of forward passes.
  package var losses: [Double]
  /// How many threads worked.
  package var threads: Int
  /// The most memory that the process had resident, in bytes; absent where the system doesn't say.
  package var peakMemoryBytes: Int?
  /// The most bytes that tensors held at once, weights included.
  package var peakTensorBytes: Int

  /// Sizes and wishes of a measurement.
  package struct Request: Sendable {
    /// An architecture's name, such as `wnet-8.16.32`.
    package var architecture: String
    /// The side of images in pixels.
    package var imageSize: Int
    /// How many images at once, at least 1.
    package var batch: Int
    /// Whether steps are timed instead of forward passes.
    package var trains: Bool
    /// How many threads work, at least 1.
    package var threads: Int
    /// How often, at least 1; two more warm up.
    package var repetitions: Int

    /// States a measurement.
    ///
    /// - Parameters:
    ///   - architecture: an architecture's name, such as `wnet-8.16.32`.
    ///   - imageSize: the side of images in pixels.
    ///   - batch: how many images at once, at least 1.
    ///   - trains: whether steps are timed instead of forward passes.
    ///   - threads: how many threads work, at least 1.
    ///   - repetitions: how often, at least 1; two more warm up.
    package init(
      architecture: String,
      imageSize: Int,
      batch: Int,
      trains: Bool,
      threads: Int,
      repetitions: Int
    ) {
      self.architecture = architecture
      self.imageSize = imageSize
      self.batch = batch
      self.trains = trains
      self.threads = threads
      self.repetitions = repetitions
    }
  }

  /// Times a network.
  ///
  /// - Parameter request: sizes and wishes.
  /// - Returns: the times.
  /// - Throws: `ModelsError` for an unknown name or impossible sizes; `OptimizersError`.
  package static func run(_ request: Request) throws -> SegmentationBenchmark {
    precondition(request.batch >= 1 && request.repetitions >= 1, "\(request)")
    let network = try SegmentationArchitecture.named(
      request.architecture,
      classes: 1,
      imageSize: request.imageSize
    )
    guard let network else {
      throw ModelsError(
        .unknownArchitecture(name: request.architecture, known: ["wnet-8.16.32", "unet-16.32.64"])
      )
    }
    let device = Device(threadCount: request.threads)
    let model = try SegmentationModel(network)
    model.parameters.initialize(seed: 1, on: device)
    let side = request.imageSize
    let pixels = (0..<request.batch * side * side * 3).map { Float($0 % 251) / 250 }
    let images = Tensor(pixels, shape: [request.batch, side, side, 3], on: device)
    var losses: [Double] = []
    let run: () -> Void
    if request.trains {
      let step = try Step(model, images, on: device)
      run = { losses.append(step.run()) }
    } else {
      let executor = InferenceExecutor(on: device, releasesParameters: true)
      run = { _ = model.logits(images, on: executor).last?.count }
    }
    run()
    run()
    let clock = ContinuousClock()
    let seconds = (0..<request.repetitions).map { _ in clock.measure(run) / .seconds(1) }
    return SegmentationBenchmark(
      seconds: seconds,
      losses: losses,
      threads: request.threads,
      peakMemoryBytes: Environment.peakMemoryBytes(),
      peakTensorBytes: device.storage.statistics.peakBytes
    )
  }
}

/// A network with an optimiser and a batch.
private final class Step {
  private let model: SegmentationModel
  private let images: Tensor
  private let targets: [UInt8]
  private let device: Device
  private let gradients: ParameterGradients
  private let optimizer: AdamW
  private var count: UInt64 = 0

  init(_ model: SegmentationModel, _ images: Tensor, on device: Device) throws {
    self.model = model
    self.images = images
    self.device = device
    targets = (0..<images.count / 3).map { $0 % 7 == 0 ? 1 : 0 }
    gradients = ParameterGradients(of: model.trainable)
    optimizer = try AdamW(
      model.trainable.map {
        OptimizedParameter(
          name: $0.name,
          value: $0.value,
          group: ParameterGroup(weightDecay: 1e-4)
        )
      },
      on: device
    )
  }

  func run() -> Double {
    count += 1
    let executor = TapeExecutor(Tape(on: device, seed: count), gradients: gradients)
    let tape = executor.tape
    let loss = MaskLoss(form: .sigmoid, crossEntropyWeight: 0.5, diceWeight: 0.5)
    let losses = model.logits(executor.constant(images), on: executor).map {
      tape.maskLoss($0, targets: targets, loss)
    }
    let sum = losses.dropFirst().reduce(losses[0]) { tape.add($0, $1) }
    flushingSubnormals {
      tape.backward(from: sum)
      optimizer.step(
        gradients: gradients.sums,
        learningRate: 1e-4,
        gradientScale: 1,
        on: device
      )
    }
    gradients.clear()
    return Double(sum.value.elements[0])
  }
}
