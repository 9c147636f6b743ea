/// Reads one entry of `datasets.yaml`; what the schema does not know is an error with its place.
struct DatasetReader {
  private static let keys = [
    "name", "version", "title", "adapter", "root", "splits", "image_column", "report_column",
    "image_extensions", "group", "ungradable", "generator", "templates", "absent_templates",
    "tasks", "license",
    "source", "notes",
  ]
  /// The formats that retinal sets come in, in the order in which they are tried.
  private static let usualExtensions = ["jpg", "jpeg", "png", "tif", "tiff", "gif"]

  let entry: YAMLMapping
  let name: String
  let adapter: DatasetAdapter

  /// Reads what the other keys' meaning depends on.
  ///
  /// - Parameter value: the entry.
  /// - Throws: `DatasetsError` for an unknown key and a missing or wrong name or adapter.
  init(_ value: YAMLValue) throws {
    let unnamed = try value.mapping("the entry", allowed: Self.keys)
    let name = try unnamed.require("name").identifier()
    self.name = name
    entry = YAMLMapping(whole: value, within: "‘\(name)’", entries: unnamed.entries)
    adapter = try entry.require("adapter").choice(of: DatasetAdapter.self)
  }

  /// The whole entry.
  func dataset() throws -> Dataset {
    let splits = try SplitReader(reader: self).splits()
    let tasks = try tasks(splits)
    return Dataset(
      name: name,
      version: try entry.require("version").integer(atLeast: 1),
      title: try entry.require("title").string(),
      adapter: adapter,
      root: try root(),
      splits: splits,
      tasks: tasks.labels,
      maskTasks: tasks.masks,
      imageColumn: try imageColumn(),
      reportColumn: try reportColumn(),
      imageExtensions: try imageExtensions(),
      group: try group(),
      ungradable: try ungradable(),
      generator: try generator(),
      license: try entry.require("license").string(),
      source: try source(),
      notes: try entry["notes"]?.string(),
      place: entry.whole.place
    )
  }

  private func root() throws -> String? {
    guard adapter != .synthetic else {
      try entry.refuse("root", because: "with the adapters csv and folders only")
      return nil
    }
    return try entry.require("root").identifier()
  }

  /// Whether some task asks for mask files, so that splits may say where they lie.
  var hasMaskFiles: Bool {
    let items = (try? entry["tasks"]?.mapping("tasks").entries) ?? []
    return items.contains { MaskTaskReader.reads($0) && $0.value.peek("masks") != nil }
  }

  private func tasks(
    _ splits: [SplitDescription]
  ) throws -> (labels: [TaskDescription], masks: [MaskTaskDescription]) {
    let whole = try entry.require("tasks")
    var tasks: [TaskDescription] = []
    var maskTasks: [MaskTaskDescription] = []
    for item in try whole.mapping("‘\(name)’ tasks").entries {
      if MaskTaskReader.reads(item) {
        maskTasks.append(try MaskTaskReader(item, reader: self, splits: splits).task())
        continue
      }
      let reader = try TaskReader(item, reader: self, splits: splits.map(\.name), earlier: tasks)
      tasks.append(try reader.task())
    }
    guard !tasks.isEmpty || !maskTasks.isEmpty else {
      throw whole.failure(.invalidValue(key: "tasks", found: "{}", allowed: "at least one task"))
    }
    return (tasks, maskTasks)
  }

  private func imageColumn() throws -> String? {
    guard adapter == .csv else {
      try entry.refuse("image_column", because: "with the adapter csv only")
      return nil
    }
    return try entry.require("image_column").string()
  }

  private func reportColumn() throws -> String? {
    guard let value = entry["report_column"] else { return nil }
    if adapter != .csv { try entry.refuse("report_column", because: "with the adapter csv only") }
    return try value.string()
  }

  private func imageExtensions() throws -> [String] {
    guard let value = entry["image_extensions"] else { return Self.usualExtensions }
    if adapter == .synthetic {
      try entry.refuse("image_extensions", because: "with the adapters csv and folders only")
    }
    return try value.strings().map { $0.lowercased() }
  }

  private func group() throws -> GroupSource? {
    guard let value = entry["group"] else { return nil }
    if adapter == .synthetic {
      try entry.refuse("group", because: "with the adapters csv and folders only")
    }
    let mapping = try value.mapping("‘\(name)’ group", allowed: ["column", "pattern"])
    if let pattern = mapping["pattern"] {
      try mapping.refuse("column", because: "‘column’ or ‘pattern’, not both")
      return .name(pattern: try pattern.pattern())
    }
    if adapter == .folders {
      try mapping.refuse("column", because: "with the adapter csv only; else ‘pattern’")
    }
    return .column(try mapping.require("column").string())
  }

  private func ungradable() throws -> UngradableRule? {
    guard let value = entry["ungradable"] else { return nil }
    if adapter != .csv { try entry.refuse("ungradable", because: "with the adapter csv only") }
    let mapping = try value.mapping("‘\(name)’ ungradable", allowed: ["column", "values"])
    return UngradableRule(
      column: try mapping.require("column").string(),
      values: try mapping.require("values").strings()
    )
  }

  private func generator() throws -> GeneratorDescription? {
    guard adapter == .synthetic else {
      try entry.refuse("generator", because: "with the adapter synthetic only")
      return nil
    }
    let mapping = try entry.require("generator")
      .mapping("‘\(name)’ generator", allowed: ["seed", "count", "size", "difficulty", "healthy"])
    return GeneratorDescription(
      seed: UInt64(try mapping.require("seed").integer(atLeast: 0)),
      count: try mapping.require("count").integer(in: 2...100_000),
      size: try mapping.require("size").integer(in: 32...4096),
      difficulty: try mapping.require("difficulty").number(in: 0...1),
      healthy: try mapping["healthy"]?.number(in: 0...1) ?? SyntheticCollection.usualHealthy
    )
  }

  private func source() throws -> DatasetSource {
    let mapping = try entry.require("source")
      .mapping("‘\(name)’ source", allowed: ["title", "doi", "url"])
    return DatasetSource(
      title: try mapping.require("title").string(),
      doi: try mapping["doi"]?.string(),
      url: try mapping["url"]?.string()
    )
  }
}
