/// A table made ready for reading: the folding, the automaton and what each of its texts means.
struct Lexicon: Sendable {
  let folding: CharacterFolding
  let automaton: TermAutomaton
  /// The meaning of each of the automaton's texts.
  let meanings: [Meaning]
  /// Whether each text begins, and ends, with a letter or digit and so matches whole words only.
  let wordBounds: [(start: Bool, end: Bool)]
  /// What readers need to know of each finding; findings themselves are slow to copy.
  let traits: [Traits]
  /// The places that reports name, long ones first.
  let places: [Place]

  /// A place in or about the eye.
  struct Place: Sendable {
    var text: [UInt16]
    /// The findings that some words name only behind this place.
    var findings: [Int]
  }

  /// What readers need to know of a finding.
  struct Traits: Sendable {
    var kind: Finding.Kind
    /// The ratios from which on it is uncertain and present; infinite where none decides it.
    var uncertainFrom: Double
    var presentFrom: Double
  }

  /// Prepares a table.
  ///
  /// - Parameter table: the table.
  /// - Throws: `ReportLabelsError` where a text stands for two things that contradict each other.
  init(_ table: FindingTable) throws {
    let folding = CharacterFolding(traditional: table.traditional)
    var indices: [[UInt16]: Int] = [:]
    var texts: [[UInt16]] = []
    var meanings: [Meaning] = []
    func add(_ text: String, _ meaning: Meaning) throws {
      let folded = folding.folded(text)
      guard !folded.isEmpty else {
        throw ReportLabelsError(
          .invalidValue(key: "synonyms", found: text, allowed: "texts that aren't blank"),
          source: table.source
        )
      }
      guard let index = indices[folded] else {
        indices[folded] = texts.count
        texts.append(folded)
        meanings.append(meaning)
        return
      }
      guard meanings[index].join(meaning) else {
        throw ReportLabelsError(
          .conflictingText(
            text: text,
            first: meanings[index].description(table.findings),
            second: meaning.description(table.findings)
          ),
          source: table.source
        )
      }
    }
    for (index, finding) in table.findings.enumerated() {
      for text in finding.synonyms { try add(text, Meaning(finding: index)) }
      for text in finding.measure?.names ?? [] {
        try add(text, Meaning(finding: index, isMeasure: true))
      }
      for text in finding.located?.names ?? [] {
        try add(text, Meaning(finding: index, isLocated: true))
      }
    }
    for (text, meaning) in table.cues { try add(text, meaning) }
    for (signs, roles) in Meaning.punctuation {
      for text in signs { try add(text, Meaning(roles: roles)) }
    }
    for text in ["?", "??", "???"] { try add(text, Meaning(roles: .question)) }
    self.folding = folding
    places = Self.places(table, folding)
    traits = table.findings.map {
      Traits(
        kind: $0.kind,
        uncertainFrom: $0.measure?.uncertainFrom ?? .infinity,
        presentFrom: $0.measure?.presentFrom ?? .infinity
      )
    }
    self.meanings = meanings
    automaton = TermAutomaton(texts)
    wordBounds = texts.map {
      ($0.first?.isWordCharacter ?? false, $0.last?.isLetter ?? false)
    }
  }
  /// The places of located findings, and the structures that others are said of.
  private static func places(_ table: FindingTable, _ folding: CharacterFolding) -> [Place] {
    var findings: [[UInt16]: [Int]] = [:]
    for cue in table.cues where cue.meaning.roles.contains(.subject) {
      findings[folding.folded(cue.text)] = []
    }
    for (index, finding) in table.findings.enumerated() {
      for text in finding.located?.places ?? [] {
        findings[folding.folded(text), default: []].append(index)
      }
    }
    return findings.map { Place(text: $0.key, findings: $0.value) }
      .sorted { $0.text.count > $1.text.count }
  }
}
