package import Results

/// The results as aligned text: a table per task, its footnotes, and what was left out.
///
/// One run alone is shown with a metric per line, more than one with a run per line.
///
/// - Parameters:
///   - results: the runs.
///   - published: figures from elsewhere; those of the runs' data and protocols stand beside them.
///   - style: the terminal's width, and whether escape sequences may be written.
/// - Returns: lines that end with a line break; an empty text without results.
package func terminalReport(
  _ results: [RunResult],
  published: [PublishedResult] = [],
  style: TerminalStyle = TerminalStyle()
) -> String {
  let sections = ReportSection.sections(of: results, published).map { $0.terminalLines(style) }
  return sections.joined(separator: [""]).map { $0 + "\n" }.joined()
}

/// How many left-out samples a terminal lists before it counts the rest.
private let listedExclusions = 10

extension ReportSection {
  fileprivate func terminalLines(_ style: TerminalStyle) -> [String] {
    var lines = [style.bold(title.terminalText)]
    if results.count == 1, let result = results.first {
      lines.append("\(result.model.name), \(result.protocolLabel)".terminalText)
    }
    lines += facts.map { style.faint($0.terminalText) } + [""]
    if let result = results.first, results.count == 1, result.run.status == .passed {
      lines += singleRunLines(result, style)
    } else {
      lines += table.terminalLines(style)
      lines += footnoteLines(footnotes)
    }
    if hasBest {
      lines += ["* the best of its column: its interval and the second best's do not meet"]
    }
    guard !exclusions.isEmpty else { return lines }
    lines += ["", "Left out: \(NumberFormat.count(exclusions.count, "sample"))"]
    lines += exclusions.prefix(listedExclusions).map { "  " + $0.terminalText }
    if exclusions.count > listedExclusions {
      let rest = NumberFormat.count(exclusions.count - listedExclusions)
      lines.append("  … and \(rest) more, listed in result.json")
    }
    return lines
  }

  /// A metric per line, then the classes.
  private func singleRunLines(_ result: RunResult, _ style: TerminalStyle) -> [String] {
    var footnotes = Footnotes()
    let metrics = metricTable(result, published, &footnotes)
    let classes = classTable(result, &footnotes)
    var lines = metrics.terminalLines(style)
    if let classes { lines += [""] + classes.terminalLines(style) }
    return lines + footnoteLines(footnotes.texts)
  }
}

private func footnoteLines(_ footnotes: [String]) -> [String] {
  (footnotes.isEmpty ? [] : [""])
    + footnotes.enumerated().map { "\(Footnotes.superscript($0 + 1)) \($1.terminalText)" }
}
