extension ImageBuffer {
  /// The largest sample of the black around a photograph where the caller doesn't say.
  package static let defaultBackgroundThreshold = 10

  /// The camera's field of view, found in a photograph whose set has no masks of it.
  ///
  /// Pixels with a channel above the threshold, as `foreground(threshold:)` takes them; of these the
  /// largest region of pixels that share edges (of equal ones the uppermost, then leftmost), without
  /// which noise, numbers and markers in the black corners would count; its holes filled, so that dark
  /// vessels and lesions lie inside. SciPy's `label` and `binary_fill_holes` give the same.
  ///
  /// - Parameter threshold: the largest sample of the background.
  /// - Returns: a mask of the image's size: 1 inside, 0 outside; 1 everywhere where no pixel is above
  ///   the threshold.
  package func fieldOfView(
    threshold: Int = ImageBuffer.defaultBackgroundThreshold
  ) -> Plane<UInt8> {
    var mask = largestRegion(threshold: threshold)
    let background = RegionLabels(of: 0, in: mask, width: width)
    var touchesEdge = [Bool](repeating: false, count: background.runs.count)
    for (index, run) in background.runs.enumerated()
    where run.row == 0 || run.row == height - 1 || run.columns.lowerBound == 0
      || run.columns.upperBound == width
    {
      touchesEdge[background.root(of: index)] = true
    }
    for (index, run) in background.runs.enumerated()
    where !touchesEdge[background.root(of: index)] {
      for column in run.columns { mask[run.row * width + column] = 1 }
    }
    return Plane(width: width, height: height, samples: mask)
  }

  /// The largest region above the threshold, H × W values of 0 and 1; all 1 where there is none.
  private func largestRegion(threshold: Int) -> [UInt8] {
    let regions = RegionLabels(of: 1, in: pixels(above: threshold), width: width)
    var sizes = [Int](repeating: 0, count: regions.runs.count)
    for (index, run) in regions.runs.enumerated() {
      sizes[regions.root(of: index)] += run.columns.count
    }
    guard let largest = sizes.max(), let chosen = sizes.firstIndex(of: largest) else {
      return [UInt8](repeating: 1, count: width * height)
    }
    var mask = [UInt8](repeating: 0, count: width * height)
    for (index, run) in regions.runs.enumerated() where regions.root(of: index) == chosen {
      for column in run.columns { mask[run.row * width + column] = 1 }
    }
    return mask
  }

  /// The pixels with a channel above a threshold, H × W values of 0 and 1.
  private func pixels(above threshold: Int) -> [UInt8] {
    let (limit, count) = (UInt8(clamping: threshold), width * height)
    return unsafe pixels.withUnsafeBufferPointer { pixels in
      unsafe [UInt8](unsafeUninitializedCapacity: count) { mask, filled in
        for pixel in 0..<count {
          let brightest = unsafe max(
            pixels[3 * pixel],
            pixels[3 * pixel + 1],
            pixels[3 * pixel + 2]
          )
          unsafe mask[pixel] = brightest > limit ? 1 : 0
        }
        filled = count
      }
    }
  }
}
