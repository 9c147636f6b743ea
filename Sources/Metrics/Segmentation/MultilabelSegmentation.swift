/// Probability maps of K classes that may overlap, such as lesions, against one mask per class.
package struct MultilabelSegmentation: Sendable {
  /// One accumulator per class.
  package private(set) var classes: [BinarySegmentation]

  /// No image yet.
  ///
  /// - Parameters:
  ///   - classNames: K names, at least one, all different.
  ///   - grid: the thresholds that may be asked for.
  ///   - pooling: how finely probabilities are pooled over images.
  /// - Throws: `MetricsError` when there is no class or two have one name.
  package init(classNames: [String], grid: ThresholdGrid, pooling: ScorePooling = .exact) throws {
    try requireClasses(classNames, atLeast: 1, in: "multi-label segmentation")
    classes = classNames.map { BinarySegmentation(className: $0, grid: grid, pooling: pooling) }
  }

  /// Adds an image; where it throws, nothing is added.
  ///
  /// - Parameters:
  ///   - name: the image.
  ///   - probabilities: N × K numbers in 0...1, row-major: pixel i, class k at `i * K + k`.
  ///   - truths: K masks of N labels each: 1 positive, 0 negative, `ignoredLabel` uncounted.
  ///   - fieldOfView: for N pixels whether they lie inside; nil where all do.
  /// - Throws: `MetricsError` when counts don't fit, a label is none of these or a probability lies
  ///   outside 0...1.
  package mutating func add(
    name: String,
    probabilities: [Float],
    truths: [[UInt8]],
    fieldOfView: [Bool]?
  ) throws {
    let classCount = classes.count
    let subject = "image \"\(name)\""
    try requireCount(truths.count, of: "masks", expected: classCount, in: subject)
    let expected = truths[0].count * classCount
    try requireCount(probabilities.count, of: "probabilities", expected: expected, in: subject)
    let planes = truths.indices.map { plane($0, of: probabilities) }
    try add(name: name, planes: planes, truths: truths, fieldOfView: fieldOfView)
  }

  /// Adds an image by one map per class; where it throws, nothing is added.
  ///
  /// - Parameters:
  ///   - name: the image.
  ///   - planes: K maps of N numbers in 0...1.
  ///   - truths: K masks of N labels each: 1 positive, 0 negative, `ignoredLabel` uncounted.
  ///   - fieldOfView: for N pixels whether they lie inside; nil where all do.
  /// - Throws: `MetricsError` when counts don't fit, a label is none of these or a probability lies
  ///   outside 0...1.
  package mutating func add(
    name: String,
    planes: [[Float]],
    truths: [[UInt8]],
    fieldOfView: [Bool]?
  ) throws {
    let subject = "image \"\(name)\""
    try requireCount(truths.count, of: "masks", expected: classes.count, in: subject)
    try requireCount(planes.count, of: "maps", expected: classes.count, in: subject)
    for (index, truth) in truths.enumerated() {
      let part = "\(subject), \(quoted(classes[index].className))"
      try requireCount(truth.count, of: "labels", expected: truths[0].count, in: part)
      let found = planes[index].count
      try requireCount(found, of: "probabilities", expected: truth.count, in: part)
      let pixels = try EvaluatedPixels(truth, fieldOfView, classCount: 2, in: part)
      try pixels.requireProbabilities(planes[index], in: part)
    }
    for (index, truth) in truths.enumerated() {
      try classes[index].add(
        name: name,
        probabilities: planes[index],
        truth: truth,
        fieldOfView: fieldOfView
      )
    }
  }

  /// All images' decisions at one threshold per class.
  ///
  /// - Parameter indices: K indices of the grid's thresholds.
  /// - Returns: K classes.
  package func counts(at indices: [Int]) -> [SegmentationCounts] {
    precondition(indices.count == classes.count, "\(indices.count) thresholds")
    return zip(classes, indices).map { $0.counts(at: $1) }
  }

  private func plane(_ index: Int, of probabilities: [Float]) -> [Float] {
    stride(from: index, to: probabilities.count, by: classes.count).map { probabilities[$0] }
  }
}
