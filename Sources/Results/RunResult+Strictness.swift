import Foundation

/// What the types alone don't refuse: keys that no one reads, and numbers out of their range.
extension RunResult {
  /// The place of the first key in a file that this result did not take in.
  ///
  /// Every key that was read is also written, so a key that is missing after writing is unknown.
  ///
  /// - Parameters:
  ///   - source: the text that this result was read from.
  ///   - written: this result as text.
  /// - Returns: e.g. `metrics[3].confidence`, or nil where all keys are known.
  /// - Throws: `DecodingError` where a text is not JSON.
  static func unknownKey(in source: Data, comparedWith written: Data) throws -> String? {
    let decoder = JSONDecoder()
    return firstKey(
      of: try decoder.decode(Shape.self, from: source),
      notIn: try decoder.decode(Shape.self, from: written),
      at: []
    )
    .map(keyPath)
  }

  /// What is out of its range or contradicts the rest, as a malformed value; nil where all is well.
  func inconsistency() -> ResultsError.Reason? {
    if !(run.seconds >= 0) {
      return .malformed(keyPath: "run.seconds", detail: "expected 0 or more, found \(run.seconds)")
    }
    if let bad = dataset.inconsistentCount {
      return .malformed(
        keyPath: "dataset.\(bad.keyPath)",
        detail: "expected 0 or more, found \(bad.count)"
      )
    }
    if let bad = Self.disorderedInterval(in: metrics, at: "metrics") { return bad }
    for (index, record) in classMetrics.enumerated() {
      let place = "classMetrics[\(index)].metrics"
      if let bad = Self.disorderedInterval(in: record.metrics, at: place) { return bad }
    }
    return nil
  }

  private static func disorderedInterval(
    in metrics: [MetricRecord],
    at place: String
  ) -> ResultsError.Reason? {
    for (index, metric) in metrics.enumerated() {
      guard let interval = metric.confidenceInterval else { continue }
      let keyPath = "\(place)[\(index)].confidenceInterval"
      if interval.low > interval.high {
        return .malformed(
          keyPath: keyPath,
          detail: "expected low ≤ high, found \(interval.low) and \(interval.high)"
        )
      }
      if !(interval.level > 0 && interval.level < 1) {
        return .malformed(
          keyPath: keyPath + ".level",
          detail: "expected a number between 0 and 1, found \(interval.level)"
        )
      }
    }
    return nil
  }
}

extension DatasetRecord {
  /// The first count below 0 and its place in the data set's record.
  fileprivate var inconsistentCount: (keyPath: String, count: Int)? {
    if evaluatedCount < 0 { return ("evaluatedCount", evaluatedCount) }
    for (index, split) in splits.enumerated() {
      if split.usedCount < 0 { return ("splits[\(index)].usedCount", split.usedCount) }
      if let count = split.declaredCount, count < 0 {
        return ("splits[\(index)].declaredCount", count)
      }
    }
    for (index, entry) in classes.enumerated() where entry.count < 0 {
      return ("classes[\(index)].count", entry.count)
    }
    return nil
  }
}

/// A JSON value without its numbers and texts.
private indirect enum Shape: Decodable {
  case object([String: Shape])
  case list([Shape])
  case scalar
  case null

  init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    if container.decodeNil() {
      self = .null
    } else if let members = try? container.decode([String: Shape].self) {
      self = .object(members)
    } else if let elements = try? container.decode([Shape].self) {
      self = .list(elements)
    } else {
      self = .scalar
    }
  }
}

/// The path to the first key, in alphabetical order, that one value has and the other has not.
private func firstKey(
  of value: Shape,
  notIn known: Shape,
  at path: [any CodingKey]
) -> [any CodingKey]? {
  switch (value, known) {
  case (.object(let members), .object(let knownMembers)):
    for (name, member) in members.sorted(by: { $0.key < $1.key }) {
      let place = path + [Place(stringValue: name)]
      if let knownMember = knownMembers[name] {
        if let found = firstKey(of: member, notIn: knownMember, at: place) { return found }
      } else if case .null = member {
        continue
      } else {
        return place
      }
    }
  case (.list(let elements), .list(let knownElements)):
    for (index, pair) in zip(elements, knownElements).enumerated() {
      let place = path + [Place(intValue: index)]
      if let found = firstKey(of: pair.0, notIn: pair.1, at: place) { return found }
    }
  default: break
  }
  return nil
}

/// A step of a path into a JSON value.
private struct Place: CodingKey {
  var stringValue: String
  var intValue: Int?

  init(stringValue: String) { self.stringValue = stringValue }

  init(intValue: Int) {
    stringValue = String(intValue)
    self.intValue = intValue
  }
}
