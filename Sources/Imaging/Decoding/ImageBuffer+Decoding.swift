extension ImageBuffer {
  /// How many pixels an image may have where the caller doesn't say.
  package static let defaultPixelLimit = 200_000_000

  /// Reads an image file: JPEG, PNG, TIFF or GIF, told by its content.
  ///
  /// EXIF's orientation is applied; conversion to 8-bit RGB is Pillow's: alpha is dropped, 16-bit
  /// colours keep their high byte, 16-bit grey is cut off at 255. A file that ends early, or whose
  /// pixel data are damaged, is an error and never an image with grey in it.
  ///
  /// - Parameters:
  ///   - path: the file.
  ///   - pixelLimit: how many pixels are decoded at most; checked before any is allocated.
  /// - Throws: `ImagingError`.
  package init(
    contentsOf path: String,
    pixelLimit: Int = ImageBuffer.defaultPixelLimit
  ) throws {
    try self.init(decoding: FileBytes.read(path), name: path, pixelLimit: pixelLimit)
  }

  /// Decodes an image file that lies in memory.
  ///
  /// - Parameters:
  ///   - bytes: the whole file.
  ///   - name: what errors call it.
  ///   - pixelLimit: how many pixels are decoded at most; checked before any is allocated.
  /// - Throws: `ImagingError`.
  package init(
    decoding bytes: [UInt8],
    name: String,
    pixelLimit: Int = ImageBuffer.defaultPixelLimit
  ) throws {
    self = try StoredImage.decode(bytes, path: name, pixelLimit: pixelLimit).convertedToRGB()
  }
}

extension GrayImage {
  /// Reads a mask or label map.
  ///
  /// Grey samples of 8 or 16 bits and palette indices are kept as stored (1, 2 and 4 bits of grey
  /// are spread to 0...255); colours become Pillow's luma; orientation is applied.
  ///
  /// - Parameters:
  ///   - path: the file.
  ///   - pixelLimit: how many pixels are decoded at most; checked before any is allocated.
  /// - Throws: `ImagingError`.
  package init(
    contentsOf path: String,
    pixelLimit: Int = ImageBuffer.defaultPixelLimit
  ) throws {
    try self.init(decoding: FileBytes.read(path), name: path, pixelLimit: pixelLimit)
  }

  /// Decodes a mask or label map that lies in memory.
  ///
  /// - Parameters:
  ///   - bytes: the whole file.
  ///   - name: what errors call it.
  ///   - pixelLimit: how many pixels are decoded at most; checked before any is allocated.
  /// - Throws: `ImagingError`.
  package init(
    decoding bytes: [UInt8],
    name: String,
    pixelLimit: Int = ImageBuffer.defaultPixelLimit
  ) throws {
    self = try StoredImage.decode(bytes, path: name, pixelLimit: pixelLimit).convertedToGray()
  }
}
