extension Dataset {
  /// The set's page in Markdown: what it is, its tasks, its prompts, and what is on disk.
  ///
  /// - Parameter contents: the set as it lies on disk, where it was read.
  /// - Returns: the text, with a line break at its end.
  package func page(contents: DatasetContents? = nil) -> String {
    var sections = ["# \(name)", title, overview, splitTable(contents)]
    sections += tasks.map { taskSection($0, contents) } + maskTasks.map(\.page)
    if let notes { sections += ["## Notes", notes] }
    if let contents { sections += ["## On this machine", found(contents)] }
    return sections.joined(separator: "\n\n") + "\n"
  }

  private var overview: String {
    var rows = [
      ["Version", "\(version)"],
      ["Adapter", adapter.rawValue],
      ["Root", root.map { "`--data-root \($0)=PATH`" } ?? "none: the program draws the set"],
      ["Licence", license],
      ["Source", source.title],
    ]
    if let doi = source.doi { rows.append(["DOI", "https://doi.org/\(doi)"]) }
    if let url = source.url { rows.append(["From", url]) }
    if hasReports {
      let place = reportColumn.map { "column ‘\($0)’" } ?? "drawn with the pictures"
      rows.append(["Reports", "\(place): `--protocol retrieval`"])
    }
    if let generator {
      rows.append(["Drawn", "\(generator.count) pictures of \(generator.size) × \(generator.size)"])
    }
    return markdownTable(["", ""], rows)
  }

  private func splitTable(_ contents: DatasetContents?) -> String {
    let rows = splits.map { split in
      let found = contents?.splitCounts.first { $0.name == split.name }?.found
      return [
        split.name, split.count.map(String.init) ?? "–", found.map(String.init) ?? "–",
        split.images.isEmpty ? "–" : "`\(split.images)`", split.table.map { "`\($0)`" } ?? "–",
      ]
    }
    return "## Splits\n\n"
      + markdownTable(["Split", "Declared", "Found", "Images", "Table"], rows)
  }

  private func taskSection(_ task: TaskDescription, _ contents: DatasetContents?) -> String {
    let counts = contents.flatMap { try? $0.contents(of: task) }
    var header = ["Index", "Class"]
    for split in splits { header += ["\(split.name), declared", "\(split.name), found"] }
    header += task.prompts.map { "Prompts (\($0.language.rawValue))" }
    let found = splits.map { split in
      counts.map { $0.classCounts($0.indices(ofSplit: split.name)) }
    }
    let rows = task.classes.enumerated().map { index, name in
      var row = ["\(index)", name]
      for (split, found) in zip(splits, found) {
        row.append((task.classCounts[split.name]?[index]).map(String.init) ?? "–")
        row.append(found.map { String($0[index]) } ?? "–")
      }
      return row + task.prompts.map { $0.synonyms[index].joined(separator: ", ") }
    }
    var text = "## Task `\(task.name)`\n\n\(task.title) (\(task.kind.rawValue)).\(origin(of: task))"
    text += "\n\n" + markdownTable(header, rows)
    for prompts in task.prompts {
      text += "\n\nTemplates (\(prompts.language.rawValue)): " + quoted(prompts.templates)
      if !prompts.absentTemplates.isEmpty {
        text += "; absent: " + quoted(prompts.absentTemplates)
      }
    }
    return text
  }

  private func quoted(_ texts: [String]) -> String {
    texts.map { "`\($0)`" }.joined(separator: ", ")
  }

  private func origin(of task: TaskDescription) -> String {
    guard case .derived(let parent, let positive) = task.labels else { return "" }
    let indices = positive.sorted().map(String.init).joined(separator: ", ")
    return " Derived from `\(parent)`: positive where its index is \(indices)."
  }

  private func found(_ contents: DatasetContents) -> String {
    var lines = contents.warnings
    let kinds = SampleExclusion.Kind.allCases.map { kind in
      (kind, contents.leftOut(kind).count)
    }
    lines += kinds.filter { $0.1 > 0 }.map { "\($0.0.rawValue): \($0.1) left out" }
    lines += contents.checksums.map { "`\($0.path)`: SHA-256 `\($0.sha256)`" }
    return lines.isEmpty
      ? "As declared; nothing was left out." : lines.map { "- \($0)" }.joined(separator: "\n")
  }
}

/// A Markdown table; bars in cells are escaped, line breaks become blanks.
func markdownTable(_ header: [String], _ rows: [[String]]) -> String {
  let line = { (cells: [String]) in
    let escaped = cells.map {
      $0.replacing("|", with: "\\|").split(whereSeparator: \.isNewline).joined(separator: " ")
    }
    return "| " + escaped.joined(separator: " | ") + " |"
  }
  let rule = "|" + String(repeating: "---|", count: header.count)
  return ([line(header), rule] + rows.map(line)).joined(separator: "\n")
}
