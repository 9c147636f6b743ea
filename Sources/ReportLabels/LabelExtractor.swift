/// Reads the findings out of reports.
///
/// A report is folded, its terms and cues are found by an Aho–Corasick automaton, and each finding's
/// state is read from the cues of its clause. Rules are this project's own; no published extractor is
/// copied.
///
/// Speed, release build, one core of an Intel Xeon at 2.5 GHz: 140,000 to 200,000 reports per second of
/// processor time (of a busy machine; reading only), the synthetic collection's reports cut at 50
/// characters, 43 on average.
package struct LabelExtractor: Sendable {
  /// The findings that labels are about.
  package let table: FindingTable
  /// Which states make a label positive.
  package let policy: LabelPolicy
  private let lexicon: Lexicon

  /// Prepares to read reports.
  ///
  /// - Parameter table: the findings.
  package init(_ table: FindingTable) { self.init(table, policy: .present) }

  /// Prepares to read reports.
  ///
  /// - Parameters:
  ///   - table: the findings.
  ///   - policy: which states make a label positive.
  package init(_ table: FindingTable, policy: LabelPolicy) {
    self.table = table
    self.policy = policy
    do {
      lexicon = try Lexicon(table)
    } catch {
      preconditionFailure("a table is checked when it is read: \(error)")
    }
  }

  /// Reads a report.
  ///
  /// - Parameter report: one report, of one eye or of both; an empty one says nothing.
  /// - Returns: a label per finding, and the places in the report that they come from.
  /// - Complexity: O(length) for clauses of limited length.
  package func labels(of report: String) -> ReportReading {
    var reader = ClauseReader(ReportScan(report, lexicon), lexicon.traits)
    let evidence = reader.evidence()
    return ReportReading(labels: labels(from: evidence, of: .unstated), evidence: evidence)
  }

  /// The labels of one eye, or of both together.
  ///
  /// A normal fundus is overruled by anything that is present or suspected in words in the same eye,
  /// but for the photograph's quality. A borderline ratio (C/D 0.6) doesn't overrule it.
  ///
  /// - Parameters:
  ///   - evidence: what a report says.
  ///   - eye: left or right; unstated for the whole report; both for what is said of both eyes.
  /// - Returns: a label per finding.
  package func labels(from evidence: [Evidence], of eye: Eye) -> [Bool] {
    let traits = lexicon.traits
    var labels = [Bool](repeating: false, count: traits.count)
    for item in evidence where item.eye.covers(eye) && policy.counts(item.state) {
      labels[item.finding] = true
    }
    for index in labels.indices where labels[index] && traits[index].kind == .normal {
      labels[index] = !evidence.contains { item in
        item.eye.covers(eye)
          && (item.state == .present || item.state == .uncertain && item.cue != nil)
          && traits[item.finding].kind.isAbnormal
      }
    }
    return labels
  }
}
