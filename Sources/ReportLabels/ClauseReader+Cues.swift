extension ClauseReader {
  /// How far behind a finding a cue may stand, in characters.
  private static let nearby = 4
  /// How far 术后 may stand behind: operations have long names.
  private static let nearbyHistory = 16
  /// How far before its first finding a cue may stand.
  private static let ahead = 14

  /// Applies a cue to the findings before it, or lets it reach those behind it.
  ///
  /// - Parameter index: the cue's token.
  mutating func readCue(_ index: Int) {
    let token = scan.tokens[index]
    let isQuestion = token.meaning.roles.contains(.question)
    var before = token.meaning.before
    var after = token.meaning.after
    if hasAdvice, token.meaning.roles.contains(.ruleOut) {
      before = .uncertain
      after = .uncertain
    }
    // ‘青光眼？白内障’ doubts the first, ‘？青光眼’ what follows.
    if isQuestion, let state = after, apply(state, index) { return }
    if let state = before, reachesFinding(index) {
      if reach?.state == .unasserted { return }
      reach = Reach(
        state: reach?.state == .negated && state == .history ? .negated : state,
        cue: token.range,
        isSingle: isAdjective(index),
        depth: depth
      )
      groupStart = mentions.count
      join = nil
    } else if let state = after, !isQuestion {
      _ = apply(state, index)
    }
  }

  /// Whether a cue of denial, doubt and so on reaches a finding before or behind it.
  func isCue(_ index: Int) -> Bool {
    let meaning = scan.tokens[index].meaning
    return meaning.before != nil || meaning.after != nil
  }

  /// 可疑 and ? are said of the next finding only, 考虑 of a list.
  private func isAdjective(_ index: Int) -> Bool {
    !scan.tokens[index].meaning.roles.isDisjoint(with: [.question, .adjective])
  }

  /// Whether a finding follows in the clause before another statement begins.
  private func reachesFinding(_ index: Int) -> Bool {
    let token = scan.tokens[index]
    var end = token.range.upperBound
    let state = token.meaning.before
    for following in scan.tokens[(index + 1)...] {
      guard following.range.lowerBound - end <= Self.ahead else { return false }
      let meaning = following.meaning
      let roles = meaning.roles
      if meaning.finding != nil { return !meaning.isMeasure }
      if following.followsSpace, meaning.eye != nil || roles.contains(.subject) { return false }
      if !roles.isDisjoint(with: [.comma, .stop, .closing, .question]) { return false }
      if !roles.isDisjoint(with: [.list, .conjunction]), end == following.range.lowerBound,
        end == token.range.upperBound
      {
        return false
      }
      if roles.contains(.colon), following.range.lowerBound != token.range.upperBound {
        return false
      }
      if roles.contains(.presence), state == .negated || state == .uncertain { return false }
      if meaning.before == .negated, state != .unasserted { return false }
      end = following.range.upperBound
    }
    return false
  }

  /// Applies a cue to the nearest finding before it and to those joined to it.
  ///
  /// - Returns: whether there was one.
  private mutating func apply(_ state: Evidence.State, _ index: Int) -> Bool {
    let token = scan.tokens[index]
    guard groupStart < mentions.count, let last = mentions.indices.last else { return false }
    let limit = state == .history ? Self.nearbyHistory : Self.nearby
    guard token.range.lowerBound - mentions[last].range.upperBound <= limit else { return false }
    // A lone ‘-’ denies at the end of a clause only.
    if token.range.count == 1, state == .negated, token.meaning.before == nil,
      !isEnd(of: token.range.upperBound, index + 1)
    {
      return false
    }
    var position = last
    while true {
      change(position, to: state, token.range)
      guard position > groupStart, let join = mentions[position].join else { break }
      guard join == .conjunction || state == .negated else { break }
      position -= 1
    }
    return true
  }

  /// Changes a state that is already read: a denial stays against doubts and history.
  private mutating func change(
    _ position: Int,
    to state: Evidence.State,
    _ cue: Range<Int>
  ) {
    switch (mentions[position].state, state) {
    case (.negated, .uncertain), (.negated, .history), (.unasserted, _), (.history, .uncertain):
      return
    default:
      mentions[position].state = state
      mentions[position].cue = cue
    }
  }

  // MARK: Eyes

  /// Reads an eye: before what it is about, or behind it as in 白内障（左眼）.
  mutating func turn(to eye: Eye, at index: Int) {
    let token = scan.tokens[index]
    let isFirst = clauseEyeToken == nil
    seenEyes.formUnion(eye == .both ? [.left, .right] : [eye])
    if isFirst, clauseStart < mentions.count, isEnd(of: token.range.upperBound, index + 1) {
      for position in clauseStart..<mentions.count { mentions[position].eye = eye }
      return
    }
    let previous = clauseEyeToken
    clauseEyeToken = index
    if let previous,
      mentions.last.map({ $0.range.upperBound <= scan.tokens[previous].range.lowerBound })
        ?? true, index - previous == 2, isJoint(index - 1), self.eye != eye
    {
      self.eye = .both
    } else {
      self.eye = eye
    }
    // ‘否认双眼白内障’ goes on, ‘右眼未见出血左眼白内障’ begins anew.
    if reach?.used == true { reach = nil }
    groupStart = mentions.count
    join = nil
  }

  private func isJoint(_ index: Int) -> Bool {
    !scan.tokens[index].meaning.roles.isDisjoint(with: [.list, .conjunction])
  }

  // MARK: Places

  /// The next token in reach that isn't a bracket.
  func next(_ index: Int) -> Int? { index + 1 < scan.tokens.count ? index + 1 : nil }

  /// Whether a token is a colon.
  func isColon(_ index: Int) -> Bool { scan.tokens[index].meaning.roles.contains(.colon) }

  /// Whether a clause ends at a place: the report does, or a sign, a bracket or white space follows.
  ///
  /// - Parameters:
  ///   - position: the place among the folded characters.
  ///   - index: the token that may stand there.
  /// - Returns: whether it ends.
  func isEnd(of position: Int, _ index: Int) -> Bool {
    if position >= scan.count { return true }
    guard index < scan.tokens.count, scan.tokens[index].range.lowerBound == position else {
      return false
    }
    let token = scan.tokens[index]
    return token.followsSpace
      || !token.meaning.roles.isDisjoint(with: [.comma, .stop, .closing, .question])
  }
}
