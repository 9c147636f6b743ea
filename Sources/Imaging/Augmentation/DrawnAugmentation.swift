package import Randomness

/// What a policy's draw makes of one image: every random choice, made.
package struct DrawnAugmentation: Sendable, Equatable {
  /// The part of the working image that is resized to the input; nil for all of it.
  package var crop: PixelRectangle?
  /// Whether left and right change places.
  package var isFlippedHorizontally = false
  /// Whether top and bottom change places.
  package var isFlippedVertically = false
  /// Changes of colour, in order.
  package var colorSteps: [ColorJitter.Step] = []

  /// Makes all choices of a policy for one image.
  ///
  /// - Parameters:
  ///   - policy: the ranges and probabilities.
  ///   - width: the working image's columns.
  ///   - height: the working image's rows.
  ///   - source: the sample's own stream.
  package init(
    _ policy: AugmentationPolicy,
    width: Int,
    height: Int,
    from source: inout RandomSource
  ) {
    crop = policy.crop?.rectangle(width: width, height: height, from: &source)
    if policy.horizontalFlip > 0 {
      isFlippedHorizontally = source.nextIsTrue(probability: policy.horizontalFlip)
    }
    if policy.verticalFlip > 0 {
      isFlippedVertically = source.nextIsTrue(probability: policy.verticalFlip)
    }
    colorSteps = policy.colorJitter?.steps(from: &source) ?? []
  }

  /// Carries the 8-bit steps out.
  ///
  /// - Parameters:
  ///   - working: the working image, of the size that was drawn for.
  ///   - width: the result's columns.
  ///   - height: the result's rows.
  ///   - interpolation: the resize's filter.
  /// - Returns: an image of `width` × `height`.
  package func applied(
    to working: ImageBuffer,
    width: Int,
    height: Int,
    interpolation: Interpolation
  ) -> ImageBuffer {
    let rectangle =
      crop ?? PixelRectangle(left: 0, top: 0, width: working.width, height: working.height)
    var image = working
    if crop != nil || working.width != width || working.height != height {
      image = working.cropped(
        rectangle,
        resizedToWidth: width,
        height: height,
        interpolation: interpolation
      )
    }
    if isFlippedHorizontally { image.flipHorizontally() }
    if isFlippedVertically { image.flipVertically() }
    for step in colorSteps { image.apply(step) }
    return image
  }
}
