/// Why a pre-training could not begin or go on.
package struct PretrainingError: Error, Equatable, Sendable {
  /// What went wrong.
  package enum Reason: Equatable, Sendable {
    /// A setting outside its range, or one that contradicts another.
    case invalidSetting(name: String, value: String, expected: String)
    /// A model that can't learn from pairs.
    case noTextEncoder(architecture: String)
    /// A checkpoint whose texts can't be cut into tokens.
    case noVocabulary
    /// Pairs that nothing can be learnt from, or validated with.
    /// `unreadable` says what is wrong with each picture that can't be read.
    case tooFewPairs(split: String, found: Int, needed: Int, unreadable: [String])
    /// A saved state whose file was changed or cut.
    case damagedState(detail: String)
    /// Images or texts without numbers.
    case nonFiniteFeatures(detail: String)
    /// A training that was asked to stop; how to go on.
    case interrupted(detail: String)
    /// A training that met a number which isn't finite.
    case failed(detail: String)
    /// A file that can't be written.
    case notWritable(detail: String)
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

extension PretrainingError: CustomStringConvertible {
  /// The file, what was found, what was expected and what to do.
  package var description: String { (path.map { "\($0): " } ?? "") + message }

  private var message: String {
    switch reason {
    case .invalidSetting(let name, let value, let expected):
      "the pre-training's \(name) is \(value), expected \(expected)"
    case .noTextEncoder(let architecture):
      "\(architecture) encodes no texts; pre-training needs a model of images and texts, such as"
        + " vilref-vit-b16 or vilref-rn50"
    case .noVocabulary:
      "the checkpoint holds no vocabulary; convert it with `vbench convert --vocabulary FILE`"
    case .tooFewPairs(let split, let found, let needed, let unreadable):
      "the \(split) split has \(found) usable \(found == 1 ? "pair" : "pairs"), at least \(needed) are "
        + "needed; "
        + (unreadable.first.map { "\(unreadable.count) pictures can't be read, such as \($0)" }
          ?? "take more pairs, or with a table another validation_share")
    case .damagedState(let detail):
      "the saved state is damaged: \(detail); put back a copy, or delete state.h5 to begin anew"
    case .nonFiniteFeatures(let detail):
      "\(detail) has features that are infinite or no numbers"
    case .interrupted(let detail): detail
    case .failed(let detail): "the training failed: \(detail)"
    case .notWritable(let detail): "can't be written: \(detail)"
    }
  }
}
