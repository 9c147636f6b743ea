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
    let background = RegionLabels(width: width, height: height) { mask[$1 * width + $0] == 0 }
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
    let limit = UInt8(clamping: threshold)
    let regions = RegionLabels(width: width, height: height) { x, y in
      let first = (y * width + x) * 3
      return pixels[first] > limit || pixels[first + 1] > limit || pixels[first + 2] > limit
    }
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
}
