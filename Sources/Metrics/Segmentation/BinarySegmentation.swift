/// One class's probability maps against its masks, one image after another.
///
/// Keeps one row per image (8 bytes per threshold) and the pooled probabilities in bounded memory;
/// no pixel is kept. The threshold may be asked for afterwards, if the grid holds it.
package struct BinarySegmentation: Sendable {
  /// The class.
  package let className: String
  /// The thresholds at which masks are decided.
  package let grid: ThresholdGrid
  /// One row per image, in the order in which they came.
  package private(set) var images: [SegmentedImage] = []

  private var pool: PooledScores

  /// No image yet.
  ///
  /// - Parameters:
  ///   - className: the class.
  ///   - grid: the thresholds that may be asked for.
  ///   - pooling: how finely probabilities are pooled over images; those of one image on its own are
  ///     told apart as finely.
  package init(className: String, grid: ThresholdGrid, pooling: ScorePooling = .exact) {
    self.className = className
    self.grid = grid
    pool = PooledScores(pooling)
  }

  /// Adds an image; where it throws, nothing is added.
  ///
  /// - Parameters:
  ///   - name: the image.
  ///   - probabilities: N numbers in 0...1; those of pixels that don't count may be anything.
  ///   - truth: N labels: 1 positive, 0 negative, `ignoredLabel` uncounted.
  ///   - fieldOfView: for N pixels whether they lie inside; nil where all do.
  /// - Throws: `MetricsError` when lengths differ, a label is none of these or a probability lies
  ///   outside 0...1.
  /// - Complexity: O(N), amortised; for the image's own areas as much memory for a while as a pool
  ///   of this image alone needs, see `ScorePooling`.
  package mutating func add(
    name: String,
    probabilities: [Float],
    truth: [UInt8],
    fieldOfView: [Bool]?
  ) throws {
    let subject = "image \"\(name)\", \(quoted(className))"
    let count = probabilities.count
    try requireCount(count, of: "probabilities", expected: truth.count, in: subject)
    let pixels = try EvaluatedPixels(truth, fieldOfView, classCount: 2, in: subject)
    try pixels.requireProbabilities(probabilities, in: subject)
    var own = PooledScores(pool.pooling)
    var positives = Array(repeating: 0, count: grid.count + 1)
    var negatives = positives
    pixels.forEach { pixel, label in
      let probability = probabilities[pixel]
      let decisions = grid.decisionCount(probability)
      if label == 1 { positives[decisions] += 1 } else { negatives[decisions] += 1 }
      pool.add(probability, isPositive: label == 1)
      own.add(probability, isPositive: label == 1)
    }
    let ranking = own.ranking()
    images.append(
      SegmentedImage(
        name: name,
        positivesByCount: positives,
        negativesByCount: negatives,
        uncounted: count - ranking.positives - ranking.negatives,
        areaUnderROC: ranking.areaUnderROC(of: quoted(className)),
        averagePrecision: ranking.averagePrecision(of: quoted(className))
      )
    )
  }

  /// All images' decisions at one threshold of the grid.
  ///
  /// - Parameter index: in 0..<T; see `ThresholdGrid.index(of:)`.
  /// - Returns: the counts of each image.
  package func counts(at index: Int) -> SegmentationCounts {
    SegmentationCounts(
      className: className,
      imageNames: images.map(\.name),
      images: images.map { $0.counts(at: index) }
    )
  }

  /// The pixels of all images so far in the order of their probabilities.
  ///
  /// - Returns: what pooled areas and the best of all thresholds are read from.
  /// - Complexity: O(D) for D distinct probabilities.
  package func ranking() -> PooledRanking { pool.ranking() }

  /// The areas under the images' own ROC curves.
  package var imageAreasUnderROC: ImageSummary {
    ImageSummary(names: images.map(\.name), values: images.map(\.areaUnderROC.value))
  }

  /// The areas under the images' own precision-recall curves.
  package var imageAveragePrecisions: ImageSummary {
    ImageSummary(names: images.map(\.name), values: images.map(\.averagePrecision.value))
  }
}
