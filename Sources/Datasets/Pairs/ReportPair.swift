/// A photograph and the report that was written of it.
package struct ReportPair: Sendable, Equatable, Identifiable {
  /// Unique in the collection: the image's path below its folder, or the drawn sample's id.
  package let id: String
  /// The picture: a file, or the number of one that the collection draws.
  package let image: ImageSource
  /// The report as it is tokenised: without its leading eye mark; never empty.
  package let report: String
  /// The report as it was written.
  package let rawReport: String
  /// The patient, or what else must not lie in two splits; nil where the collection doesn't say.
  package let group: String?
  /// `train`, `validation` or `test`; nil where the collection doesn't say.
  package let split: String?
  /// What the report says, by the finding's name; nil until somebody reads it out of the report.
  package var labels: [String: Bool]?

  /// States a pair; the report's leading eye mark is dropped here, by ``LeadingEyeMark``.
  ///
  /// - Parameters:
  ///   - id: unique in the collection.
  ///   - image: the picture.
  ///   - rawReport: the report as it was written.
  ///   - group: the patient, where known.
  ///   - split: one of `PairCollection.splitNames`, where known.
  ///   - labels: what the report says, where known.
  package init(
    id: String,
    image: ImageSource,
    rawReport: String,
    group: String? = nil,
    split: String? = nil,
    labels: [String: Bool]? = nil
  ) {
    self.id = id
    self.image = image
    self.rawReport = rawReport
    self.group = group
    self.split = split
    self.labels = labels
    report = LeadingEyeMark.dropped(from: rawReport)
  }
}

/// A row of a table of pairs that was left out, and why.
package struct SkippedPair: Sendable, Equatable, CustomStringConvertible {
  /// The kinds of reason, for counting.
  package enum Kind: String, Sendable, CaseIterable {
    /// The row names no image, or one outside of the folder.
    case unusableRow = "unusable row"
    /// The image that the row names is not in the folder.
    case missingImage = "missing image"
    /// Nothing is left of the report without its eye mark.
    case emptyReport = "empty report"
    /// An earlier row says the same of the same image.
    case repeatedRow = "repeated row"
    /// Rows of one image differ: all of them are left out.
    case contradictoryRows = "contradictory rows"
  }

  /// The image as the row names it.
  package let name: String
  /// The kind of reason.
  package let kind: Kind
  /// What was found and where: `file:line: …`.
  package let detail: String

  /// One line.
  package var description: String { "\(name): \(kind.rawValue): \(detail)" }
}
