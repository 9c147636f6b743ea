/// Why a training could not begin or go on.
///
/// A loss that becomes infinite or NaN is no error but an outcome: ``TrainingOutcome/failed(_:)``.
package struct TrainingError: Error, Equatable, Sendable {
  /// What went wrong.
  package enum Reason: Equatable, Sendable {
    /// A setting outside its range, or one that contradicts another.
    case invalidSetting(option: String, found: String, expected: String)
    /// Fewer samples than one batch needs.
    case tooFewSamples(found: Int, needed: Int)
    /// A sample that can't be drawn with the weight that it has.
    case invalidSamplingWeight(sample: Int, found: String)
    /// A saved state of another training; one line per difference.
    case differentState(differences: [String])
    /// A saved state whose file was changed or cut.
    case damagedState(detail: String)
    /// A saved state that a newer program wrote.
    case newerState(found: Int, supported: Int)
    /// A file of the training that can't be written.
    case notWritable(detail: String)
    /// A folder that another training is at work in.
    case busy
  }

  /// What went wrong.
  package var reason: Reason
  /// The file at fault, where there is one.
  package var path: String?

  /// States an error.
  ///
  /// - Parameters:
  ///   - reason: what went wrong.
  ///   - path: the file at fault, where there is one.
  package init(_ reason: Reason, path: String? = nil) {
    self.reason = reason
    self.path = path
  }
}

extension TrainingError: CustomStringConvertible {
  /// The file, what was found, what was expected and what to do.
  package var description: String { (path.map { "\($0): " } ?? "") + message }

  private var message: String {
    switch reason {
    case .invalidSetting(let option, let found, let expected):
      "the training's \(option) is \(found), expected \(expected)"
    case .tooFewSamples(let found, let needed):
      "\(found) training samples, at least \(needed) are needed; check the split"
    case .invalidSamplingWeight(let sample, let found):
      "training sample \(sample) is drawn with the weight \(found); weights must be finite, at least"
        + " 0 and not all 0"
    case .differentState(let differences):
      "the saved state belongs to another training: \(differences.joined(separator: "; ")); train"
        + " with what it was saved with, or begin anew in another folder"
    case .damagedState(let detail):
      "the saved state is damaged: \(detail); put back a copy, or delete state.h5 to begin"
        + " anew"
    case .newerState(let found, let supported):
      "the saved state has version \(found), this program reads up to \(supported); update vbench, or"
        + " delete state.h5 to begin anew"
    case .notWritable(let detail):
      "can't be written: \(detail)"
    case .busy:
      "another command trains here, from the same data with the same settings; wait until it has"
        + " ended, or choose another folder of reports"
    }
  }
}
