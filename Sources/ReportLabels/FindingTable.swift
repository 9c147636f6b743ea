/// The expert knowledge: findings with their synonyms, and the words that deny, doubt or date them.
package struct FindingTable: Sendable {
  /// The findings; labels are in their order.
  package let findings: [Finding]
  /// What the words around findings mean, by text as written in the table.
  let cues: [(text: String, meaning: Meaning)]
  /// Pairs of a traditional and a simplified character.
  let traditional: [(UInt16, UInt16)]
  /// The file that the table was read from.
  let source: String

  /// The table that comes with the program.
  ///
  /// - Returns: 32 findings.
  /// - Throws: nothing in a program whose tests pass.
  package static func standard() throws -> FindingTable {
    try FindingTable(
      yaml: String(decoding: PackageResources.findings_yaml, as: UTF8.self),
      source: "findings.yaml"
    )
  }

  /// Reads a table.
  ///
  /// A table without `cues` or without `traditional` takes those that come with the program.
  ///
  /// - Parameters:
  ///   - yaml: the file's contents; the form is that of `findings.yaml` in this module.
  ///   - source: the file's path, for errors.
  /// - Throws: `ReportLabelsError` with the line of what is wrong.
  package init(yaml: String, source: String) throws {
    let file = try StrictNode.parse(yaml, source: source)
    try file.allow(["version", "findings", "cues", "traditional"], within: "the table")
    let version = try file.require("version", within: "the table")
    guard try version.scalar() == "1" else {
      throw version.failure(
        .invalidValue(key: "version", found: try version.scalar(), allowed: "1")
      )
    }
    let list = try file.require("findings", within: "the table").items()
    var findings: [Finding] = []
    for node in list {
      let finding = try Finding(node)
      guard !findings.contains(where: { $0.name == finding.name }) else {
        throw node.failure(.duplicateName(name: finding.name))
      }
      findings.append(finding)
    }
    self.findings = findings
    self.source = source
    let cueNode = try file["cues"]
    let traditionalNode = try file["traditional"]
    let standard = cueNode == nil || traditionalNode == nil ? try FindingTable.standard() : nil
    cues = try cueNode.map(Self.cues) ?? standard?.cues ?? []
    traditional = try traditionalNode.map(Self.pairs) ?? standard?.traditional ?? []
    _ = try Lexicon(self)
  }

  /// The index of a finding.
  ///
  /// - Parameter name: its English identifier.
  /// - Returns: its place in `findings` and in labels; nil where there is none of that name.
  package func index(of name: String) -> Int? { findings.firstIndex { $0.name == name } }

  private static func pairs(_ node: StrictNode) throws -> [(UInt16, UInt16)] {
    try node.items().flatMap { item in
      let codes = try item.text().unicodeScalars.map(\.value)
      guard codes.count.isMultiple(of: 2), codes.allSatisfy({ $0 < 0x10000 }) else {
        throw item.failure(
          .invalidValue(key: "traditional", found: try item.text(), allowed: "pairs of characters")
        )
      }
      return stride(from: 0, to: codes.count, by: 2).map {
        (UInt16(codes[$0]), UInt16(codes[$0 + 1]))
      }
    }
  }

  /// The states whose cues stand before or behind findings, by key.
  private static let states: [(key: String, state: Evidence.State)] = [
    ("denial", .negated), ("doubt", .uncertain), ("history", .history),
    ("unasserted", .unasserted),
  ]

  /// The other roles, by key.
  private static let roles: [(key: String, meaning: Meaning)] = [
    ("adjective", Meaning(roles: .adjective)), ("rule_out", Meaning(roles: .ruleOut)),
    ("presence", Meaning(roles: .presence)),
    ("ignored", Meaning(roles: .ignored)), ("advice", Meaning(roles: .advice)),
    ("normal_statement", Meaning(roles: .normalStatement)),
    ("section", Meaning(roles: .section)), ("subject", Meaning(roles: .subject)),
    ("list", Meaning(roles: .list)), ("conjunction", Meaning(roles: .conjunction)),
    ("left", Meaning(eye: .left)), ("right", Meaning(eye: .right)), ("both", Meaning(eye: .both)),
    ("mild", Meaning(degree: .mild)), ("moderate", Meaning(degree: .moderate)),
    ("severe", Meaning(degree: .severe)),
  ]

  private static func cues(_ node: StrictNode) throws -> [(text: String, meaning: Meaning)] {
    try node.allow(states.map(\.key) + roles.map(\.key), within: "cues")
    var cues: [(text: String, meaning: Meaning)] = []
    for (key, state) in states {
      guard let part = try node[key] else { continue }
      try part.allow(["before", "after", "both"], within: key)
      let sides = [
        ("before", Meaning(before: state)), ("after", Meaning(after: state)),
        ("both", Meaning(before: state, after: state)),
      ]
      for (side, meaning) in sides {
        cues += try part[side]?.alternatives().map { ($0, meaning) } ?? []
      }
    }
    for (key, meaning) in roles {
      cues += try node[key]?.alternatives().map { ($0, meaning) } ?? []
    }
    return cues
  }
}

extension Finding {
  /// Reads one finding.
  fileprivate init(_ node: StrictNode) throws {
    let keys = ["name", "english", "chinese", "kind", "synonyms", "measure", "located"]
    try node.allow(keys, within: "a finding")
    let nameNode = try node.require("name", within: "a finding")
    name = try nameNode.text()
    guard name.wholeMatch(of: /[a-z0-9][a-z0-9-]*/) != nil else {
      let allowed = "small letters, digits and hyphens"
      throw nameNode.failure(.invalidValue(key: "name", found: name, allowed: allowed))
    }
    chinese = try node.require("chinese", within: name).text()
    english = try node["english"]?.text() ?? name
    let kindNode = try node.require("kind", within: name)
    guard let kind = Kind(rawValue: try kindNode.text()) else {
      let allowed = Kind.allCases.map(\.rawValue).joined(separator: ", ")
      throw kindNode.failure(
        .invalidValue(key: "kind", found: try kindNode.text(), allowed: allowed)
      )
    }
    self.kind = kind
    let others = try node["synonyms"]?.alternatives() ?? []
    synonyms = [chinese] + others.filter { [chinese] in $0 != chinese }
    measure = try node["measure"].map(Measure.init)
    located = try node["located"].map { part in
      try part.allow(["names", "at"], within: "located")
      return Located(
        names: try part.require("names", within: "located").alternatives(),
        places: try part.require("at", within: "located").alternatives()
      )
    }
  }
}

extension Finding.Measure {
  /// Reads a ratio's names and thresholds.
  fileprivate init(_ node: StrictNode) throws {
    try node.allow(["names", "uncertain_from", "present_from"], within: "measure")
    names = try node.require("names", within: "measure").alternatives()
    let uncertainNode = try node.require("uncertain_from", within: "measure")
    uncertainFrom = try uncertainNode.number()
    presentFrom = try node.require("present_from", within: "measure").number()
    guard uncertainFrom <= presentFrom else {
      let allowed = "numbers up to present_from, which is \(presentFrom)"
      throw uncertainNode.failure(
        .invalidValue(key: "uncertain_from", found: "\(uncertainFrom)", allowed: allowed)
      )
    }
  }
}
