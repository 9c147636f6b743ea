/// What came of a training.
package struct TrainingResult: Equatable, Sendable {
  /// How it ended.
  package var outcome: TrainingOutcome
  /// The epochs, in order.
  package var history: [TrainingEpoch]
  /// The epoch of the best validation score; nil where no score is defined, and the parameters are
  /// those of the last step.
  package var best: TrainingEpoch?
  /// How many steps were made, those before an interruption included.
  package var steps: Int
  /// How many seconds it took, interruptions left out.
  package var seconds: Double
  /// What memory the steps needed; nil where none was made.
  package var memory: TrainingMemory?
}

/// How a training ended.
package enum TrainingOutcome: Equatable, Sendable {
  /// All epochs were gone through.
  case finished
  /// There was no better validation score for as many epochs as patience has; the last one's number,
  /// counted from 1.
  case stoppedEarly(epoch: Int)
  /// It was asked to stop; where its state is saved, nil for nowhere.
  case interrupted(state: String?)
  /// A number that isn't finite.
  case failed(TrainingFailure)
}

extension TrainingOutcome: CustomStringConvertible {
  /// One line; of an interruption how to go on.
  package var description: String {
    switch self {
    case .finished: "finished"
    case .stoppedEarly(let epoch): "stopped early after epoch \(epoch)"
    case .interrupted(let state?): "interrupted; the same command goes on from \(state)"
    case .interrupted(nil): "interrupted; nothing was saved"
    case .failed(let failure): "failed: \(failure)"
    }
  }
}

/// Where a training met a number that isn't finite.
package struct TrainingFailure: Codable, Equatable, Sendable {
  /// Which epoch, counted from 1.
  package var epoch: Int
  /// Which step of the training, counted from 1.
  package var step: Int
  /// The step's samples.
  package var samples: [Int]
  /// The step's learning rate.
  package var learningRate: Double
  /// What was seen, such as "the loss is NaN".
  package var symptom: String
  /// The first tensor that holds such a number, and where.
  package var finding: String
}

extension TrainingFailure: CustomStringConvertible {
  /// One line.
  package var description: String {
    let shown = samples.prefix(16).map(String.init).joined(separator: ", ")
    let more = samples.count > 16 ? ", … (\(samples.count) in all)" : ""
    return "\(symptom) in step \(step) of epoch \(epoch) (learning rate \(learningRate), samples "
      + "\(shown)\(more)); first in \(finding)"
  }
}

/// The most memory that a training's tensors took, and what for; in bytes.
package struct TrainingMemory: Codable, Equatable, Sendable {
  /// The most that all tensors of the device took at once during steps.
  package var peak: Int
  /// Weights: what lay on the device before the training began; the trained and the frozen ones.
  package var weights: Int
  /// The trained parameters' gradients, once all are there.
  package var gradients: Int
  /// The optimiser's moments.
  package var moments: Int
  /// The weights' moving averages.
  package var averages: Int
  /// What a batch's values and their gradients took at most.
  ///
  /// Measured at the end of the forward pass, when there are no gradients of parameters yet; where
  /// the peak of the whole step without all gradients of parameters is higher, that.
  package var activations: Int
}
