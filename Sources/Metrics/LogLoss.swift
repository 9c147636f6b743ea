import Foundation
import Results

/// The logarithmic loss of each sample, or why it can't be computed.
enum SampleLosses: Sendable {
  /// N losses, each at least 0.
  case values([Double])
  /// The scores are no probabilities.
  case undefined(reason: String)

  /// The mean over the samples, each counted with its multiplicity.
  ///
  /// - Parameter multiplicities: how often each of the N samples counts.
  /// - Returns: the mean, or why there is none.
  func mean(_ multiplicities: [Int32]) -> MetricValue {
    switch self {
    case .undefined(let reason): return .undefined(reason: reason)
    case .values(let losses):
      var total = 0.0
      var count = 0
      for (loss, multiplicity) in zip(losses, multiplicities) where multiplicity != 0 {
        total += Double(multiplicity) * loss
        count += Int(multiplicity)
      }
      return .ratio(total, Double(count), orUndefined: "there is no sample")
    }
  }
}

/// `−ln p`, with p kept 2⁻⁵² away from 0 and 1 as scikit-learn's `log_loss` does in double precision,
/// so that one confident error doesn't make the mean infinite.
func logLoss(ofProbability probability: Double) -> Double {
  -log(min(max(probability, .ulpOfOne), 1 - .ulpOfOne))
}
