/// What a text of the table stands for.
///
/// A cue may have several roles, a term has none but its own.
struct Meaning: Sendable, Equatable {
  /// Roles that need no further data.
  struct Roles: OptionSet, Sendable {
    let rawValue: UInt16
    /// Ends the reach of denials and doubts.
    static let presence = Roles(rawValue: 1)
    /// Holds a text that would be misread; of no effect itself.
    static let ignored = Roles(rawValue: 2)
    /// A denial that is a doubt after advice.
    static let ruleOut = Roles(rawValue: 4)
    /// Advice on what to do next.
    static let advice = Roles(rawValue: 8)
    /// The heading of a conclusion.
    static let section = Roles(rawValue: 16)
    /// A structure of the eye; begins a new clause after a space.
    static let subject = Roles(rawValue: 32)
    /// A sign between the items of a list.
    static let list = Roles(rawValue: 64)
    /// A word between the items of a list.
    static let conjunction = Roles(rawValue: 128)
    /// Says, alone in a clause, that the fundus is normal.
    static let normalStatement = Roles(rawValue: 256)
    /// `,` or `(` and the like: ends a clause.
    static let comma = Roles(rawValue: 512)
    /// `。`, `;`, a line's end: ends a sentence.
    static let stop = Roles(rawValue: 1024)
    static let colon = Roles(rawValue: 2048)
    static let opening = Roles(rawValue: 4096)
    static let closing = Roles(rawValue: 8192)
    /// `?`, which both doubts and ends a clause.
    static let question = Roles(rawValue: 16384)
    /// A doubt of the next finding only.
    static let adjective = Roles(rawValue: 32768)
  }

  /// The finding that the text names.
  var finding: Int?
  /// Whether the text names a ratio whose number decides the finding.
  var isMeasure = false
  /// Whether the text names the finding only behind one of the finding's places.
  var isLocated = false
  /// What the text says of findings behind it.
  var before: Evidence.State?
  /// What the text says of findings before it.
  var after: Evidence.State?
  var eye: Eye?
  var degree: Evidence.Degree?
  var roles: Roles = []

  /// Joins another meaning of the same text.
  ///
  /// - Parameter other: the other meaning.
  /// - Returns: false, and changes nothing, where they contradict each other.
  mutating func join(_ other: Meaning) -> Bool {
    if self == other { return true }
    guard finding == nil, other.finding == nil else { return false }
    func agree<Value: Equatable>(_ first: Value?, _ second: Value?) -> Bool {
      first == nil || second == nil || first == second
    }
    guard agree(before, other.before), agree(after, other.after), agree(eye, other.eye),
      agree(degree, other.degree)
    else { return false }
    before = before ?? other.before
    after = after ?? other.after
    eye = eye ?? other.eye
    degree = degree ?? other.degree
    roles.formUnion(other.roles)
    return true
  }

  /// What the text stands for, for errors.
  func description(_ findings: [Finding]) -> String {
    if let finding { return "the finding ‘\(findings[finding].name)’" }
    if let state = before ?? after { return "a cue (\(state.rawValue))" }
    if let eye { return "an eye (\(eye.rawValue))" }
    if let degree { return "a degree (\(degree.rawValue))" }
    return "a word between findings"
  }

  /// The signs that part clauses.
  static let punctuation: [(texts: [String], roles: Roles)] = [
    ([",", "—", "…", "~"], .comma),
    (["。", ";", "!", "\n", ".", "|"], .stop),
    ([":"], .colon),
    (["("], .opening),
    ([")"], .closing),
  ]
}
