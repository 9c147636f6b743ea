package import Checkpoints
package import Layers
package import Tensors

/// An image encoder and, for a CLIP pair, a text encoder with what joins them.
package final class Model {
  /// What the model is made of.
  package let architecture: Architecture
  /// All parameters.
  package let parameters = ParameterSet()
  /// The image encoder.
  package let image: any ImageEncoder
  /// The text encoder; nil for image models.
  package let text: BERT?
  /// The logarithm of what similarities are multiplied with; nil for image models.
  package let logitScale: Parameter?
  private let imageMapping: Linear?

  /// Builds a model without values.
  ///
  /// - Parameter architecture: what it is made of.
  /// - Throws: `ModelsError` where sizes don't fit together.
  package init(_ architecture: Architecture) throws {
    try architecture.validate()
    self.architecture = architecture
    let root = parameters.root
    let scope = architecture.text == nil ? root : root["visual"]
    image = Self.imageEncoder(architecture.vision, in: scope)
    text = architecture.text.map { BERT($0, in: root) }
    switch architecture.text?.head {
    case nil:
      logitScale = nil
      imageMapping = nil
    case .matrix:
      logitScale = root.parameter("logit_scale", [], .constant(2.6592600))
      imageMapping = nil
    case .leftEyePerceptron:
      let width = architecture.text?.projectionWidth ?? 0
      logitScale = root.parameter("logit_scale_left", [], .constant(2.6592600))
      imageMapping = Linear(width, width, hasBias: false, in: root["left_feature_mapping"])
    }
  }

  /// Builds an image encoder without values.
  ///
  /// - Parameters:
  ///   - vision: what it is made of.
  ///   - scope: where its parameters are declared.
  /// - Returns: the encoder.
  package static func imageEncoder(
    _ vision: VisionArchitecture,
    in scope: ParameterScope
  ) -> any ImageEncoder {
    switch vision {
    case .transformer(let vision): VisionTransformer(vision, in: scope)
    case .modifiedResNet(let vision): ModifiedResNet(vision, in: scope)
    case .resNet(let vision): ResNet(vision, in: scope)
    }
  }

  /// The image encoder's parameters, in the order in which its layers declared them.
  package var imageParameters: [Parameter] {
    guard architecture.text != nil else { return parameters.parameters }
    return parameters.parameters.filter {
      $0.name.hasPrefix("visual.") || $0.name.hasPrefix("left_feature_mapping.")
    }
  }

  /// The features of images.
  ///
  /// - Parameters:
  ///   - images: [B, H, W, 3], preprocessed.
  ///   - kind: one of the encoder's `availableFeatures`.
  ///   - executor: what runs the operations.
  /// - Returns: one or more values [B, …] whose columns are joined to make the feature.
  package func features<E: Executor>(
    of images: E.Value,
    _ kind: ImageFeatureKind,
    on executor: E
  ) -> [E.Value] {
    let features = image.features(images, kind, on: executor)
    guard kind == .projected, let imageMapping else { return features }
    return features.map { executor.linear($0, imageMapping, activation: nil) }
  }

  /// Loads every parameter from a file of tensors.
  ///
  /// - Parameters:
  ///   - archive: the file; tensors that no parameter needs are left.
  ///   - device: where the memory comes from.
  /// - Returns: the names of tensors that no parameter needed.
  /// - Throws: `ModelsError.mismatch` that names missing and mis-shaped tensors, before any is read;
  ///   `CheckpointError`.
  package func load(from archive: any TensorArchive, on device: Device) throws -> [String] {
    try parameters.load(from: archive, on: device)
  }

  /// Compares a file's tensors with the parameters, by name and shape.
  ///
  /// - Parameter tensors: the file's tensors.
  /// - Returns: how they differ.
  package func compare(with tensors: [TensorDescription]) -> CheckpointComparison {
    parameters.compare(with: tensors)
  }
}
