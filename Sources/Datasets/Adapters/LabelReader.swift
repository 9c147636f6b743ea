/// Reads one task's label of one image.
struct LabelReader {
  /// A label, or why there is none.
  enum Outcome {
    case label(SampleLabel)
    case absent(SampleExclusion.Kind, detail: String)
  }

  private let task: TaskDescription
  private let pattern: NamePattern?

  /// Prepares to read a task.
  init(_ task: TaskDescription) {
    self.task = task
    if case .name(let pattern, _) = task.labels {
      self.pattern = NamePattern(pattern)
    } else {
      pattern = nil
    }
  }

  /// Reads a label.
  ///
  /// - Parameters:
  ///   - texts: of the image.
  ///   - outcomes: of the tasks before this one, which it may be derived from.
  /// - Returns: the label, or why there is none.
  func read(_ texts: LabelTexts, earlier outcomes: [String: Outcome]) -> Outcome {
    switch task.labels {
    case .column(let column, let values):
      classIndex(texts.cells[column] ?? "", of: values, in: "column ‘\(column)’")
    case .columns(let columns):
      findings(columns, texts)
    case .folder(let values):
      classIndex(texts.folder ?? "", of: values, in: "the folder's name")
    case .name(_, let values):
      classIndex(pattern?.capture(in: texts.name) ?? "", of: values, in: "the image's name")
    case .derived(let parent, let positive):
      switch outcomes[parent] {
      case .label(.classIndex(let index)): .label(.classIndex(positive.contains(index) ? 1 : 0))
      case .absent(let kind, let detail): .absent(kind, detail: "‘\(parent)’: \(detail)")
      case .label(.findings), nil: .absent(.missingLabel, detail: "‘\(parent)’ has no class")
      }
    }
  }

  private func classIndex(_ text: String, of values: [String: Int], in place: String) -> Outcome {
    guard !text.isEmpty else { return .absent(.missingLabel, detail: "\(place) is empty") }
    guard let index = values[text] else {
      let allowed = values.sorted { ($0.value, $0.key) < ($1.value, $1.key) }.map(\.key)
      return .absent(
        .labelOutOfRange,
        detail: "\(place) is ‘\(text)’, expected \(allowed.joined(separator: ", "))"
      )
    }
    return .label(.classIndex(index))
  }

  private func findings(_ columns: [String], _ texts: LabelTexts) -> Outcome {
    var bits: [Int] = []
    for column in columns {
      switch texts.cells[column] ?? "" {
      case "0": bits.append(0)
      case "1": bits.append(1)
      case "": return .absent(.missingLabel, detail: "column ‘\(column)’ is empty")
      case let text:
        let detail = "column ‘\(column)’ is ‘\(text)’, expected 0, 1"
        return .absent(.labelOutOfRange, detail: detail)
      }
    }
    return .label(.findings(bits))
  }
}
