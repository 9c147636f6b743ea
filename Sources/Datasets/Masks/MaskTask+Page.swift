extension MaskTaskDescription {
  /// The task's section of its set's page, in Markdown.
  var page: String {
    let nesting = isNested ? " Each class lies inside the one before it." : ""
    let rows = classes.enumerated().map { ["\($0 + 1)", $1, origin(of: $0)] }
    let table = markdownTable(["Label", "Class", "Masks"], rows)
    let kind = "(masks, \(mode.rawValue))"
    return "## Task `\(name)`\n\n\(title) \(kind).\(nesting) \(reading)\n\n\(table)"
  }

  private func origin(of index: Int) -> String {
    switch places {
    case .file(let template): "`\(template.text)`"
    case .files(let templates): "`\(templates[index].text)`"
    case .boxes(let table, let names): "ellipses in the boxes ‘\(names[index])’ of `\(table)`"
    case .drawn(let masks): "drawn: \(masks[index].rawValue)"
    }
  }

  /// What values and missing files mean, and where the field of view is known from.
  private var reading: String {
    var lines: [String] = []
    if let labels = values.labels {
      let levels = labels.sorted { $0.key < $1.key }.map { level, label in
        let name = label == 0 ? "background" : isOneFile ? classes[Int(label) - 1] : "the class"
        return "\(level) \(name)"
      }
      lines.append("Values: \(levels.joined(separator: ", ")).")
    }
    if let ignored = values.ignored { lines.append("\(ignored) is left out of losses and scores.") }
    if missing == .absent {
      lines.append("A missing file means that the photograph shows none of that class.")
    }
    switch field {
    case .none: lines.append("The whole photograph counts.")
    case .computed: lines.append("The field of view isn't published.")
    case .file(let template): lines.append("Field of view: `\(template.text)`.")
    case .drawn: lines.append("The field of view is drawn.")
    }
    return lines.joined(separator: " ")
  }

  private var isOneFile: Bool {
    if case .file = places { true } else { false }
  }
}
