package import Results

/// Maps of one label per pixel, such as background, disc and cup, against true ones.
///
/// Keeps K × K numbers per image: how many pixels of one class were taken for another.
package struct LabelMapSegmentation: Sendable {
  /// K names; class 0 is the background.
  package let classNames: [String]
  /// N images' names, in the order in which they came.
  package private(set) var imageNames: [String] = []
  /// For each image K × K counts, row-major: class i taken for class j at `i * K + j`.
  private var confusions: [[Int]] = []

  /// No image yet.
  ///
  /// - Parameter classNames: K names, 2 to 255, all different; class 0 is the background.
  /// - Throws: `MetricsError` when there are too few or too many classes or two have one name.
  package init(classNames: [String]) throws {
    let subject = "label-map segmentation"
    try requireClasses(classNames, atLeast: 2, in: subject)
    guard classNames.count <= Int(ignoredLabel) else {
      throw MetricsError(
        .invalidOption(
          name: "class count",
          found: "\(classNames.count)",
          expected: "at most \(ignoredLabel)"
        ),
        in: subject
      )
    }
    self.classNames = classNames
  }

  /// Adds an image whose pixels are decided; where it throws, nothing is added.
  ///
  /// - Parameters:
  ///   - name: the image.
  ///   - predicted: N labels in 0..<K.
  ///   - truth: N labels in 0..<K, or `ignoredLabel`.
  ///   - fieldOfView: for N pixels whether they lie inside; nil where all do.
  /// - Throws: `MetricsError` when lengths differ or a label is none.
  package mutating func add(
    name: String,
    predicted: [UInt8],
    truth: [UInt8],
    fieldOfView: [Bool]?
  ) throws {
    let classCount = classNames.count
    let subject = "image \"\(name)\""
    try requireCount(predicted.count, of: "predicted labels", expected: truth.count, in: subject)
    let pixels = try EvaluatedPixels(truth, fieldOfView, classCount: classCount, in: subject)
    if let bad = predicted.firstIndex(where: { $0 >= classCount }) {
      throw MetricsError(
        .labelOutOfRange(row: bad, found: Int(predicted[bad]), classCount: classCount),
        in: "predicted labels of \(subject)"
      )
    }
    var confusion = Array(repeating: 0, count: classCount * classCount)
    pixels.forEach { pixel, label in
      confusion[label * classCount + Int(predicted[pixel])] += 1
    }
    imageNames.append(name)
    confusions.append(confusion)
  }

  /// Adds an image by scores; the highest one decides, the first class among equals.
  ///
  /// - Parameters:
  ///   - name: the image.
  ///   - scores: N × K numbers without NaN, row-major: pixel i, class k at `i * K + k`.
  ///   - truth: N labels in 0..<K, or `ignoredLabel`.
  ///   - fieldOfView: for N pixels whether they lie inside; nil where all do.
  /// - Throws: `MetricsError` when counts don't fit, a label is none or a score is NaN.
  package mutating func add(
    name: String,
    scores: [Float],
    truth: [UInt8],
    fieldOfView: [Bool]?
  ) throws {
    let classCount = classNames.count
    let subject = "image \"\(name)\""
    let expected = truth.count * classCount
    try requireCount(scores.count, of: "scores", expected: expected, in: subject)
    if let bad = scores.firstIndex(where: \.isNaN) {
      throw MetricsError(
        .scoreNotFinite(row: bad / classCount, column: bad % classCount, found: "\(scores[bad])"),
        in: subject
      )
    }
    let predicted = truth.indices.map { pixel in
      var best = 0
      for index in 1..<classCount
      where scores[pixel * classCount + index] > scores[pixel * classCount + best] {
        best = index
      }
      return UInt8(best)
    }
    try add(name: name, predicted: predicted, truth: truth, fieldOfView: fieldOfView)
  }

  /// Each class against the rest; K classes, the background first.
  package var counts: [SegmentationCounts] {
    classNames.indices.map { index in
      SegmentationCounts(
        className: classNames[index],
        imageNames: imageNames,
        images: confusions.map { binaryCounts(of: index, in: $0) }
      )
    }
  }

  /// Which classes were taken for which, over all evaluated pixels.
  package var confusionMatrix: ConfusionMatrix {
    let count = classNames.count
    var sums = Array(repeating: Array(repeating: 0, count: count), count: count)
    for confusion in confusions {
      for entry in confusion.indices { sums[entry / count][entry % count] += confusion[entry] }
    }
    return ConfusionMatrix(classes: classNames, counts: sums)
  }

  private func binaryCounts(of index: Int, in confusion: [Int]) -> BinaryCounts {
    let count = classNames.count
    var counts = BinaryCounts()
    for entry in confusion.indices {
      counts.add(
        isPositive: entry / count == index,
        isDecided: entry % count == index,
        count: confusion[entry]
      )
    }
    return counts
  }
}
