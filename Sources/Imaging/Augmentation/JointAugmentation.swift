import Randomness

/// Random changes that photographs go through together with their masks.
///
/// Crops, flips and rotations move both; colour and blur change photographs only. Masks are sampled at
/// the nearest pixel, so that no value comes up that they don't hold.
package struct JointAugmentation: Sendable {
  /// The changes.
  package let policy: AugmentationPolicy
  /// Whether a part of the input's size is cut out at random, at the photograph's own scale, instead
  /// of the policy's crop.
  package let cutsTiles: Bool
  private let preprocessor: Preprocessor
  private let seed: UInt64

  /// Prepares changes.
  ///
  /// - Parameters:
  ///   - policy: the changes, without a `jointFault`.
  ///   - cutsTiles: whether a part of the input's size is cut out instead of the policy's crop.
  ///   - preprocessing: a network's input.
  ///   - seed: the experiment's seed.
  package init(
    _ policy: AugmentationPolicy,
    cutsTiles: Bool,
    preprocessing: Preprocessing,
    seed: UInt64
  ) {
    if let fault = policy.jointFault { preconditionFailure(fault) }
    self.policy = policy
    self.cutsTiles = cutsTiles
    self.seed = seed
    preprocessor = Preprocessor(preprocessing)
  }

  /// Changes one photograph with its masks; the same on any thread, in any order.
  ///
  /// - Parameters:
  ///   - image: the photograph; at least as large as the input where tiles are cut.
  ///   - planes: its masks, of the same size.
  ///   - outside: the masks' value where a rotation brings pixels in from outside.
  ///   - epoch: which epoch, from 0.
  ///   - sample: which sample of the data set, from 0.
  ///   - repetition: how often the epoch has shown the sample before.
  /// - Returns: the normalised photograph, height × width × 3, and the masks, all of the input's size.
  package func changed(
    _ image: ImageBuffer,
    _ planes: [Plane<UInt8>],
    outside: UInt8,
    epoch: Int,
    sample: Int,
    repetition: Int
  ) -> (pixels: [Float], planes: [Plane<UInt8>]) {
    let size = preprocessor.preprocessing
    var source = SampleStream.open(
      seed: seed,
      epoch: epoch,
      sample: sample,
      repetition: repetition
    )
    let tile = cutsTiles ? tile(of: image, from: &source) : nil
    var policy = policy
    if cutsTiles { policy.crop = nil }
    var drawn = DrawnAugmentation(
      policy,
      width: image.width,
      height: image.height,
      preprocessing: size,
      from: &source
    )
    if let tile { drawn.crop = tile }
    let pixels = preprocessor.normalized(drawn.applied(to: image).pixels)
    return (pixels, planes.map { drawn.applied(to: $0, outside: outside) })
  }

  private func tile(of image: ImageBuffer, from source: inout RandomSource) -> PixelRectangle {
    let size = preprocessor.preprocessing
    precondition(
      image.width >= size.width && image.height >= size.height,
      "a tile of \(size.width) × \(size.height) of \(image.width) × \(image.height) pixels"
    )
    let left = source.nextIndex(below: image.width - size.width + 1)
    let top = source.nextIndex(below: image.height - size.height + 1)
    return PixelRectangle(left: left, top: top, width: size.width, height: size.height)
  }
}

extension AugmentationPolicy {
  /// Why masks can't go through the policy, in one line; nil where they can.
  package var jointFault: String? {
    if let fault { return fault }
    if randAugment != nil { return "RandAugment, which masks can't follow" }
    if erasing != nil { return "random erasing, which masks can't follow" }
    return nil
  }
}

extension DrawnAugmentation {
  /// Carries the steps that move pixels out on a mask.
  ///
  /// - Parameters:
  ///   - mask: of the working image's size.
  ///   - outside: the value of what a rotation brings in.
  /// - Returns: a mask of the input's size.
  package func applied(to mask: Plane<UInt8>, outside: UInt8) -> Plane<UInt8> {
    var plane = crop.map(mask.cropped) ?? mask
    plane = plane.resizedToNearest(width: inputWidth, height: inputHeight)
    if isFlippedHorizontally { plane = plane.flipped(.horizontal) }
    if isFlippedVertically { plane = plane.flipped(.vertical) }
    if let rotation { plane = plane.rotated(degrees: rotation, outside: outside) }
    return plane
  }
}

extension Plane<UInt8> {
  /// The plane turned about its centre, each pixel a copy of the nearest one.
  ///
  /// - Parameters:
  ///   - degrees: counterclockwise.
  ///   - outside: the value of what comes in from outside.
  /// - Returns: a plane of the same size; pixels as Pillow's `Image.rotate` takes them.
  package func rotated(degrees: Double, outside: UInt8) -> Plane {
    let map = AffineMap.rotation(degrees: degrees, width: width, height: height)
    // Pillow steps in 65,536ths of a pixel (`affine_fixed` in src/libImaging/Geometry.c).
    func fixed(_ value: Double) -> Int { Int((value * 65536 + 0.5).rounded(.down)) }
    let (a, b, d, e) = (fixed(map.a), fixed(map.b), fixed(map.d), fixed(map.e))
    let firstX = fixed(map.c + map.a * 0.5 + map.b * 0.5)
    let firstY = fixed(map.f + map.d * 0.5 + map.e * 0.5)
    var result = [UInt8](repeating: outside, count: samples.count)
    for y in 0..<height {
      for x in 0..<width {
        let column = (firstX + a * x + b * y) >> 16
        let row = (firstY + d * x + e * y) >> 16
        guard column >= 0, column < width, row >= 0, row < height else { continue }
        result[y * width + x] = samples[row * width + column]
      }
    }
    return Plane(width: width, height: height, samples: result)
  }
}
