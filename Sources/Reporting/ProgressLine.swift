/// What a long job says while it runs: how much is done, how fast, and how long it will take.
///
/// Pure: the caller measures the time, and writes the texts.
package struct ProgressLine: Equatable, Sendable {
  /// What is being done, such as `Encoding`.
  package var label: String
  /// What is counted, such as `images`.
  package var unit: String
  /// How many there are; nil where unknown.
  package var total: Int?
  /// How many were done before the clock started, as after a resumption; they don't make the rate.
  package var alreadyDone: Int

  /// A job.
  ///
  /// - Parameters:
  ///   - label: what is being done.
  ///   - unit: what is counted, in the plural.
  ///   - total: how many there are; nil where unknown.
  ///   - alreadyDone: how many were done before the clock started.
  package init(label: String, unit: String, total: Int?, alreadyDone: Int = 0) {
    self.label = label
    self.unit = unit
    self.total = total
    self.alreadyDone = alreadyDone
  }

  /// How many are done per second.
  ///
  /// - Parameters:
  ///   - done: how many are done, those before the clock's start included.
  ///   - seconds: the time since the clock's start.
  /// - Returns: nil before the first or where no time has passed.
  package func rate(done: Int, seconds: Double) -> Double? {
    guard seconds > 0, seconds.isFinite, done > alreadyDone else { return nil }
    return Double(done - alreadyDone) / seconds
  }

  /// How many seconds are left at the rate so far.
  ///
  /// - Parameters:
  ///   - done: how many are done.
  ///   - seconds: the time since the clock's start.
  /// - Returns: nil where the total or the rate is unknown.
  package func secondsLeft(done: Int, seconds: Double) -> Double? {
    guard let total, let rate = rate(done: done, seconds: seconds) else { return nil }
    return Double(max(0, total - done)) / rate
  }

  /// A line for a file or a pipe.
  ///
  /// - Parameters:
  ///   - done: how many are done.
  ///   - seconds: the time since the clock's start.
  /// - Returns: e.g. `Encoding: 412 of 516 images (79 %), 35.2 images/s, 3.0 s left`.
  package func plainText(done: Int, seconds: Double) -> String {
    var words: [String]
    if let total {
      words = [
        "\(label): \(NumberFormat.count(done)) of \(NumberFormat.count(total)) \(unit(of: total)) "
          + "(\(percent(done, of: total)))"
      ]
    } else {
      words = ["\(label): \(NumberFormat.count(done)) \(unit(of: done))"]
    }
    return (words + timing(done: done, seconds: seconds)).joined(separator: ", ").terminalText
  }

  /// A line with a bar that a terminal overwrites, no wider than the terminal.
  ///
  /// - Parameters:
  ///   - done: how many are done.
  ///   - seconds: the time since the clock's start.
  ///   - style: the terminal's width, and whether escape sequences may be written.
  /// - Returns: e.g. `Encoding ━━━━━━━━──  412 of 516 images  79 %  35.2 images/s  3.0 s left`,
  ///   without a carriage return.
  package func terminalText(done: Int, seconds: Double, style: TerminalStyle) -> String {
    guard let total else {
      let line = plainText(done: done, seconds: seconds)
      return line.truncated(toDisplayWidth: style.width)
    }
    let counts = "\(NumberFormat.count(done)) of \(NumberFormat.count(total)) \(unit(of: total))"
    let words = [counts, percent(done, of: total)] + timing(done: done, seconds: seconds)
    let head = label.terminalText
    let tail = words.joined(separator: "  ").terminalText
    let room = style.width - head.displayWidth - tail.displayWidth - 3
    guard room >= 8 else { return "\(head)  \(tail)".truncated(toDisplayWidth: style.width) }
    let length = min(room, 40)
    let filled = total > 0 ? Int(Double(length) * share(done, of: total)) : length
    let bar =
      String(repeating: "━", count: filled)
      + style.faint(String(repeating: "─", count: length - filled))
    return "\(head) \(bar)  \(tail)"
  }

  /// Whether it is time to write again.
  ///
  /// - Parameters:
  ///   - done: how many are done.
  ///   - secondsSinceLast: the time since the last line; nil before the first.
  ///   - isTerminal: whether the line overwrites the last one.
  /// - Returns: true ten times a second on a terminal, every ten seconds elsewhere, and at the end.
  package func isDue(done: Int, secondsSinceLast: Double?, isTerminal: Bool) -> Bool {
    if let total, done >= total { return true }
    guard let secondsSinceLast else { return isTerminal }
    return secondsSinceLast >= (isTerminal ? 0.1 : 10)
  }

  /// The unit behind a number: the plural, but for one without its s.
  private func unit(of count: Int) -> String {
    count == 1 && unit.hasSuffix("s") ? String(unit.dropLast()) : unit
  }

  private func timing(done: Int, seconds: Double) -> [String] {
    guard let rate = rate(done: done, seconds: seconds) else { return [] }
    let speed = "\(NumberFormat.rate(rate)) \(unit)/s"
    guard let total else { return [speed] }
    if done >= total { return [speed, "took \(NumberFormat.duration(seconds))"] }
    let left = secondsLeft(done: done, seconds: seconds) ?? 0
    return [speed, "\(NumberFormat.duration(left)) left"]
  }

  private func share(_ done: Int, of total: Int) -> Double {
    min(1, max(0, Double(done) / Double(total)))
  }

  /// The share in whole per cent, rounded down: 100 % is said when all is done and not before.
  private func percent(_ done: Int, of total: Int) -> String {
    "\(total > 0 ? Int(share(done, of: total) * 100) : 100) %"
  }
}
