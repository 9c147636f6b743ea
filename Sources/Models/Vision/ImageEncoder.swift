package import Layers

/// Which features of an image are meant.
package enum ImageFeatureKind: String, Codable, CaseIterable, Sendable {
  /// Before any projection: the class token after the last norm (transformers), the attention-pooled
  /// map (modified ResNet, whose pooling ends in its projection), the averaged map (ResNet).
  case pooled
  /// After the projection into the space that images and texts share.
  case projected
  /// The mean of the patch tokens, then normalised by the last norm (He et al. 2022, fine-tuning).
  case meanPatch = "mean_patch"
  /// The class token and the mean of the patch tokens, joined.
  case pooledAndMeanPatch = "pooled_and_mean_patch"
}

/// What turns images into features.
package protocol ImageEncoder: AnyObject {
  /// The kinds of features that it gives, the usual one of a probe first.
  var availableFeatures: [ImageFeatureKind] { get }
  /// The linear maps that end the residual branches, block by block; none where blocks end in
  /// convolutions.
  var branchEnds: [[Linear]] { get }
  /// How many numbers a feature of a kind has.
  func width(of kind: ImageFeatureKind) -> Int
  /// The channels of each of `maps`.
  var mapChannels: [Int] { get }
  /// The feature maps of images, for decoders of masks.
  ///
  /// - Parameters:
  ///   - images: [B, H, W, 3], preprocessed.
  ///   - executor: what runs the operations.
  /// - Returns: of residual networks the stem's map and each stage's, each half as high and wide as
  ///   the one before, the first half as the images; of transformers the patches [B, G, G, C] at
  ///   four evenly spaced depths, the last block's the last one, each after the last norm.
  func maps<E: Executor>(_ images: E.Value, on executor: E) -> [E.Value]
  /// The features of images.
  ///
  /// - Parameters:
  ///   - images: [B, H, W, 3], preprocessed.
  ///   - kind: one of `availableFeatures`.
  ///   - executor: what runs the operations.
  /// - Returns: one or more values [B, …] whose columns are joined to make the feature.
  func features<E: Executor>(
    _ images: E.Value,
    _ kind: ImageFeatureKind,
    on executor: E
  ) -> [E.Value]
}

extension ImageEncoder {
  /// None.
  package var branchEnds: [[Linear]] { [] }
}
