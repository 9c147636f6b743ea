/// What a model said about N samples, with their labels, validated once.
///
/// Every sample carries a multiplicity, 1 at first: metrics count it that often. A bootstrap
/// replicate is the same predictions with other multiplicities, and shares scores, labels and
/// rankings with them.
package protocol Predictions: Sendable {
  /// K names of classes, for reasons and tables.
  var classNames: [String] { get }
  /// How many samples there are (N), each counted once.
  var sampleCount: Int { get }
  /// How often each sample counts; N numbers, none negative.
  var multiplicities: [Int32] { get }

  /// The same samples, counted otherwise, without sorting anew.
  ///
  /// - Parameter multiplicities: how often each sample counts; N numbers, none negative.
  /// - Returns: predictions that share everything else with these.
  func counted(_ multiplicities: [Int32]) -> Self
}

/// A class's name as reasons quote it.
func quoted(_ className: String) -> String { "class \"\(className)\"" }

/// Throws when two of `classNames` are equal or there are fewer than `minimum`.
func requireClasses(_ classNames: [String], atLeast minimum: Int, in subject: String) throws {
  guard classNames.count >= minimum else {
    throw MetricsError(
      .invalidOption(
        name: "class count",
        found: "\(classNames.count)",
        expected: "at least \(minimum)"
      ),
      in: subject
    )
  }
  var seen: Set<String> = []
  for name in classNames where !seen.insert(name).inserted {
    throw MetricsError(.repeatedClass(name: name), in: subject)
  }
}

/// Throws when a score of a row-major `rows × columns` array is NaN or infinite.
func requireFinite(_ scores: [Double], columns: Int, in subject: String) throws {
  guard let bad = scores.firstIndex(where: { !$0.isFinite }) else { return }
  throw MetricsError(
    .scoreNotFinite(row: bad / columns, column: bad % columns, found: "\(scores[bad])"),
    in: subject
  )
}

/// Throws when an array has another length than expected.
func requireCount(_ found: Int, of what: String, expected: Int, in subject: String) throws {
  guard found != expected else { return }
  throw MetricsError(.unexpectedCount(of: what, found: found, expected: expected), in: subject)
}

/// Throws when a threshold is NaN or infinite.
func requireThreshold(_ threshold: Double, in subject: String) throws {
  guard !threshold.isFinite else { return }
  throw MetricsError(
    .invalidOption(name: "threshold", found: "\(threshold)", expected: "a finite number"),
    in: subject
  )
}

/// Stops at multiplicities that don't fit the samples: a mistake in the calling code.
func requireMultiplicities(_ multiplicities: [Int32], _ sampleCount: Int) {
  precondition(
    multiplicities.count == sampleCount && multiplicities.allSatisfy { $0 >= 0 },
    "\(multiplicities.count) multiplicities for \(sampleCount) samples, none may be negative"
  )
}

/// Describes the first number outside 0...1 of a row-major array, or returns nil.
func outsideUnitInterval(_ scores: [Double], columns: Int) -> String? {
  guard let bad = scores.firstIndex(where: { $0 < 0 || $0 > 1 }) else { return nil }
  return "the score \(scores[bad]) of row \(bad / columns) is no probability"
}
