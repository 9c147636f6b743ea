/// How a stored image is to be turned, by EXIF's tag 274.
enum Orientation: Int, Sendable {
  case upright = 1
  case mirroredHorizontally = 2
  case turnedHalf = 3
  case mirroredVertically = 4
  case transposed = 5
  case turnedRight = 6
  case transversed = 7
  case turnedLeft = 8

  /// Whether rows become columns.
  var swapsAxes: Bool { rawValue >= 5 }

  /// Reads the tag; what is missing or senseless is upright.
  ///
  /// - Parameter exif: a TIFF structure, as APP1 and eXIf hold it.
  /// - Returns: the orientation of its first directory.
  static func read(exif: [UInt8]) -> Orientation {
    guard exif.count >= 8 else { return .upright }
    let isLittle = exif[0] == 0x49
    guard exif[0] == exif[1], isLittle || exif[0] == 0x4D else { return .upright }
    func number(at offset: Int, bytes: Int) -> Int? {
      guard offset >= 0, offset <= exif.count - bytes else { return nil }
      return (0..<bytes).reduce(0) { sum, index in
        sum << 8 | Int(exif[isLittle ? offset + bytes - 1 - index : offset + index])
      }
    }
    guard number(at: 2, bytes: 2) == 42, let directory = number(at: 4, bytes: 4),
      let count = number(at: directory, bytes: 2)
    else { return .upright }
    for entry in 0..<count {
      let offset = directory + 2 + entry * 12
      guard let tag = number(at: offset, bytes: 2) else { return .upright }
      guard tag == 0x0112 else { continue }
      // A SHORT by the standard; some writers store a LONG.
      let isLong = number(at: offset + 2, bytes: 2) == 4
      let value = number(at: offset + 8, bytes: isLong ? 4 : 2)
      return value.flatMap(Orientation.init) ?? .upright
    }
    return .upright
  }

  /// Turns samples upright.
  ///
  /// - Parameters:
  ///   - samples: `height × width × channels` samples as stored.
  ///   - width: pixels per stored row.
  ///   - height: stored rows.
  ///   - channels: samples per pixel.
  /// - Returns: the samples turned; width and height are swapped where `swapsAxes`.
  func applied<Sample>(
    to samples: [Sample],
    width: Int,
    height: Int,
    channels: Int
  ) -> [Sample] {
    guard self != .upright else { return samples }
    let (columns, rows) = swapsAxes ? (height, width) : (width, height)
    return unsafe Array(unsafeUninitializedCapacity: samples.count) { target, count in
      for y in 0..<rows {
        for x in 0..<columns {
          let (sourceX, sourceY) = source(ofColumn: x, row: y, width: width, height: height)
          let from = (sourceY * width + sourceX) * channels
          let to = (y * columns + x) * channels
          for channel in 0..<channels {
            unsafe target.initializeElement(at: to + channel, to: samples[from + channel])
          }
        }
      }
      count = samples.count
    }
  }

  /// Where an upright pixel lies in the stored image of `width` × `height`.
  private func source(ofColumn x: Int, row y: Int, width: Int, height: Int) -> (x: Int, y: Int) {
    switch self {
    case .upright: (x, y)
    case .mirroredHorizontally: (width - 1 - x, y)
    case .turnedHalf: (width - 1 - x, height - 1 - y)
    case .mirroredVertically: (x, height - 1 - y)
    case .transposed: (y, x)
    case .turnedRight: (y, height - 1 - x)
    case .transversed: (width - 1 - y, height - 1 - x)
    case .turnedLeft: (width - 1 - y, x)
    }
  }
}
