package import Checkpoints
import Foundation
package import Imaging
import Layers
package import Tensors

/// A segmentation network from a checkpoint, ready to run.
package final class SegmentationBundle {
  /// The model.
  package let model: SegmentationModel
  /// How images are prepared.
  package let preprocessing: Preprocessing
  /// What the checkpoint says about itself.
  package let header: CheckpointHeader
  /// The checkpoint's file.
  package let path: String
  /// The SHA-256 sum of the file.
  package let sha256: String
  private let executor: InferenceExecutor

  /// Opens a checkpoint and loads its weights.
  ///
  /// - Parameters:
  ///   - path: the checkpoint.
  ///   - device: where the model lies and runs.
  /// - Throws: `CheckpointError`; `ModelsError`, with `noSegmentationNetwork` for an encoder's
  ///   checkpoint.
  package init(checkpoint path: String, on device: Device) throws {
    let file = try CheckpointFile(path)
    self.path = path
    header = file.header
    do {
      model = try SegmentationModel(SegmentationArchitecture(json: file.header.architecture))
      preprocessing = try ModelBundle.preprocessing(file.header.preprocessing)
      try model.architecture.requirePhotographs(preprocessing)
    } catch var error as ModelsError {
      error.path = path
      throw error
    }
    _ = try model.load(from: file, on: device)
    sha256 = try FileDigest.sha256(of: path)
    executor = InferenceExecutor(on: device, releasesParameters: true)
  }

  /// The logits of images.
  ///
  /// - Parameters:
  ///   - pixels: B · height · width · channels floats, prepared.
  ///   - count: B.
  ///   - height: the prepared images' height; nil for the checkpoint's.
  ///   - width: the prepared images' width; nil for the checkpoint's.
  /// - Returns: for each network of a cascade, the answer's last, B · height · width · classes floats.
  /// - Throws: `ModelsError.impossibleArchitecture` for a size that the network doesn't take.
  package func logits(
    images pixels: [Float],
    count: Int,
    height: Int? = nil,
    width: Int? = nil
  ) throws -> [[Float]] {
    let (height, width) = (height ?? preprocessing.height, width ?? preprocessing.width)
    try model.architecture.requireImages(width: width, height: height)
    let images = Tensor(
      pixels,
      shape: [count, height, width, model.architecture.inputChannels],
      on: executor.device
    )
    return model.logits(images, on: executor).map(\.elements)
  }
}
