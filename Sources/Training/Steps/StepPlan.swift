/// How an epoch's samples are cut into steps, and steps into batches.
///
/// The last step takes what is left. A last batch of fewer samples than the model can be trained on
/// (one, where a batch normalisation measures it) joins the batch before: no sample is left out.
package struct StepPlan: Equatable {
  /// The batches of each step, as ranges of the epoch's order.
  private let steps: [[Range<Int>]]

  /// Cuts an epoch.
  ///
  /// - Parameters:
  ///   - sampleCount: how many samples the epoch shows.
  ///   - batchSize: how many samples a batch has.
  ///   - accumulation: how many batches a step has.
  ///   - smallestBatch: how many samples a batch needs.
  package init(sampleCount: Int, batchSize: Int, accumulation: Int, smallestBatch: Int) {
    var batches = stride(from: 0, to: sampleCount, by: batchSize).map {
      $0..<min($0 + batchSize, sampleCount)
    }
    if let last = batches.last, last.count < smallestBatch, batches.count > 1 {
      batches.removeLast()
      batches[batches.count - 1] = batches[batches.count - 1].lowerBound..<sampleCount
    }
    steps = stride(from: 0, to: batches.count, by: accumulation).map {
      Array(batches[$0..<min($0 + accumulation, batches.count)])
    }
  }

  /// How many steps an epoch has.
  package var count: Int { steps.count }

  /// The batches of a step.
  ///
  /// - Parameter step: which step of the epoch, from 0.
  /// - Returns: ranges of the epoch's order, at least one.
  package subscript(step: Int) -> [Range<Int>] { steps[step] }
}
