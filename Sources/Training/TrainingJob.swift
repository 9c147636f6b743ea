package import Layers
package import Tensors

/// What is trained on what: the trainer's view of a model with its data.
package protocol TrainingJob: AnyObject {
  /// What the result depends on beside the settings: checkpoint, data, split, augmentation.
  ///
  /// A saved state is continued only where all of these are the same.
  var identity: [TrainingFact] { get }
  /// How many training samples there are.
  var sampleCount: Int { get }
  /// How often each sample is drawn relative to others in balanced sampling.
  var samplingWeights: [Double] { get }
  /// How many samples a batch needs: 2 where batch normalisation measures batches of features that
  /// have no height and width, else 1.
  var smallestBatch: Int { get }
  /// What is trained, in a fixed order; no statistics.
  var trained: [Parameter] { get }
  /// All parameters of the model, frozen ones too: a layer's depth is read from their names.
  var modelParameters: [Parameter] { get }
  /// What a parameter's learning rate is multiplied with, beside its layer's decay; above 0.
  func rateFactor(of parameter: Parameter) -> Double
  /// The running means and variances that change while training; saved and restored too.
  var statistics: [Parameter] { get }
  /// How layers behave; the trainer sets `recomputesBlocks` by the settings.
  var executorOptions: TapeExecutor.Options { get }
  /// Other arrays that the next step depends on, under names of their own.
  var state: [(name: String, tensor: Tensor)] { get }
  /// Continues from arrays that `state` gave.
  ///
  /// - Parameter state: the same names and shapes.
  /// - Throws: what the job finds wrong; the training doesn't begin then.
  func load(_ state: [(name: String, tensor: Tensor)]) throws
  /// The loss of some samples, and how it comes from the trained parameters.
  ///
  /// It depends on parameters, statistics, the batch and the tape's random keys alone: the same
  /// batch again gives the same bits.
  ///
  /// - Parameters:
  ///   - batch: which samples.
  ///   - executor: runs the model.
  /// - Returns: the loss; nil where none of the samples can be used.
  /// - Throws: what ends the training; its last saved state stays.
  func loss(of batch: TrainingBatch, on executor: TapeExecutor) throws -> BatchLoss?
  /// Called once the optimiser has made a step, for what follows the weights.
  func stepMade()
  /// How good the model is now, on validation samples.
  func validate() throws -> ValidationScore
}

extension TrainingJob {
  /// All alike.
  package var samplingWeights: [Double] { Array(repeating: 1, count: sampleCount) }
  /// Those that are trained.
  package var modelParameters: [Parameter] { trained }
  /// 1.
  package func rateFactor(of parameter: Parameter) -> Double { 1 }
  /// One sample suffices.
  package var smallestBatch: Int { 1 }
  /// None.
  package var statistics: [Parameter] { [] }
  /// The defaults.
  package var executorOptions: TapeExecutor.Options { TapeExecutor.Options() }
  /// None.
  package var state: [(name: String, tensor: Tensor)] { [] }
  /// Does nothing: nothing follows the weights.
  package func stepMade() {}
  /// Does nothing: there is no other state.
  package func load(_ state: [(name: String, tensor: Tensor)]) throws {}
}

/// How good a model is on validation samples.
package struct ValidationScore: Codable, Equatable, Sendable {
  /// What is measured, such as "macro AUC".
  package var name: String
  /// The score; nil where it is undefined.
  package var value: Double?
  /// Whether more is better.
  package var higherIsBetter: Bool
  /// Why the score is undefined; nil where it isn't.
  package var reason: String?

  /// States a score; one that isn't finite becomes undefined.
  ///
  /// - Parameters:
  ///   - name: what is measured.
  ///   - value: the score.
  ///   - higherIsBetter: whether more is better.
  package init(_ name: String, _ value: Double, higherIsBetter: Bool) {
    self.name = name
    self.value = value.isFinite ? value : nil
    self.higherIsBetter = higherIsBetter
    reason = value.isFinite ? nil : "it is \(value.isNaN ? "NaN" : "infinite")"
  }

  /// States that a score is undefined.
  ///
  /// - Parameters:
  ///   - name: what is measured.
  ///   - reason: why there is no value.
  ///   - higherIsBetter: whether more would be better.
  package init(undefined name: String, _ reason: String, higherIsBetter: Bool) {
    self.name = name
    self.higherIsBetter = higherIsBetter
    self.reason = reason
  }

  /// Whether this score is better than another; an undefined one is better than none.
  func isBetter(than other: ValidationScore?) -> Bool {
    guard let value else { return false }
    guard let old = other?.value else { return true }
    return higherIsBetter ? value > old : value < old
  }
}
