/// Decides what a report says of each finding that it names.
///
/// One pass over the words. A cue before findings (未见, 考虑, 既往) holds for those behind it in the same
/// clause, also through lists with 、 and 及, until a word such as 可见 or 伴 begins another statement. A cue
/// behind findings (不明显, (-), 待排, 术后) holds for the nearest one and those that a list joins to it. An
/// eye holds until another is named.
struct ClauseReader {
  /// A cue whose reach goes on.
  struct Reach {
    var state: Evidence.State
    var cue: Range<Int>
    /// Whether it holds for the next finding only.
    var isSingle: Bool
    var used = false
    /// How many brackets were open where it stands.
    var depth: Int
  }

  /// A finding that is named.
  struct Mention {
    var finding: Int
    var state: Evidence.State = .present
    var eye: Eye
    var degree: Evidence.Degree?
    var range: Range<Int>
    var cue: Range<Int>?
    /// How the mention before it in the clause is joined to this one; nil where it isn't.
    var join: Join?
  }

  /// What stands between two findings of a list.
  enum Join { case list, conjunction }

  let scan: ReportScan
  let traits: [Lexicon.Traits]
  var mentions: [Mention] = []
  var reach: Reach?
  var eye: Eye = .unstated
  var clauseEyeToken: Int?
  var seenEyes: Set<Eye> = []
  var depth = 0
  var hasAdvice = false
  /// The index of the clause's first mention.
  var clauseStart = 0
  /// The first mention that cues behind findings may reach.
  var groupStart = 0
  var join: Join?
  /// The first token of the clause.
  var clauseToken = 0
  /// A denial that goes on behind a comma where nothing but lesions follows.
  var carried: Range<Int>?

  /// Prepares to read a report.
  ///
  /// - Parameters:
  ///   - scan: its words.
  ///   - traits: what is known of each finding.
  init(_ scan: ReportScan, _ traits: [Lexicon.Traits]) {
    self.scan = scan
    self.traits = traits
    mentions.reserveCapacity(8)
  }

  /// Reads the report.
  ///
  /// - Returns: what it says of each finding, in its order.
  mutating func evidence() -> [Evidence] {
    for index in scan.tokens.indices { read(index) }
    return mentions.map { mention in
      Evidence(
        finding: mention.finding,
        state: mention.state,
        eye: mention.eye,
        degree: mention.degree,
        span: scan.span(mention.range),
        cue: mention.cue.map(scan.span)
      )
    }
  }

  private mutating func read(_ index: Int) {
    let token = scan.tokens[index]
    let meaning = token.meaning
    if token.followsSpace, meaning.roles.contains(.subject) || meaning.eye != nil {
      endClause(at: index, keepsCarry: false)
    }
    if meaning.finding != nil {
      name(index)
      return
    }
    if let eye = meaning.eye { turn(to: eye, at: index) }
    if let degree = meaning.degree { grade(degree, at: index) }
    if meaning.roles.contains(.normalStatement), stateNormal(index) { return }
    if meaning.before != nil || meaning.after != nil { readCue(index) }
    readRoles(index)
  }

  private mutating func readRoles(_ index: Int) {
    let roles = scan.tokens[index].meaning.roles
    if roles.isEmpty { return }
    if roles.contains(.advice) { hasAdvice = true }
    if roles.contains(.list) || roles.contains(.conjunction) {
      let isList = roles.contains(.list) && !roles.contains(.conjunction)
      if groupStart < mentions.count { join = isList ? .list : .conjunction }
    }
    if roles.contains(.presence), !isCue(index) { readPresence() }
    if roles.contains(.section), next(index).map(isColon) ?? false, seenEyes.count > 1 {
      eye = .unstated
    }
    if roles.contains(.opening) { depth += 1 }
    if roles.contains(.closing) {
      depth = max(0, depth - 1)
      if let open = reach, open.depth > depth { reach = nil }
    }
    if roles.contains(.colon) { readColon(index) }
    if roles.contains(.question) { endClause(at: index + 1, keepsCarry: false) }
    if roles.contains(.comma) { endClause(at: index + 1, keepsCarry: true) }
    if roles.contains(.stop) {
      endClause(at: index + 1, keepsCarry: false)
      hasAdvice = false
    }
  }

  /// A word that begins a statement of its own.
  private mutating func readPresence() {
    if let open = reach, open.state == .negated || open.state == .uncertain { reach = nil }
    groupStart = mentions.count
    join = nil
  }

  /// 未见：出血 goes on, 黄斑：出血 begins anew; 出血：无 may still follow.
  private mutating func readColon(_ index: Int) {
    if let open = reach, !open.used { return }
    reach = nil
    join = nil
    clauseToken = index + 1
  }

  /// Ends a clause.
  ///
  /// - Parameters:
  ///   - index: the next clause's first token.
  ///   - keepsCarry: whether a denial may go on in a clause of nothing but lesions.
  private mutating func endClause(at index: Int, keepsCarry: Bool) {
    if keepsCarry, let open = reach, open.state == .negated, open.used,
      mentions.last.map({ traits[$0.finding].kind == .lesion }) ?? false
    {
      carried = open.cue
    } else if !keepsCarry || clauseStart < mentions.count {
      carried = nil
    }
    reach = nil
    join = nil
    clauseStart = mentions.count
    groupStart = mentions.count
    clauseToken = index
    clauseEyeToken = nil
    if let cue = carried {
      if holdsOnlyLesions(from: index) {
        reach = Reach(state: .negated, cue: cue, isSingle: false, depth: depth)
      } else {
        carried = nil
      }
    }
  }

  /// Whether a clause is a bare list of lesions.
  private func holdsOnlyLesions(from first: Int) -> Bool {
    guard first > 0, first < scan.tokens.count else { return false }
    var position = scan.tokens[first - 1].range.upperBound
    var count = 0
    for token in scan.tokens[first...] {
      let roles = token.meaning.roles
      guard scan.isBlank(position, token.range.lowerBound) else { return false }
      position = token.range.upperBound
      if !roles.isDisjoint(with: [.comma, .stop]) { return count > 0 }
      if let finding = token.meaning.finding {
        guard traits[finding].kind == .lesion else { return false }
        count += 1
      } else if roles.isDisjoint(with: [.list, .conjunction, .ignored]) {
        return false
      }
    }
    return count > 0 && position == scan.count
  }

  // MARK: Findings

  private mutating func name(_ index: Int) {
    let token = scan.tokens[index]
    guard let finding = token.meaning.finding else { return }
    var mention = Mention(finding: finding, eye: token.ratioEye ?? eye, range: token.range)
    if token.meaning.isMeasure {
      guard let ratio = token.ratio else { return }
      let traits = traits[finding]
      // ‘右眼C/D 0.8，左眼0.3’ turns to the left eye, ‘C/D：右0.8左0.3’ to neither.
      if let named = token.ratioEye, index > 0, scan.tokens[index - 1].ratio != nil,
        scan.tokens[index - 1].ratioEye == nil
      {
        eye = named
      }
      mention.state =
        ratio >= traits.presentFrom
        ? .present : ratio >= traits.uncertainFrom ? .uncertain : .negated
      reach = nil
    } else if let open = reach, !beginsAnew(index, finding) {
      mention.state = open.state
      mention.cue = open.cue
      reach?.used = true
      if open.isSingle { reach = nil }
    }
    mention.degree = degree(before: index)
    // Words that follow each other without a sign are a list, too.
    let isAdjacent = mentions.last.map { $0.range.upperBound == token.range.lowerBound } ?? false
    mention.join = groupStart < mentions.count ? join ?? (isAdjacent ? .list : nil) : nil
    join = nil
    mentions.append(mention)
  }

  /// Whether a finding behind others is no longer meant by the cue before them.
  ///
  /// 未见出血 白内障: behind white space a denial of lesions goes on for lesions only. 考虑糖尿病视网膜病变、出血:
  /// a doubt of diseases goes on for diseases only, since what is seen isn't doubted.
  private mutating func beginsAnew(_ index: Int, _ finding: Int) -> Bool {
    guard let open = reach, open.used, let last = mentions.last else { return false }
    let kinds = (traits[last.finding].kind, traits[finding].kind)
    let isApart = scan.tokens[index].followsSpace && join == nil
    let endsDenial = isApart && kinds.0 == .lesion && kinds.1 != .lesion
    let endsDoubt = open.state == .uncertain && kinds.0 == .disease && kinds.1 != .disease
    guard endsDenial || endsDoubt else { return false }
    reach = nil
    groupStart = mentions.count
    return true
  }

  /// The degree that stands before a finding, at most six characters away.
  private func degree(before index: Int) -> Evidence.Degree? {
    guard index > 0 else { return nil }
    let token = scan.tokens[index - 1]
    let distance = scan.tokens[index].range.lowerBound - token.range.upperBound
    return distance <= 6 ? token.meaning.degree : nil
  }

  /// A degree behind a finding: 白内障（轻度）.
  private mutating func grade(_ degree: Evidence.Degree, at index: Int) {
    let token = scan.tokens[index]
    if let following = next(index), scan.tokens[following].meaning.finding != nil { return }
    guard let last = mentions.indices.last, mentions[last].degree == nil,
      token.range.lowerBound - mentions[last].range.upperBound <= 2
    else { return }
    mentions[last].degree = degree
  }

  /// A clause of nothing but 未见异常 or 正常.
  ///
  /// - Returns: whether it is one.
  private mutating func stateNormal(_ index: Int) -> Bool {
    guard let normal = traits.firstIndex(where: { $0.kind == .normal }) else { return false }
    let token = scan.tokens[index]
    guard isEnd(of: token.range.upperBound, index + 1) else { return false }
    var position = clauseToken == 0 ? 0 : scan.tokens[clauseToken - 1].range.upperBound
    for earlier in scan.tokens[clauseToken..<index] {
      let isFrame = earlier.meaning.eye != nil || earlier.meaning.roles.contains(.section)
      guard isFrame, scan.isBlank(position, earlier.range.lowerBound) else { return false }
      position = earlier.range.upperBound
    }
    guard scan.isBlank(position, token.range.lowerBound) else { return false }
    mentions.append(Mention(finding: normal, eye: eye, range: token.range))
    return true
  }
}
