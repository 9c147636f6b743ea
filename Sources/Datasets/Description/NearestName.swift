/// The name that was probably meant.
///
/// - Parameters:
///   - name: what was written.
///   - candidates: what can be written.
/// - Returns: the closest candidate by edit distance, case ignored, if at most a third of its
///   letters (and no less than two are allowed) differ; the first of equally close ones.
func nearestName(to name: String, among candidates: [String]) -> String? {
  let scored = candidates.map { ($0, editDistance(name.lowercased(), $0.lowercased())) }
  guard let best = scored.min(by: { $0.1 < $1.1 }) else { return nil }
  return best.1 <= max(2, best.0.count / 3) && best.1 < best.0.count ? best.0 : nil
}

/// `" (did you mean ‘…’?)"`, or nothing where no candidate is close.
func suggestion(for name: String, among candidates: [String]) -> String {
  nearestName(to: name, among: candidates).map { " (did you mean ‘\($0)’?)" } ?? ""
}

/// How many insertions, deletions and replacements of a letter turn `first` into `second`.
///
/// - Complexity: O(mn) for m and n letters.
/// - Source: Wagner, Fischer, "The string-to-string correction problem", J. ACM 21(1), 1974.
func editDistance(_ first: String, _ second: String) -> Int {
  let target = Array(second)
  var previous = Array(0...target.count)
  for (row, letter) in first.enumerated() {
    var current = [row + 1]
    for (column, other) in target.enumerated() {
      let replaced = previous[column] + (letter == other ? 0 : 1)
      current.append(min(replaced, previous[column + 1] + 1, current[column] + 1))
    }
    previous = current
  }
  return previous[target.count]
}
