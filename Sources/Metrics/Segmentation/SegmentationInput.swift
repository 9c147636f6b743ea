/// The truth of pixels that nobody labelled, or that are not to count.
package let ignoredLabel: UInt8 = 255

/// Which pixels of one image count: those inside the field of view whose truth is no `ignoredLabel`.
struct EvaluatedPixels {
  /// N labels.
  let truth: [UInt8]
  /// N pixels; nil where all lie inside.
  let fieldOfView: [Bool]?

  /// Checks labels.
  ///
  /// - Parameters:
  ///   - truth: N labels in 0..<K or `ignoredLabel`.
  ///   - fieldOfView: N pixels, or nil.
  ///   - classCount: K.
  ///   - subject: what the image is called.
  /// - Throws: `MetricsError` when lengths differ or a label is none.
  init(_ truth: [UInt8], _ fieldOfView: [Bool]?, classCount: Int, in subject: String) throws {
    if let fieldOfView {
      let count = fieldOfView.count
      try requireCount(count, of: "field-of-view pixels", expected: truth.count, in: subject)
    }
    if let bad = truth.firstIndex(where: { $0 >= classCount && $0 != ignoredLabel }) {
      throw MetricsError(
        .invalidOption(
          name: "the truth of pixel \(bad)",
          found: "\(truth[bad])",
          expected: "one of 0..<\(classCount), or \(ignoredLabel) where it is to be ignored"
        ),
        in: subject
      )
    }
    self.truth = truth
    self.fieldOfView = fieldOfView
  }

  /// Calls `body` for each pixel that counts, in order.
  @inline(__always)
  func forEach(_ body: (_ pixel: Int, _ label: Int) -> Void) {
    guard let fieldOfView else {
      for pixel in truth.indices where truth[pixel] != ignoredLabel {
        body(pixel, Int(truth[pixel]))
      }
      return
    }
    for pixel in truth.indices where fieldOfView[pixel] && truth[pixel] != ignoredLabel {
      body(pixel, Int(truth[pixel]))
    }
  }

  /// Checks the numbers of the pixels that count.
  ///
  /// - Throws: `MetricsError` when one is not in 0...1.
  func requireProbabilities(_ values: [Float], in subject: String) throws {
    var bad: Int?
    forEach { pixel, _ in
      if !(values[pixel] >= 0 && values[pixel] <= 1) { bad = bad ?? pixel }
    }
    guard let bad else { return }
    throw MetricsError(
      .invalidOption(
        name: "the probability of pixel \(bad)",
        found: "\(values[bad])",
        expected: "a number in 0...1"
      ),
      in: subject
    )
  }
}
