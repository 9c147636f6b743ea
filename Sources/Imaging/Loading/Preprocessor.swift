/// Carries a `Preprocessing` out.
///
/// A JPEG that lies upright and is not cut to its foreground never exists whole: its rows go through
/// the resize as they are decoded, so that a photograph of 4288 × 2848 takes some hundred kilobytes.
/// (A progressive JPEG's coefficients are held whole by libjpeg, 2 bytes each.) Other files take
/// `width × height × 3` bytes, twice that while they are turned or converted. The pixels are the same.
package struct Preprocessor: Sendable {
  /// What is carried out.
  package let preprocessing: Preprocessing
  /// How many pixels an image may have.
  package let pixelLimit: Int
  /// The normalised value of each sample: 256 per channel.
  private let table: [Float]

  /// Prepares to carry a preprocessing out.
  ///
  /// - Parameters:
  ///   - preprocessing: what to do.
  ///   - pixelLimit: how many pixels an image may have; checked before any is allocated.
  package init(
    _ preprocessing: Preprocessing,
    pixelLimit: Int = ImageBuffer.defaultPixelLimit
  ) {
    self.preprocessing = preprocessing
    self.pixelLimit = pixelLimit
    table = (0..<3).flatMap { channel in
      let mean = Float(preprocessing.mean[channel])
      let deviation = Float(preprocessing.standardDeviation[channel])
      let factor = Float(preprocessing.rescale)
      return (0..<256).map { sample in
        let value =
          preprocessing.rescale == 1 / 255 ? Float(sample) / 255 : Float(sample) * factor
        return (value - mean) / deviation
      }
    }
  }

  // MARK: 8-bit pixels

  /// Reads and resizes an image file.
  ///
  /// - Parameter path: the file.
  /// - Returns: `height × width × 3` samples of 8 bits.
  /// - Throws: `ImagingError`.
  package func pixels(ofFile path: String) throws -> [UInt8] {
    try pixels(decoding: FileBytes.read(path), name: path)
  }

  /// Decodes and resizes an image file that lies in memory.
  ///
  /// - Parameters:
  ///   - bytes: the whole file.
  ///   - name: what errors call it.
  /// - Returns: `height × width × 3` samples of 8 bits.
  /// - Throws: `ImagingError`.
  package func pixels(decoding bytes: [UInt8], name: String) throws -> [UInt8] {
    if try StoredImage.format(of: bytes, path: name) == .jpeg,
      let pixels = try streamedPixels(bytes, name)
    {
      return pixels
    }
    return try pixels(
      of: ImageBuffer(decoding: bytes, name: name, pixelLimit: pixelLimit),
      name: name
    )
  }

  /// Resizes an image.
  ///
  /// - Parameters:
  ///   - image: the image, upright.
  ///   - name: what errors call it.
  /// - Returns: `height × width × 3` samples of 8 bits.
  /// - Throws: `ImagingError`: `tooManyPixels`, where the square around a long narrow foreground has
  ///   more than `pixelLimit`.
  package func pixels(of image: ImageBuffer, name: String = "") throws -> [UInt8] {
    var image = image
    if case .foregroundCropPadSquare(let threshold) = preprocessing.resizeMode {
      image = try image.foregroundOnSquare(
        threshold: threshold,
        pixelLimit: pixelLimit,
        name: name
      )
    }
    return image.resized(plan(forWidth: image.width, height: image.height)).pixels
  }

  /// The resize of an upright image of `width` × `height`, cut to its foreground if that is asked.
  func plan(forWidth width: Int, height: Int) -> ResizePlan {
    let (outputWidth, outputHeight) = (preprocessing.width, preprocessing.height)
    guard case .shortestSide(let side) = preprocessing.resizeMode else {
      return ResizePlan(
        inputWidth: width,
        inputHeight: height,
        width: outputWidth,
        height: outputHeight,
        interpolation: preprocessing.interpolation
      )
    }
    // torchvision: int(size · long / short), then int(round((long − crop) / 2)), ties to even.
    let (short, long) = (min(width, height), max(width, height))
    let longSide = Int(Double(side * long) / Double(short))
    let (whole, tall) = width <= height ? (side, longSide) : (longSide, side)
    let left = Int((Double(whole - outputWidth) / 2).rounded(.toNearestOrEven))
    let top = Int((Double(tall - outputHeight) / 2).rounded(.toNearestOrEven))
    return ResizePlan(
      inputWidth: width,
      inputHeight: height,
      width: whole,
      height: tall,
      columns: left..<left + outputWidth,
      rows: top..<top + outputHeight,
      interpolation: preprocessing.interpolation
    )
  }

  /// Decodes and resizes a JPEG row by row; nil where it has to be whole.
  private func streamedPixels(_ bytes: [UInt8], _ name: String) throws -> [UInt8]? {
    if case .foregroundCropPadSquare = preprocessing.resizeMode { return nil }
    return try unsafe bytes.withUnsafeBufferPointer { bytes in
      var reader = try unsafe JPEGReader(bytes, pixelLimit: pixelLimit, path: name)
      guard reader.orientation == .upright else { return nil }
      return try reader.resized(plan(forWidth: reader.width, height: reader.height))
    }
  }

  // MARK: Normalised floats

  /// Normalises 8-bit pixels into a part of an array.
  ///
  /// - Parameters:
  ///   - pixels: `height × width × 3` samples.
  ///   - values: receives as many floats, NHWC.
  ///   - offset: where in `values` they begin.
  package func normalize(_ pixels: [UInt8], into values: inout [Float], at offset: Int) {
    precondition(
      offset >= 0 && offset + pixels.count <= values.count,
      "\(pixels.count) samples at \(offset) of \(values.count)"
    )
    unsafe values.withUnsafeMutableBufferPointer { values in
      unsafe normalize(
        pixels,
        into: UnsafeMutableBufferPointer(rebasing: values[offset..<offset + pixels.count])
      )
    }
  }

  /// Normalises 8-bit pixels.
  ///
  /// - Parameters:
  ///   - pixels: `height × width × 3` samples.
  ///   - values: room for as many floats, NHWC; may be uninitialised.
  package func normalize(_ pixels: [UInt8], into values: UnsafeMutableBufferPointer<Float>) {
    precondition(
      values.count == pixels.count && pixels.count.isMultiple(of: 3),
      "\(pixels.count) samples into \(values.count) floats"
    )
    unsafe pixels.withUnsafeBufferPointer { pixels in
      unsafe table.withUnsafeBufferPointer { table in
        for index in stride(from: 0, to: pixels.count, by: 3) {
          unsafe values.initializeElement(at: index, to: table[Int(pixels[index])])
          unsafe values.initializeElement(at: index + 1, to: table[256 + Int(pixels[index + 1])])
          unsafe values.initializeElement(at: index + 2, to: table[512 + Int(pixels[index + 2])])
        }
      }
    }
  }

  /// Normalises 8-bit pixels into a new array.
  ///
  /// - Parameter pixels: `height × width × 3` samples.
  /// - Returns: as many floats, NHWC.
  package func normalized(_ pixels: [UInt8]) -> [Float] {
    unsafe [Float](unsafeUninitializedCapacity: pixels.count) { values, count in
      unsafe normalize(pixels, into: UnsafeMutableBufferPointer(rebasing: values[..<pixels.count]))
      count = pixels.count
    }
  }
}
