import Datasets
import Foundation
package import ReportLabels

extension PretrainingConfiguration.Labels {
  /// The findings table.
  ///
  /// - Returns: the file's, or the program's own.
  /// - Throws: `ReportLabelsError`, `DatasetsError` where the file can't be used.
  package func table() throws -> FindingTable {
    guard let findings else { return try FindingTable.standard() }
    guard FileManager.default.fileExists(atPath: findings) else {
      throw DatasetsError(.notFound, path: findings)
    }
    let text: String
    do {
      text = try String(contentsOf: URL(filePath: findings), encoding: .utf8)
    } catch {
      throw DatasetsError(.unreadable(detail: error.localizedDescription), path: findings)
    }
    return try FindingTable(yaml: text, source: findings)
  }

  /// The findings that a report states.
  ///
  /// - Parameters:
  ///   - report: as it was written.
  ///   - extractor: of the table.
  /// - Returns: one flag per finding.
  package func read(_ report: String, by extractor: LabelExtractor) -> [Bool] {
    extractor.labels(of: report).labels
  }

  /// Reads findings from reports.
  ///
  /// - Parameter table: the findings.
  /// - Returns: the extractor, by whose policy a suspected finding counts or doesn't.
  package func extractor(_ table: FindingTable) -> LabelExtractor {
    LabelExtractor(table, policy: LabelPolicy(countsUncertain: countsSuspected))
  }
}
