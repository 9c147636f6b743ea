/// What is predicted of an image.
package enum TaskKind: String, Sendable, CaseIterable, Codable {
  /// One of two classes, the negative first.
  case binary
  /// One of K classes.
  case multiclass
  /// Any of K findings.
  case multilabel
}

/// One thing that can be predicted and evaluated on a set.
package struct TaskDescription: Sendable, Equatable {
  /// The name, such as `dr-grade`.
  package var name: String
  /// One line for people.
  package var title: String
  /// How labels look.
  package var kind: TaskKind
  /// K class names (multilabel: findings) in the order of the label indices.
  package var classes: [String]
  /// Whether the classes are grades in rising order, so that a quadratic kappa has a meaning.
  package var isOrdered: Bool
  /// Where the labels stand.
  package var labels: LabelSource
  /// Published samples (multilabel: positives) of each of the K classes, by split.
  package var classCounts: [String: [Int]]
  /// What to say to a text encoder; at most one per language.
  package var prompts: [Prompts]

  /// The prompts of that language, if the task has them.
  package func prompts(in language: PromptLanguage) -> Prompts? {
    prompts.first { $0.language == language }
  }
}

/// Where the labels of a task stand.
package enum LabelSource: Sendable, Equatable {
  /// In one column; `values` maps a cell's text to the class index.
  case column(String, values: [String: Int])
  /// In K columns of 0 and 1, in the order of the classes; of a multilabel task.
  case columns([String])
  /// In the name of the folder that holds the image; `values` maps it to the class index.
  case folder(values: [String: Int])
  /// In the first capture group of `pattern` in the image's name without extension.
  case name(pattern: String, values: [String: Int])
  /// In another task's label: positive where that is one of `positive`.
  case derived(from: String, positive: Set<Int>)
}

/// A language of prompts.
package enum PromptLanguage: String, Sendable, CaseIterable, Codable {
  /// Chinese.
  case chinese = "zh"
  /// English.
  case english = "en"
}

/// What to say to a text encoder about the classes of a task, in one language.
package struct Prompts: Sendable, Equatable {
  /// The language.
  package var language: PromptLanguage
  /// K lists of synonyms, in the order of the classes; none is empty.
  package var synonyms: [[String]]
  /// Sentences with `{}` for a synonym.
  package var templates: [String]
  /// Sentences with `{}` that say the finding is absent; of a multilabel task, else empty.
  package var absentTemplates: [String]

  /// Every template filled with every synonym of a class, each sentence once.
  ///
  /// - Parameter index: the class, in `0..<K`.
  /// - Returns: at least one sentence; templates vary slowest.
  package func sentences(forClass index: Int) -> [String] {
    filled(templates, index)
  }

  /// Every absence template filled with every synonym of a class, each sentence once.
  ///
  /// - Parameter index: the class, in `0..<K`.
  /// - Returns: sentences; none unless the task is multilabel.
  package func absentSentences(forClass index: Int) -> [String] {
    filled(absentTemplates, index)
  }

  private func filled(_ templates: [String], _ index: Int) -> [String] {
    var seen: Set<String> = []
    return templates.flatMap { template in
      synonyms[index].map { template.replacing("{}", with: $0) }
    }.filter { seen.insert($0).inserted }
  }
}
