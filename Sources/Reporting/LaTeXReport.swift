package import Results

/// The results as LaTeX tables for a paper: one `table` per task, with the rules of `booktabs`.
///
/// - Parameters:
///   - results: the runs.
///   - published: figures from elsewhere; those of the runs' data and protocols stand beside them.
/// - Returns: text that ends with a line break, to be read with `\input`.
package func latexReport(
  _ results: [RunResult],
  published: [PublishedResult] = []
) -> String {
  let head = [
    "% Made by vbench. Needs \\usepackage{booktabs}; Chinese names need XeLaTeX and \\usepackage{ctex}."
  ]
  let tables = ReportSection.sections(of: results, published).map(\.latexLines)
  return (head + tables.joined()).map { $0 + "\n" }.joined()
}

extension ReportSection {
  fileprivate var latexLines: [String] {
    let alignments = table.columns.map { $0.alignment == .leading ? "l" : "r" }.joined()
    var notes = facts.map(\.latexText)
    notes += footnotes.enumerated().map { "\\textsuperscript{\($0 + 1)}~\($1.latexText)" }
    if hasBest { notes.append("Bold: the best, its interval and the second best's do not meet") }
    if !exclusions.isEmpty {
      notes.append(
        "Left out, \(NumberFormat.count(exclusions.count, "sample")): "
          + exclusions.map(\.latexText).joined(separator: "; ")
      )
    }
    return [
      "\\begin{table}", "  \\centering\\small", "  \\caption{\(title.latexText)}",
      "  \\begin{tabular}{\(alignments)}", "    \\toprule",
      "    \(latexRow(table.columns.map(\.title.latexText)))", "    \\midrule",
    ]
      + table.rows.map { "    " + latexRow($0.map(\.latex)) }
      + ["    \\bottomrule", "  \\end{tabular}", "", "  \\smallskip"]
      + notes.map { "  {\\footnotesize \($0).\\par}" }
      + ["\\end{table}"]
  }
}

private func latexRow(_ cells: [String]) -> String {
  cells.joined(separator: " & ") + " \\\\"
}

extension ReportCell {
  fileprivate var latex: String {
    let value = isBest ? "\\textbf{\(text.latexText)}" : text.latexText
    let marks = footnotes.map(String.init).joined(separator: ",")
    let marked = marks.isEmpty ? value : value + "\\textsuperscript{\(marks)}"
    return marked + (detail.map { " \($0)".latexText } ?? "")
  }
}
