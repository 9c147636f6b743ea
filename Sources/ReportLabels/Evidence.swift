/// What a report says of a finding at one place.
package struct Evidence: Sendable, Equatable {
  /// How the finding is said to be.
  package enum State: String, Sendable, CaseIterable {
    /// It is there.
    case present
    /// It is denied.
    case negated
    /// It is suspected, or not ruled out.
    case uncertain
    /// It was there, or was operated on.
    case history
    /// It is named without a word on whether this eye has it: a risk, a screening, a relative's.
    case unasserted
  }

  /// How severe the finding is said to be.
  package enum Degree: String, Sendable, CaseIterable {
    case mild
    case moderate
    case severe
  }

  /// The finding's index in the table.
  package var finding: Int
  /// How it is said to be.
  package var state: State
  /// Which eye it is said of.
  package var eye: Eye
  /// How severe it is said to be; nil where that is not said.
  package var degree: Degree?
  /// The words that name it.
  package var span: TextSpan
  /// The words that decide the state; nil where the finding is plainly stated.
  package var cue: TextSpan?
}

/// Which eye a statement is about.
package enum Eye: String, Sendable, CaseIterable {
  case left
  case right
  case both
  case unstated

  /// Whether a statement on this eye is one on the other, too; unstated ones are on either.
  ///
  /// - Parameter eye: the eye that is asked for.
  /// - Returns: whether the statement counts.
  package func covers(_ eye: Eye) -> Bool {
    switch eye {
    case .unstated: true
    case .both: self == .both || self == .unstated
    case .left, .right: self == eye || self == .both || self == .unstated
    }
  }
}

/// A part of a report.
package struct TextSpan: Sendable, Equatable {
  /// The part's place in the report, in Unicode scalars counted from 0.
  package var offsets: Range<Int>
  /// The part as written.
  package var text: String
}

/// Which states make a label positive.
package struct LabelPolicy: Sendable, Equatable {
  /// Whether suspected findings count.
  package var countsUncertain: Bool
  /// Whether past ones count.
  package var countsHistory: Bool

  /// What is there and nothing else.
  package static let present = LabelPolicy()

  /// A policy under which findings that are present count.
  ///
  /// - Parameters:
  ///   - countsUncertain: whether suspected ones count, too.
  ///   - countsHistory: whether past ones count, too.
  package init(countsUncertain: Bool = false, countsHistory: Bool = false) {
    self.countsUncertain = countsUncertain
    self.countsHistory = countsHistory
  }

  /// Whether a state makes a label positive.
  ///
  /// - Parameter state: what a report says of a finding.
  /// - Returns: whether it counts.
  package func counts(_ state: Evidence.State) -> Bool {
    switch state {
    case .present: true
    case .uncertain: countsUncertain
    case .history: countsHistory
    case .negated, .unasserted: false
    }
  }
}

/// What a report says.
package struct ReportReading: Sendable, Equatable {
  /// A label per finding of the table, of both eyes together.
  package var labels: [Bool]
  /// The places that say something of a finding, in the order of the report.
  package var evidence: [Evidence]
}
