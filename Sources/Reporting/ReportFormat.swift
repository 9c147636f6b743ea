package import Foundation
package import Results

/// The forms that results are written in.
package enum ReportFormat: String, CaseIterable, Sendable {
  case terminal, markdown, csv, latex, html

  /// The ending of a file in this form, without a dot.
  package var fileExtension: String {
    switch self {
    case .terminal: "txt"
    case .markdown: "md"
    case .csv: "csv"
    case .latex: "tex"
    case .html: "html"
    }
  }

  /// The results in this form.
  ///
  /// - Parameters:
  ///   - results: the runs.
  ///   - published: figures from elsewhere; those of the runs' data and protocols stand beside them.
  ///   - style: the terminal's style; other forms don't use it.
  ///   - pictures: the PNG file of a run's picture, nil where it can't be read; pages show it.
  /// - Returns: the file's text.
  package func text(
    of results: [RunResult],
    published: [PublishedResult] = [],
    style: TerminalStyle = TerminalStyle(),
    pictures: (RunResult, PictureRecord) -> Data? = { _, _ in nil }
  ) -> String {
    switch self {
    case .terminal: terminalReport(results, published: published, style: style)
    case .markdown: markdownReport(results, published: published)
    case .csv: csvReport(results, published: published)
    case .latex: latexReport(results, published: published)
    case .html: htmlReport(results, published: published, pictures: pictures)
    }
  }
}
