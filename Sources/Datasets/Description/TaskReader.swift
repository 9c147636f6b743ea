/// Reads one task of an entry.
struct TaskReader {
  private static let keys = [
    "title", "kind", "classes", "ordered", "column", "columns", "values", "class_from",
    "class_pattern", "derive", "class_counts", "prompts",
  ]

  let name: String
  let body: YAMLMapping
  let reader: DatasetReader
  let splits: [String]
  let kind: TaskKind
  let classes: [String]
  /// The tasks that stand above this one: labels can be derived from those.
  let earlier: [TaskDescription]

  /// Reads what the other keys' meaning depends on.
  init(
    _ item: YAMLMapping.Entry,
    reader: DatasetReader,
    splits: [String],
    earlier: [TaskDescription]
  ) throws {
    name = try item.keyValue.identifier()
    self.reader = reader
    self.splits = splits
    self.earlier = earlier
    let within = "‘\(reader.name)’ task ‘\(name)’"
    // Before the keys: which of them are known depends on the kind.
    let kindValue = try item.value.mapping(within).require("kind")
    _ = try kindValue.choice(among: TaskKind.allCases.map(\.rawValue) + [MaskTaskReader.kind])
    kind = try kindValue.choice(of: TaskKind.self)
    body = try item.value.mapping(within, allowed: Self.keys)
    let classValue = try body.require("classes")
    classes = try classValue.strings()
    let (fits, allowed) =
      switch kind {
      case .binary: (classes.count == 2, "2 classes, the negative first")
      case .multiclass: (classes.count >= 3, "3 classes or more; with 2 the kind is binary")
      case .multilabel: (true, "1 finding or more")
      }
    guard fits else {
      let found = "\(classes.count) class\(classes.count == 1 ? "" : "es")"
      throw classValue.failure(.invalidValue(key: "classes", found: found, allowed: allowed))
    }
  }

  /// The task.
  func task() throws -> TaskDescription {
    if kind != .multiclass { try body.refuse("ordered", because: "with the kind multiclass only") }
    return TaskDescription(
      name: name,
      title: try body.require("title").string(),
      kind: kind,
      classes: classes,
      isOrdered: try body["ordered"]?.flag() ?? false,
      labels: try labelSource(),
      classCounts: try classCounts(),
      prompts: try PromptReader(task: self).prompts()
    )
  }

  private func labelSource() throws -> LabelSource {
    if body["derive"] != nil { return try derived() }
    switch (reader.adapter, kind) {
    case (.csv, .multilabel), (.synthetic, .multilabel):
      try refuse(["column", "values", "class_from", "class_pattern"], "with one label per image")
      return .columns(try columns())
    case (.csv, _), (.synthetic, _):
      try refuse(["columns"], "with the kind multilabel only")
      try refuse(["class_from", "class_pattern"], "with the adapter folders only")
      let column = try body.require("column").string()
      let digits = classes.indices.map(String.init)
      return .column(column, values: try values(default: reader.adapter == .csv ? digits : classes))
    case (.folders, .multilabel):
      throw try body.require("kind").failure(
        .invalidValue(key: "kind", found: "multilabel", allowed: "binary or multiclass in folders")
      )
    case (.folders, _):
      try refuse(["column", "columns"], "with the adapter csv only")
      return try folderSource()
    }
  }

  private func folderSource() throws -> LabelSource {
    enum Place: String, CaseIterable { case folder, name }
    let values = try values(default: classes)
    switch try body.require("class_from").choice(of: Place.self) {
    case .folder:
      try refuse(["class_pattern"], "with ‘class_from: name’ only")
      return .folder(values: values)
    case .name:
      return .name(pattern: try body.require("class_pattern").pattern(), values: values)
    }
  }

  private func columns() throws -> [String] {
    guard let value = body["columns"] else { return classes }
    let columns = try value.strings()
    guard columns.count == classes.count else {
      throw value.failure(
        .invalidValue(
          key: "columns",
          found: "\(columns.count) columns",
          allowed: "\(classes.count), one for each class in the order of ‘classes’"
        )
      )
    }
    return columns
  }

  /// From a text to a class index: as written, else by `texts` in the order of the classes.
  private func values(default texts: [String]) throws -> [String: Int] {
    guard let value = body["values"] else {
      return Dictionary(uniqueKeysWithValues: zip(texts, 0...))
    }
    var map: [String: Int] = [:]
    for item in try value.mapping("\(body.within) values").entries {
      let text = try item.value.string()
      guard let index = classes.firstIndex(of: text) else {
        let allowed = "one of ‘classes’: \(classes.joined(separator: ", "))"
        throw item.value.failure(
          .invalidValue(
            key: item.key,
            found: text,
            allowed: allowed + suggestion(for: text, among: classes)
          )
        )
      }
      map[item.key.trimmed] = index
    }
    return map
  }

  private func derived() throws -> LabelSource {
    try refuse(
      ["column", "columns", "values", "class_from", "class_pattern"],
      "unless the task is derived"
    )
    guard kind == .binary else {
      throw try body.require("kind").failure(
        .invalidValue(key: "kind", found: kind.rawValue, allowed: "binary for a derived task")
      )
    }
    let mapping = try body.require("derive")
      .mapping("\(body.within) derive", allowed: ["from", "positive"])
    let fromValue = try mapping.require("from")
    let from = try fromValue.string()
    let parents = earlier.filter { $0.kind == .multiclass }
    guard let parent = parents.first(where: { $0.name == from }) else {
      let names = parents.map(\.name)
      let allowed = "a multiclass task above: \(names.joined(separator: ", "))"
      throw fromValue.failure(
        .invalidValue(
          key: "from",
          found: from,
          allowed: allowed + suggestion(for: from, among: names)
        )
      )
    }
    let value = try mapping.require("positive")
    let last = parent.classes.count - 1
    let indices = try value.items().map { try $0.integer(in: 0...last) }
    guard Set(indices).count == indices.count, indices.count <= last else {
      throw value.failure(
        .invalidValue(
          key: "positive",
          found: "\(indices)",
          allowed: "class indices 0…\(last) of ‘\(from)’, each once, not all of them"
        )
      )
    }
    return .derived(from: from, positive: Set(indices))
  }

  private func classCounts() throws -> [String: [Int]] {
    guard let value = body["class_counts"] else { return [:] }
    let entries = try value.mapping("\(body.within) class_counts", allowed: splits).entries
    var counts: [String: [Int]] = [:]
    for entry in entries {
      let numbers = try entry.value.items().map { try $0.integer(atLeast: 0) }
      guard numbers.count == classes.count else {
        throw entry.value.failure(
          .invalidValue(
            key: entry.key,
            found: "\(numbers.count) numbers",
            allowed: "\(classes.count), one for each class"
          )
        )
      }
      counts[entry.key] = numbers
    }
    return counts
  }

  private func refuse(_ keys: [String], _ allowed: String) throws {
    for key in keys { try body.refuse(key, because: allowed) }
  }
}
