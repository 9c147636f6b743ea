package import Randomness

/// What a policy's draw makes of one image: every random choice, made.
package struct DrawnAugmentation: Sendable, Equatable {
  /// The part of the working image that is resized to the input; nil for all of it.
  package var crop: PixelRectangle?
  /// Whether left and right change places.
  package var isFlippedHorizontally = false
  /// Whether top and bottom change places.
  package var isFlippedVertically = false
  /// By how many degrees the image is turned; nil for not at all.
  package var rotation: Double?
  /// RandAugment's changes, in order.
  package var randAugmentSteps: [RandAugment.Step] = []
  /// Changes of colour, in order.
  package var colorSteps: [ColorJitter.Step] = []
  /// The blur's deviation in pixels; nil for no blur.
  package var blur: Double?
  /// What is erased of the normalised image; nil for nothing.
  package var erased: PixelRectangle?

  private let policy: AugmentationPolicy
  private let preprocessing: Preprocessing

  /// Pixels per row of the model's input.
  var inputWidth: Int { preprocessing.width }
  /// Rows of the model's input.
  var inputHeight: Int { preprocessing.height }

  /// Makes all choices of a policy for one image, but for the noise in an erased rectangle.
  ///
  /// - Parameters:
  ///   - policy: the ranges and probabilities.
  ///   - width: the working image's columns.
  ///   - height: the working image's rows.
  ///   - preprocessing: the model's input.
  ///   - source: the sample's own stream.
  package init(
    _ policy: AugmentationPolicy,
    width: Int,
    height: Int,
    preprocessing: Preprocessing,
    from source: inout RandomSource
  ) {
    self.policy = policy
    self.preprocessing = preprocessing
    crop = policy.crop?.rectangle(width: width, height: height, from: &source)
    if policy.horizontalFlip > 0 {
      isFlippedHorizontally = source.nextIsTrue(probability: policy.horizontalFlip)
    }
    if policy.verticalFlip > 0 {
      isFlippedVertically = source.nextIsTrue(probability: policy.verticalFlip)
    }
    if policy.rotation > 0 {
      rotation = source.nextUniform(in: -policy.rotation...policy.rotation)
    }
    randAugmentSteps = policy.randAugment?.steps(from: &source) ?? []
    colorSteps = policy.colorJitter?.steps(from: &source) ?? []
    blur = policy.blur?.deviation(from: &source)
    erased = policy.erasing?.rectangle(
      width: preprocessing.width,
      height: preprocessing.height,
      from: &source
    )
  }

  /// Carries the 8-bit steps out.
  ///
  /// - Parameter working: the working image, of the size that was drawn for.
  /// - Returns: an image of the input's size.
  package func applied(to working: ImageBuffer) -> ImageBuffer {
    var image = working
    if crop != nil || working.width != preprocessing.width
      || working.height != preprocessing.height
    {
      image = working.cropped(
        crop ?? PixelRectangle(left: 0, top: 0, width: working.width, height: working.height),
        resizedToWidth: preprocessing.width,
        height: preprocessing.height,
        interpolation: preprocessing.interpolation
      )
    }
    if isFlippedHorizontally { image.flipHorizontally() }
    if isFlippedVertically { image.flipVertically() }
    if let rotation { image = image.rotated(degrees: rotation) }
    for step in randAugmentSteps {
      image.apply(step, interpolation: preprocessing.interpolation, fill: preprocessing.meanColor)
    }
    for step in colorSteps { image.apply(step) }
    if let blur, let kernelSize = policy.blur?.kernelSize {
      image.blur(deviation: blur, kernelSize: kernelSize)
    }
    return image
  }

  /// Carries the erasing of the normalised image out.
  ///
  /// - Parameters:
  ///   - values: `height × width × 3` normalised floats.
  ///   - source: the stream that the choices came from, after them.
  package func erase(_ values: inout MutableSpan<Float>, from source: inout RandomSource) {
    guard let erased, let erasing = policy.erasing else { return }
    erasing.erase(erased, in: &values, width: preprocessing.width, noise: &source)
  }
}
