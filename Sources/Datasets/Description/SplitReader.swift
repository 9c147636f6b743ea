/// Reads the `splits` of an entry.
struct SplitReader {
  let reader: DatasetReader

  /// The splits in the order of the file.
  func splits() throws -> [SplitDescription] {
    let whole = try reader.entry.require("splits")
    let names = SplitDescription.names
    let mapping = try whole.mapping("‘\(reader.name)’ splits", allowed: names)
    guard !mapping.entries.isEmpty else {
      throw whole.failure(
        .invalidValue(key: "splits", found: "{}", allowed: names.joined(separator: ", "))
      )
    }
    if let all = mapping.entries.first(where: { $0.key == "all" }), mapping.entries.count > 1 {
      throw all.keyValue.failure(
        .invalidValue(key: "splits", found: "all", allowed: "‘all’ alone, or the others")
      )
    }
    return try mapping.entries.map { try split($0.key, $0.value) }
  }

  private func split(_ name: String, _ value: YAMLValue) throws -> SplitDescription {
    let mapping = try value.mapping(
      "‘\(reader.name)’ splits \(name)",
      allowed: ["table", "images", "pattern", "list", "masks", "count", "sha256"]
    )
    if reader.adapter != .csv {
      try mapping.refuse("table", because: "with the adapter csv only")
      try mapping.refuse("sha256", because: "with the adapter csv only: it is the table's")
    }
    if reader.adapter == .synthetic {
      try mapping.refuse("images", because: "with the adapters csv and folders only")
      try mapping.refuse("masks", because: "with the adapters csv and folders only")
    }
    if reader.adapter != .folders {
      for key in ["pattern", "list"] {
        try mapping.refuse(key, because: "with the adapter folders only")
      }
    }
    if !reader.hasMaskFiles {
      try mapping.refuse("masks", because: "in a set with a task of kind masks and mask files")
    }
    return SplitDescription(
      name: name,
      table: reader.adapter == .csv ? try mapping.require("table").relativePath() : nil,
      images: try mapping["images"]?.relativePath() ?? "",
      pattern: try mapping["pattern"]?.pattern(),
      list: try mapping["list"]?.relativePath(),
      masks: try mapping["masks"]?.relativePath() ?? "",
      count: try mapping["count"]?.integer(atLeast: 1),
      sha256: try mapping["sha256"]?.digest()
    )
  }
}

extension YAMLValue {
  /// A path that stays below the folder it starts from.
  func relativePath() throws -> String {
    let text = try string()
    guard staysBelow(text) else {
      throw failure(
        .invalidValue(key: key, found: text, allowed: "a path below the root, without ‘..’")
      )
    }
    return text
  }

  /// A SHA-256 in hexadecimal digits.
  fileprivate func digest() throws -> String {
    let text = try string().lowercased()
    guard text.wholeMatch(of: /[0-9a-f]{64}/) != nil else {
      throw failure(.invalidValue(key: key, found: text, allowed: "64 hexadecimal digits"))
    }
    return text
  }
}

/// Whether a relative path can't leave the folder it starts from.
func staysBelow(_ path: String) -> Bool {
  !path.hasPrefix("/") && !path.split(separator: "/").contains("..")
}
