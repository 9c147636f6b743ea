import Layers
import Models
import Tensors

/// An image encoder with a linear classifier on its features.
final class ImageClassifier {
  /// The encoder's model.
  let model: Model
  /// Which features the classifier sees.
  let kind: ImageFeatureKind
  /// The classifier's weights, `head.weight` [K, width] and `head.bias` [K].
  let headParameters = ParameterSet()
  private let head: Linear

  /// Puts a classifier on an encoder.
  ///
  /// Its weights begin at 0: the first loss is that of a guess, and the first gradients into the
  /// encoder are 0 rather than random.
  ///
  /// - Parameters:
  ///   - model: the encoder's model, with its weights.
  ///   - kind: which features the classifier sees.
  ///   - classCount: K.
  ///   - device: where the classifier's weights lie.
  init(_ model: Model, _ kind: ImageFeatureKind, classCount: Int, on device: Device) {
    self.model = model
    self.kind = kind
    head = Linear(model.image.width(of: kind), classCount, in: headParameters.root["head"])
    for parameter in headParameters.parameters {
      let zeros = [Float](repeating: 0, count: parameter.count)
      parameter.load(Tensor(zeros, shape: parameter.shape, on: device))
    }
  }

  /// Loads the classifier's weights.
  ///
  /// - Parameters:
  ///   - weights: K rows of as many floats as a feature has.
  ///   - offsets: K floats.
  ///   - device: where they lie.
  func loadHead(weights: [Float], offsets: [Float], on device: Device) {
    for (parameter, values) in zip(headParameters.parameters, [weights, offsets]) {
      parameter.load(Tensor(values, shape: parameter.shape, on: device))
    }
  }

  /// The classes' logits of images.
  ///
  /// - Parameters:
  ///   - images: [B, H, W, 3], preprocessed.
  ///   - executor: what runs the operations.
  /// - Returns: [B, K].
  func logits<E: Executor>(_ images: E.Value, on executor: E) -> E.Value {
    let features = model.features(of: images, kind, on: executor)
    return executor.linear(executor.concatenated(features), head, activation: nil)
  }
}
