/// Reads one task of the kind `masks` of an entry.
struct MaskTaskReader {
  /// What `kind` says of such a task.
  static let kind = "masks"
  private static let keys = [
    "title", "kind", "mode", "classes", "nested", "masks", "boxes", "values", "ignore", "missing",
    "field_of_view",
  ]

  let name: String
  let body: YAMLMapping
  let reader: DatasetReader
  let splits: [SplitDescription]
  let mode: MaskMode
  let classes: [String]

  /// Whether a task of the entry is one of masks.
  static func reads(_ item: YAMLMapping.Entry) -> Bool {
    item.value.peek("kind")?.text == Self.kind
  }

  /// Reads what the other keys' meaning depends on.
  init(
    _ item: YAMLMapping.Entry,
    reader: DatasetReader,
    splits: [SplitDescription]
  ) throws {
    name = try item.keyValue.identifier()
    self.reader = reader
    self.splits = splits
    body = try item.value.mapping("‘\(reader.name)’ task ‘\(name)’", allowed: Self.keys)
    mode = try body.require("mode").choice(of: MaskMode.self)
    let value = try body.require("classes")
    classes = try value.strings()
    let (fits, allowed) =
      switch mode {
      case .binary: (classes.count == 1, "1 class; the background isn't named")
      case .labels: ((2...100).contains(classes.count), "2 classes or more; with 1 it is binary")
      case .multilabel: ((1...100).contains(classes.count), "1 class or more")
      }
    guard fits, !classes.contains("background") else {
      throw value.failure(
        .invalidValue(key: "classes", found: classes.joined(separator: ", "), allowed: allowed)
      )
    }
  }

  /// The task.
  func task() throws -> MaskTaskDescription {
    let places = try places()
    if mode != .labels { try body.refuse("nested", because: "with the mode labels only") }
    return MaskTaskDescription(
      name: name,
      title: try body.require("title").string(),
      mode: mode,
      classes: classes,
      isNested: try body["nested"]?.flag() ?? false,
      places: places,
      values: try values(of: places),
      missing: try missing(places),
      field: try field()
    )
  }

  private func places() throws -> MaskPlaces {
    if reader.adapter == .synthetic {
      try body.refuse("boxes", because: "with the adapters csv and folders only")
      return .drawn(try byClass("masks") { try $0.choice(of: SyntheticMask.self) })
    }
    if let value = body["boxes"] {
      try body.refuse("masks", because: "‘masks’ or ‘boxes’, not both")
      let mapping = try value.mapping("\(body.within) boxes", allowed: ["table", "classes"])
      let names = try mapping.require("classes")
        .mapping("\(body.within) boxes classes", allowed: classes)
      return .boxes(
        table: try mapping.require("table").relativePath(),
        names: try classes.map { try names.require($0).string() }
      )
    }
    let value = try body.require("masks")
    if !value.isMapping, mode != .multilabel { return .file(try template(value)) }
    if mode == .binary { return .file(try template(value)) }
    return .files(try byClass("masks", template))
  }

  /// One value per class: a mapping, or for a single class the value alone.
  private func byClass<Value>(
    _ key: String,
    _ read: (YAMLValue) throws -> Value
  ) throws -> [Value] {
    let value = try body.require(key)
    if classes.count == 1, !value.isMapping { return [try read(value)] }
    let mapping = try value.mapping("\(body.within) \(key)", allowed: classes)
    return try classes.map { try read(mapping.require($0)) }
  }

  private func template(_ value: YAMLValue) throws -> MaskPathTemplate {
    let text = try value.string()
    if let allowed = MaskPathTemplate.fault(of: text) {
      throw value.failure(.invalidValue(key: value.key, found: text, allowed: allowed))
    }
    let template = MaskPathTemplate(text: text)
    if template.needsKey, let split = splits.first(where: { $0.pattern == nil }) {
      let allowed = "{key} where each split has a ‘pattern’; ‘\(split.name)’ has none"
      throw value.failure(.invalidValue(key: value.key, found: text, allowed: allowed))
    }
    return template
  }

  /// From grey levels to labels: a class's name in a file of all classes, else `foreground`.
  private func values(of places: MaskPlaces) throws -> MaskValues {
    guard case .file = places else {
      guard case .files = places else {
        for key in ["values", "ignore"] { try body.refuse(key, because: "with mask files only") }
        return MaskValues()
      }
      return try values(named: ["background", "foreground"])
    }
    return try values(named: ["background"] + classes)
  }

  private func values(named names: [String]) throws -> MaskValues {
    let ignored = try body["ignore"].map { UInt8(try $0.integer(in: 0...255)) }
    guard let value = body["values"], value.text != "nonzero" else {
      guard names.count == 2 else {
        let found = body["values"] == nil ? "left out" : "nonzero"
        let allowed = "grey levels and what they mean: \(names.joined(separator: ", "))"
        throw (body["values"] ?? body.whole).failure(
          .invalidValue(key: "values", found: found, allowed: allowed)
        )
      }
      return MaskValues(ignored: ignored)
    }
    var labels: [UInt8: UInt8] = [:]
    for item in try value.mapping("\(body.within) values").entries {
      let level = UInt8(try item.keyValue.integer(in: 0...255))
      guard level != ignored else {
        let allowed = "a meaning or ‘ignore’, not both"
        throw item.keyValue.failure(.misplacedKey(key: item.key, allowed: allowed))
      }
      let name = try item.value.choice(among: names)
      labels[level] = names.firstIndex(of: name).map(UInt8.init)
    }
    for (label, name) in names.enumerated() where !labels.values.contains(UInt8(label)) {
      throw value.failure(.missingKey(key: name, within: "\(body.within) values"))
    }
    return MaskValues(labels: labels, ignored: ignored)
  }

  private func missing(_ places: MaskPlaces) throws -> MissingMask {
    guard case .files = places else {
      try body.refuse("missing", because: "with one mask file per class only")
      return .error
    }
    return try body["missing"]?.choice(of: MissingMask.self) ?? .error
  }

  private func field() throws -> FieldOfViewRule {
    let value = try body.require("field_of_view")
    switch try value.string() {
    case "none": return .none
    case "computed": return .computed
    case "drawn" where reader.adapter == .synthetic: return .drawn
    default:
      guard reader.adapter != .synthetic else {
        _ = try value.choice(among: ["none", "computed", "drawn"])
        return .none
      }
      return .file(try template(value))
    }
  }
}
