package import Foundation
package import Results

/// The results as one HTML page that needs nothing else: no script, no font, no picture from
/// elsewhere; a run's own pictures are inside it.
///
/// - Parameters:
///   - results: the runs.
///   - published: figures from elsewhere; those of the runs' data and protocols stand beside them.
///   - title: the page's title.
///   - pictures: the PNG file of a run's picture; nil where it can't be read.
/// - Returns: text that ends with a line break.
package func htmlReport(
  _ results: [RunResult],
  published: [PublishedResult] = [],
  title: String = "Evaluation results",
  pictures: (RunResult, PictureRecord) -> Data? = { _, _ in nil }
) -> String {
  let sections = ReportSection.sections(of: results, published)
  let versions = unique(results.map(\.environment.version)).joined(separator: ", ")
  let made = versions.isEmpty ? "vbench" : "vbench \(versions)"
  let lines = [
    "<!DOCTYPE html>", "<html lang=\"en\">", "<head>", "<meta charset=\"utf-8\">",
    // No part of a result may load or run anything, even if escaping were to fail.
    "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; "
      + "style-src 'unsafe-inline'; img-src data:\">",
    "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">",
    "<title>\(title.htmlText)</title>", "<style>\n\(htmlStyle)</style>", "</head>", "<body>",
    "<header><h1>\(title.htmlText)</h1>",
    "<p>\(runCount(results)) · \(made.htmlText)</p></header>", "<main>",
  ]
  let body = sections.flatMap { $0.htmlLines(pictures) }
  return (lines + body + ["</main>", "</body>", "</html>"]).map { $0 + "\n" }.joined()
}

private func runCount(_ results: [RunResult]) -> String {
  results.count == 1 ? "1 run" : "\(NumberFormat.count(results.count)) runs"
}

extension ReportSection {
  fileprivate func htmlLines(_ pictures: (RunResult, PictureRecord) -> Data?) -> [String] {
    var lines = ["<section>", "<h2>\(title.htmlText)</h2>"]
    lines.append("<p class=\"facts\">\(facts.map(\.htmlText).joined(separator: "<br>"))</p>")
    lines.append(table.html)
    lines += htmlFootnotes(footnotes)
    if hasBest {
      lines.append(
        "<p class=\"note\"><strong>Bold</strong>: the best of its column, where its interval "
          + "and the second best’s do not meet.</p>"
      )
    }
    if !exclusions.isEmpty {
      lines += [
        "<details\(exclusions.count <= 20 ? " open" : "")><summary>Left out: "
          + "\(NumberFormat.count(exclusions.count, "sample"))</summary><ul>"
      ]
      lines += exclusions.map { "<li>\($0.htmlText)</li>" } + ["</ul></details>"]
    }
    lines += results.flatMap { result in htmlRunLines(result) { pictures(result, $0) } }
    return lines + ["</section>"]
  }
}

/// One run on its own: drawings, classes, parameters, provenance.
private func htmlRunLines(
  _ result: RunResult,
  _ picture: (PictureRecord) -> Data?
) -> [String] {
  var lines = ["<article>", "<h3>\(result.model.name.htmlText)"]
  lines.append(" <small>\(result.protocolLabel.htmlText)</small></h3>")
  let plots = plots(of: result)
  if !plots.isEmpty {
    lines.append("<div class=\"plots\">\(plots.map { "<figure>\($0)</figure>" }.joined())</div>")
  }
  for record in result.pictures ?? [] {
    guard let data = picture(record) else { continue }
    let caption = record.caption.htmlText
    lines.append(
      "<figure><img alt=\"\(caption)\" src=\"data:image/png;base64,"
        + "\(data.base64EncodedString())\"><figcaption>\(caption)</figcaption></figure>"
    )
  }
  var footnotes = Footnotes()
  if let classes = classTable(result, &footnotes) {
    lines += [classes.html] + htmlFootnotes(footnotes.texts)
  }
  if !result.evaluationProtocol.parameters.isEmpty {
    lines.append("<details><summary>Parameters</summary>\(parameterTable(result).html)</details>")
  }
  lines.append("<details><summary>Provenance</summary>\(provenanceTable(result).html)</details>")
  return lines + ["</article>"]
}

/// The drawings of a run: curves by kind, with the areas under them in the legend, and the
/// confusion matrix.
private func plots(of result: RunResult) -> [String] {
  var plots: [String] = []
  for kind in [Curve.Kind.receiverOperating, .precisionRecall] {
    let curves = result.curves.filter { $0.kind == kind }
    guard !curves.isEmpty else { continue }
    plots.append(curvePlot(curves, legend: curves.map { legend($0, of: result) }))
  }
  if let matrix = result.confusionMatrix { plots.append(confusionPlot(matrix)) }
  let training = trainingPlot(result.training ?? [])
  if !training.isEmpty { plots.append(training) }
  return plots
}

/// A curve's name with the area under it, where the run has that area among its metrics.
private func legend(_ curve: Curve, of result: RunResult) -> String {
  let identifiers: Set<String> =
    switch curve.kind {
    case .receiverOperating: ["auc", "auroc"]
    case .precisionRecall: ["ap", "average_precision", "average-precision"]
    }
  // A binary task has one curve, and its area is the run's own metric.
  let isOnly = result.curves.count { $0.kind == curve.kind } == 1
  let metrics =
    result.classMetrics.first { $0.name == curve.name }?.metrics
    ?? (isOnly ? result.metrics.filter { $0.averaging == .none } : [])
  let area = metrics.first { identifiers.contains($0.identifier) }?.value.number
  guard let area else { return curve.name }
  return "\(curve.name.truncated(toDisplayWidth: 28)) \(NumberFormat.metric(area))"
}

private func htmlFootnotes(_ footnotes: [String]) -> [String] {
  guard !footnotes.isEmpty else { return [] }
  let lines = footnotes.enumerated().map { "<sup>\($0 + 1)</sup> \($1.htmlText)" }
  return ["<p class=\"note\">\(lines.joined(separator: "<br>"))</p>"]
}

extension ReportTable {
  /// The table, in a box that scrolls where it is wider than the page.
  var html: String {
    let sides = columns.map { $0.alignment == .trailing ? " class=\"number\"" : "" }
    let head = zip(columns, sides).map { "<th\($1)>\($0.title.htmlText)</th>" }.joined()
    let body = rows.enumerated().map { index, row in
      let mark = referenceRows.contains(index) ? " class=\"reference\"" : ""
      return "<tr\(mark)>\(zip(row, sides).map { "<td\($1)>\($0.html)</td>" }.joined())</tr>"
    }
    return "<div class=\"table\"><table><thead><tr>\(head)</tr></thead>\n<tbody>\n"
      + body.joined(separator: "\n") + "\n</tbody></table></div>"
  }
}

extension ReportCell {
  fileprivate var html: String {
    let value = isBest ? "<strong>\(text.htmlText)</strong>" : text.htmlText
    let marks = footnotes.map(String.init).joined(separator: ",")
    let marked = marks.isEmpty ? value : value + "<sup>\(marks)</sup>"
    return detail.map { "\(marked) <small>\($0.htmlText)</small>" } ?? marked
  }
}
