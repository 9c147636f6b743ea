package import Results

/// The 95th percentile of the distances between the borders of two masks, both ways together.
///
/// From each border pixel of either mask to the nearest border pixel of the other; the percentile of
/// all these distances in one list, by linear interpolation. Border pixels have an unset neighbour
/// among four, or lie at the image's edge. Other packages take the larger of the two directed
/// percentiles (MONAI), which is another number.
///
/// - Parameters:
///   - prediction: H × W pixels; those outside the field of view or ignored are to be unset in both.
///   - truth: H × W pixels.
///   - spacing: how far apart neighbouring pixels lie; the distance is in the same unit.
///   - subject: what the masks show, for the reason.
/// - Returns: a number from 0 on; undefined where either mask is empty, for a distance to nothing is
///   no number.
/// - Complexity: O(A) for a frame of A pixels that holds both masks, and O(b log b) for b border
///   pixels.
/// - Note: The definition of `medpy.metric.binary.hd95` with connectivity 1.
package func hausdorffDistance95(
  _ prediction: BinaryMask,
  _ truth: BinaryMask,
  spacing: PixelSpacing = .pixels,
  of subject: String
) -> MetricValue {
  precondition(
    prediction.width == truth.width && prediction.height == truth.height,
    "masks of \(prediction.width) × \(prediction.height) and \(truth.width) × \(truth.height)"
  )
  guard let own = prediction.bounds, let theirs = truth.bounds else {
    return .undefined(reason: emptiness(prediction, truth, of: subject))
  }
  // All border pixels lie inside the frame, so nothing beyond it matters.
  let rows = union(own.rows, theirs.rows)
  let columns = union(own.columns, theirs.columns)
  let first = prediction.cropped(rows: rows, columns: columns).border
  let second = truth.cropped(rows: rows, columns: columns).border
  let distances =
    (borderDistances(from: first, to: second, spacing)
    + borderDistances(from: second, to: first, spacing)).sorted()
  return .value(quantile(0.95, ofSorted: distances))
}

private func borderDistances(
  from first: BinaryMask,
  to second: BinaryMask,
  _ spacing: PixelSpacing
) -> [Double] {
  let distances = distanceTransform(to: second, spacing: spacing) ?? []
  return zip(first.pixels, distances).compactMap { $0 ? $1 : nil }
}

private func union(_ first: ClosedRange<Int>, _ second: ClosedRange<Int>) -> ClosedRange<Int> {
  min(first.lowerBound, second.lowerBound)...max(first.upperBound, second.upperBound)
}

private func emptiness(_ prediction: BinaryMask, _ truth: BinaryMask, of subject: String) -> String
{
  let places = [(prediction, "prediction"), (truth, "truth")]
    .filter { !$0.0.pixels.contains(true) }.map(\.1)
  return "\(quoted(subject)) is empty in \(places.joined(separator: " and "))"
}
