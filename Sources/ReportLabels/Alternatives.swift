/// Texts with alternatives in braces.
package enum Alternatives {
  /// All texts that a pattern stands for: `出血{灶|斑|}` for 出血灶, 出血斑 and 出血.
  ///
  /// - Parameter pattern: braces don't nest; an alternative may be empty.
  /// - Returns: the texts in the order of their alternatives, without repetition; nil where a brace
  ///   isn't closed, isn't opened or nests.
  package static func expanded(_ pattern: String) -> [String]? {
    var texts = [""]
    var alternatives: [String]?
    for character in pattern {
      switch character {
      case "{":
        guard alternatives == nil else { return nil }
        alternatives = [""]
      case "}":
        guard let choices = alternatives else { return nil }
        texts = texts.flatMap { text in choices.map { text + $0 } }
        alternatives = nil
      case "|" where alternatives != nil:
        alternatives?.append("")
      default:
        if let last = alternatives?.indices.last {
          alternatives?[last].append(character)
        } else {
          for index in texts.indices { texts[index].append(character) }
        }
      }
    }
    guard alternatives == nil else { return nil }
    var seen: Set<String> = []
    return texts.filter { seen.insert($0).inserted }
  }
}
