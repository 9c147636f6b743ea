package import Layers

/// What turns images into logits of the same height and width.
package protocol SegmentationNetwork: AnyObject {
  /// The logits of images.
  ///
  /// - Parameters:
  ///   - images: [B, H, W, inputChannels], preprocessed, with sides that the architecture's divisor
  ///     divides.
  ///   - executor: what runs the operations.
  /// - Returns: one or more values [B, H, W, classes]: a cascade's networks in their order, each of
  ///   which a training may ask for the mask; the last one is the answer.
  func logits<E: Executor>(_ images: E.Value, on executor: E) -> [E.Value]
}
