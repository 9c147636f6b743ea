package import Results

/// The results as Markdown with tables: a section per task, then each run's classes, confusion
/// matrix, parameters and provenance.
///
/// - Parameters:
///   - results: the runs.
///   - published: figures from elsewhere; those of the runs' data and protocols stand beside them.
/// - Returns: text that ends with a line break.
package func markdownReport(
  _ results: [RunResult],
  published: [PublishedResult] = []
) -> String {
  let sections = ReportSection.sections(of: results, published)
  let blocks = ["# Results"] + sections.flatMap(\.markdownBlocks)
  return blocks.joined(separator: "\n\n") + "\n"
}

extension ReportSection {
  fileprivate var markdownBlocks: [String] {
    var blocks = ["## " + title.markdownText, markdownList(facts), table.markdown]
    if !footnotes.isEmpty { blocks.append(markdownFootnotes(footnotes)) }
    if hasBest {
      blocks.append(
        "**Bold**: the best of its column, where its interval and the second best's do not meet."
      )
    }
    if !exclusions.isEmpty {
      blocks += [
        "Left out: \(NumberFormat.count(exclusions.count, "sample"))", markdownList(exclusions),
      ]
    }
    return blocks + results.flatMap(markdownRunBlocks)
  }
}

/// One run on its own.
private func markdownRunBlocks(_ result: RunResult) -> [String] {
  var blocks = ["### " + result.rowLabel.markdownText]
  var footnotes = Footnotes()
  if let classes = classTable(result, &footnotes) { blocks.append(classes.markdown) }
  if !footnotes.texts.isEmpty { blocks.append(markdownFootnotes(footnotes.texts)) }
  if let matrix = result.confusionMatrix {
    blocks += ["Confusion matrix:", confusionTable(matrix).markdown]
  }
  blocks.append("<details><summary>Parameters and provenance</summary>")
  if !result.evaluationProtocol.parameters.isEmpty {
    blocks.append(parameterTable(result).markdown)
  }
  return blocks + [provenanceTable(result).markdown, "</details>"]
}

private func markdownList(_ lines: [String]) -> String {
  lines.map { "* " + $0.markdownText }.joined(separator: "\n")
}

/// The footnotes with hard line breaks between.
private func markdownFootnotes(_ footnotes: [String]) -> String {
  footnotes.enumerated()
    .map { "\(Footnotes.superscript($0 + 1)) \($1.markdownText)" }
    .joined(separator: "\\\n")
}

extension ReportTable {
  /// The table in GitHub's Markdown.
  var markdown: String {
    let head = columns.map(\.title.markdownText)
    let rule = columns.map { $0.alignment == .leading ? "---" : "---:" }
    let lines = [head, rule] + rows.map { $0.map(\.markdown) }
    return lines.map { "| \($0.joined(separator: " | ")) |" }.joined(separator: "\n")
  }
}

extension ReportCell {
  fileprivate var markdown: String {
    let value = isBest ? "**\(text.markdownText)**" : text.markdownText
    let marked = value + Footnotes.superscripts(footnotes)
    // A detail is made of numbers; its brackets can't be taken for a link.
    return [marked, detail].compactMap(\.self).joined(separator: " ")
  }
}
