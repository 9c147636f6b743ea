import ReportLabels
import Testing

@Suite struct TableTests {
  private static let small = """
    version: 1
    findings:
      - { name: normal-fundus, chinese: 正常眼底, kind: normal }
      - { name: bleeding, english: bleeding, chinese: 出血, kind: lesion, synonyms: ["出血{灶|斑}"] }

    """

  @Test func theStandardTableHoldsTheFindingsOfTheDesign() throws {
    let table = try FindingTable.standard()
    let names = [
      "正常眼底", "白内障", "动脉硬化", "糖尿病视网膜病变", "近视", "青光眼", "脉络膜视网膜病变", "出血", "交叉压迹",
      "豹纹眼底", "动脉细", "玻璃体后脱离", "血管阻塞", "硬渗", "黄斑变性", "大视杯", "玻璃膜疣", "萎缩弧", "新生血管",
      "微动脉瘤", "神经纤维层缺损", "视网膜脱离", "激光斑", "色素上皮层脱离", "脉络膜萎缩", "模糊眼底", "黄斑区色素紊乱",
      "棉絮斑",
    ]
    let extractor = LabelExtractor(table)
    for name in names {
      let index = try #require(table.findings.firstIndex { $0.chinese == name }, "\(name)")
      let labels = extractor.labels(of: name).labels
      #expect(labels.indices.filter { labels[$0] } == [index], "\(name)")
    }
    #expect(table.findings.count == 32)
    #expect(table.index(of: "cataract") == 1)
    #expect(table.index(of: "nothing") == nil)
  }

  /// Every way of writing a finding is read as that finding and as nothing else.
  @Test func everySynonymIsRead() throws {
    let table = try FindingTable.standard()
    let extractor = LabelExtractor(table)
    var wrong: [String] = []
    for (index, finding) in table.findings.enumerated() {
      for synonym in finding.synonyms {
        let evidence = extractor.labels(of: synonym).evidence
        if evidence.map(\.finding) != [index] || evidence[0].state != .present {
          wrong.append(synonym)
        }
      }
    }
    #expect(wrong.isEmpty, "\(wrong.count): \(wrong.prefix(5))")
  }

  /// The same of words that need their place.
  @Test func everyLocatedWordIsReadAtItsPlaces() throws {
    let table = try FindingTable.standard()
    let extractor = LabelExtractor(table)
    var count = 0
    for (index, finding) in table.findings.enumerated() {
      guard let located = finding.located else { continue }
      for name in located.names {
        #expect(extractor.labels(of: name).evidence.isEmpty, "\(name)")
        for place in located.places {
          let evidence = extractor.labels(of: "\(place)可见\(name)").evidence
          #expect(evidence.map(\.finding) == [index], "\(place)可见\(name)")
          count += 1
        }
      }
    }
    #expect(count > 100)
  }

  @Test func aTableOfOnesOwnTakesTheStandardCues() throws {
    let table = try FindingTable(yaml: Self.small, source: "own.yaml")
    let reading = LabelExtractor(table).labels(of: "右眼无出血灶，左眼出血斑")
    #expect(reading.labels == [false, true])
    #expect(reading.evidence.map(\.state) == [.negated, .present])
    #expect(table.findings[1].synonyms == ["出血", "出血灶", "出血斑"])
  }

  @Test(
    arguments: [
      ("version: 2\nfindings: []", 1, "‘version’ is ‘2’"),
      ("version: 1", 1, "the table lacks the key ‘findings’"),
      (
        "version: 1\nfindings:\n  - {name: a, chinese: 甲, kind: odd}", 3, "allowed: normal, disease"
      ),
      ("version: 1\nfindings:\n  - {name: A b, chinese: 甲, kind: sign}", 3, "small letters"),
      ("version: 1\nfindings:\n  - {name: a, kind: sign}", 3, "a lacks the key ‘chinese’"),
      ("version: 1\nfindings:\n  - {name: a, chinese: 甲, kind: sign, colour: 1}", 3, "‘colour’"),
      ("version: 1\nfindings: {a: b}", 2, "a list of at least one item"),
      ("version: 1\nfindings: [", 3, "is not valid YAML"),
      (
        "version: 1\nfindings:\n  - {name: a, chinese: 甲, kind: sign, synonyms: ['{乙']}", 3,
        "alternatives"
      ),
      (
        "version: 1\nfindings:\n  - {name: a, chinese: 甲, kind: sign}\n"
          + "  - {name: a, chinese: 乙, kind: sign}", 4, "the finding ‘a’ is there twice"
      ),
      ("version: 1\nversion: 1\nfindings: []", nil, "repeated key"),
      (
        "version: 1\nfindings:\n  - {name: a, chinese: 甲, kind: sign}\ncues:\n  denials: [无]", 5,
        "unknown key ‘denials’"
      ),
      (
        "version: 1\nfindings:\n  - {name: a, chinese: 甲, kind: sign}\ntraditional: [视視網]", 4,
        "pairs of characters"
      ),
      (
        "version: 1\nfindings:\n  - name: a\n    chinese: 甲\n    kind: sign\n    measure:\n"
          + "      names: [乙]\n      present_from: 0.6\n      uncertain_from: 0.7", 9,
        "‘uncertain_from’ is ‘0.7’, allowed: numbers up to present_from, which is 0.6"
      ),
      (
        "version: 1\nfindings:\n  - {name: a, chinese: 甲, kind: sign, located: {names: [乙]}}", 3,
        "located lacks the key ‘at’"
      ),
      (
        "version: 1\nfindings:\n  - {name: a, chinese: 甲, kind: sign, located: {names: [乙], at: [3]}}",
        3, "‘at’ has the wrong form, expected a text; quote 3"
      ),
      ("version: 1\nfindings:\n  - {name: a, chinese: true, kind: sign}", 3, "‘chinese’"),
      ("version: 1\nfindings:\n  - {name: a, chinese: 甲, english: ~, kind: sign}", 3, "‘english’"),
    ] as [(String, Int?, String)]
  )
  func whatIsWrongIsNamedWithItsLine(yaml: String, line: Int?, part: String) throws {
    let error = #expect(throws: ReportLabelsError.self) {
      try FindingTable(yaml: yaml, source: "own.yaml")
    }
    #expect(error?.description.contains(part) == true, "\(error?.description ?? "")")
    #expect(error?.description.hasPrefix("own.yaml") == true)
    if let line { #expect(error?.line == line) }
  }

  @Test func aMeasureMayHaveNoDoubtfulRange() throws {
    let yaml =
      Self.small + "  - { name: cup, chinese: 杯, kind: sign, "
      + "measure: { names: [c/d], uncertain_from: 0.5, present_from: 0.5 } }\n"
    let extractor = LabelExtractor(try FindingTable(yaml: yaml, source: "own.yaml"))
    #expect(extractor.labels(of: "C/D 0.5").evidence.map(\.state) == [.present])
    #expect(extractor.labels(of: "C/D 0.49").evidence.map(\.state) == [.negated])
  }

  @Test func aTextOfTwoFindingsIsRefused() {
    let yaml = Self.small + "  - { name: blood, chinese: 血, kind: sign, synonyms: [出血斑] }\n"
    #expect(throws: ReportLabelsError.self) { try FindingTable(yaml: yaml, source: "own.yaml") }
  }

  @Test func alternativesAreExpanded() {
    #expect(Alternatives.expanded("出血{灶|斑|}") == ["出血灶", "出血斑", "出血"])
    #expect(Alternatives.expanded("{a|b}{c|}") == ["ac", "a", "bc", "b"])
    #expect(Alternatives.expanded("a|b") == ["a|b"])
    #expect(Alternatives.expanded("{a|a}") == ["a"])
    for wrong in ["{a", "a}", "{a{b}}"] { #expect(Alternatives.expanded(wrong) == nil) }
  }

  @Test func charactersAreFolded() {
    let folding = CharacterFolding(traditional: [(0x8996, 0x89C6)])
    func text(_ text: String) -> String { String(decoding: folding.folded(text), as: UTF16.self) }
    #expect(text("Ｃ／Ｄ　（－）") == "c/d(-)")
    #expect(text("視 盘") == "视盘")
    #expect(text("hard   Exudate") == "hard exudate")
    #expect(text("【“a”】·b") == "(a)、b")
    #expect(text("⽬\u{200B}｡") == "目。")
  }
}
