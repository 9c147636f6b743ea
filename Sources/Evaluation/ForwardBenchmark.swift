import Foundation
import Layers
import Models
import Results
import Tensors

/// The time of a model's forward pass with random weights on random inputs.
package struct ForwardBenchmark: Codable, Sendable {
  /// The seconds of each repetition, warm.
  package var seconds: [Double]
  /// How many images or texts at once.
  package var batch: Int
  /// How many threads worked.
  package var threads: Int
  /// The most memory that the process had resident, in bytes; absent where the system doesn't say.
  package var peakMemoryBytes: Int?
  /// The most bytes that tensors held at once, plain weights included.
  package var peakTensorBytes: Int

  /// Times an image encoder up to the projected feature, or a text encoder at 100 tokens.
  ///
  /// - Parameters:
  ///   - name: an architecture's name.
  ///   - texts: whether texts are encoded instead of images.
  ///   - batch: how many at once, at least 1.
  ///   - threads: how many threads work, at least 1.
  ///   - repetitions: how often, at least 1; two more warm up.
  /// - Returns: the times.
  /// - Throws: `ModelsError` for an unknown name or a model without a text encoder.
  package static func run(
    architecture name: String,
    texts: Bool,
    batch: Int,
    threads: Int,
    repetitions: Int
  ) throws -> ForwardBenchmark {
    precondition(batch >= 1 && repetitions >= 1, "a batch of \(batch), \(repetitions) repetitions")
    let architecture = try Architecture.named(name)
    let device = Device(threadCount: threads)
    let executor = InferenceExecutor(on: device, releasesParameters: true)
    let run: () -> Void
    // Only the encoder that is timed is built: memory is compared too.
    let parameters = ParameterSet()
    if texts {
      guard let text = architecture.text else { throw ModelsError(.noTextEncoder) }
      let encoder = BERT(text, in: parameters.root)
      let ids = (0..<batch * 100).map { Int32(1 + $0 % (text.vocabularySize - 1)) }
      let lengths = [Int](repeating: 100, count: batch)
      run = { _ = encoder.features(ids: ids, lengths: lengths, on: executor).rows }
    } else {
      let encoder = Model.imageEncoder(architecture.vision, in: parameters.root["visual"])
      let side = architecture.vision.imageSize
      let pixels = (0..<batch * side * side * 3).map { Float($0 % 251) / 125 - 1 }
      let kind: ImageFeatureKind =
        encoder.availableFeatures.contains(.projected) ? .projected : .pooled
      let images = Tensor(pixels, shape: [batch, side, side, 3], on: device)
      run = { _ = encoder.features(images, kind, on: executor).count }
    }
    parameters.initialize(seed: 1, on: device)
    run()
    run()
    let clock = ContinuousClock()
    let seconds = (0..<repetitions).map { _ in clock.measure(run) / .seconds(1) }
    return ForwardBenchmark(
      seconds: seconds,
      batch: batch,
      threads: threads,
      peakMemoryBytes: Environment.peakMemoryBytes(),
      peakTensorBytes: device.storage.statistics.peakBytes
    )
  }
}
