/// Reads the prompts of a task, with the entry's templates.
struct PromptReader {
  let task: TaskReader

  /// The task's prompts, one value per language; empty where it has none.
  func prompts() throws -> [Prompts] {
    guard let value = task.body["prompts"] else { return [] }
    let within = "\(task.body.within) prompts"
    let languages = PromptLanguage.allCases.map(\.rawValue)
    return try value.mapping(within, allowed: languages).entries.map { entry in
      Prompts(
        language: try entry.keyValue.choice(of: PromptLanguage.self),
        synonyms: try synonyms(entry.value, within: "\(within) \(entry.key)"),
        templates: try templates("templates", entry.key),
        absentTemplates: task.kind == .multilabel
          ? try templates("absent_templates", entry.key) : []
      )
    }
  }

  /// K lists of synonyms; a class without any is an error, as is a class that there isn't.
  private func synonyms(_ value: YAMLValue, within: String) throws -> [[String]] {
    let mapping = try value.mapping(within, allowed: task.classes)
    return try task.classes.map { try mapping.require($0).strings() }
  }

  private func templates(_ key: String, _ language: String) throws -> [String] {
    let mapping = try task.reader.entry.require(key)
      .mapping("‘\(task.reader.name)’ \(key)", allowed: PromptLanguage.allCases.map(\.rawValue))
    return try mapping.require(language).items().map { item in
      let text = try item.string()
      guard text.ranges(of: "{}").count == 1 else {
        throw item.failure(
          .invalidValue(key: key, found: text, allowed: "a sentence with {} once, for the finding")
        )
      }
      return text
    }
  }
}
