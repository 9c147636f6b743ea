import Results

/// The runs that can be compared: the same task on the same split of the same data set.
struct ReportSection: Equatable, Sendable {
  /// The data set and task, such as `idrid-grading (version 1), dr-grade`.
  var title: String
  /// What holds for the whole table: split, size, intervals, repeats.
  var facts: [String]
  /// A row per run, a column per metric.
  var table: ReportTable
  /// What the table's marks refer to.
  var footnotes: [String]
  /// The samples left out, one line each.
  var exclusions: [String]
  /// The runs, in the order of the rows.
  var results: [RunResult]
  /// The figures from elsewhere that stand beside them.
  var published: [PublishedResult]

  /// Puts any runs together by task, in the order in which tasks first appear.
  ///
  /// - Parameters:
  ///   - results: the runs.
  ///   - published: figures from elsewhere; each goes where a run is of its data and protocol.
  /// - Returns: a section per task.
  static func sections(
    of results: [RunResult],
    _ published: [PublishedResult]
  ) -> [ReportSection] {
    var keys: [SectionKey] = []
    var groups: [SectionKey: [RunResult]] = [:]
    for result in results {
      let key = SectionKey(result.dataset)
      if groups[key] == nil { keys.append(key) }
      groups[key, default: []].append(result)
    }
    return keys.compactMap { key in
      groups[key].map { ReportSection(key: key, results: $0, published: published) }
    }
  }

  private init(key: SectionKey, results: [RunResult], published: [PublishedResult]) {
    var footnotes = Footnotes()
    let published = published.filter { published in
      results.contains(where: published.isComparable)
    }
    title = key.title
    table = runTable(results, published, &footnotes)
    self.footnotes = footnotes.texts
    self.published = published
    facts = sectionFacts(key, results)
    if !published.isEmpty {
      facts.append("differences: the run's value less the one from elsewhere, before rounding")
    }
    exclusions = exclusionLines(results)
    self.results = results
  }

  /// Whether a value of the table is marked as the best.
  var hasBest: Bool {
    table.rows.contains { $0.contains(where: \.isBest) }
  }
}

/// What runs must share to stand in one table.
struct SectionKey: Hashable {
  var dataset: String
  var version: Int
  var task: String?
  var split: String

  init(_ record: DatasetRecord) {
    dataset = record.name
    version = record.version
    task = record.task
    split = record.evaluatedSplit
  }

  /// The data set with its version, and the task.
  var title: String {
    "\(dataset) (version \(version))" + (task.map { ", \($0)" } ?? "")
  }
}

/// What holds for all runs of a section.
private func sectionFacts(_ key: SectionKey, _ results: [RunResult]) -> [String] {
  var facts: [String] = []
  let counts = Set(results.map(\.dataset.evaluatedCount))
  if let count = counts.first, counts.count == 1 {
    facts.append("\(key.split) split, \(NumberFormat.count(count, "sample"))")
  } else {
    facts.append("\(key.split) split, of different sizes: see column n")
  }
  for split in unique(results.flatMap(\.dataset.splits)) {
    guard let declared = split.declaredCount, declared != split.usedCount else { continue }
    facts.append(
      "\(split.name) split: \(NumberFormat.count(declared, "sample")) declared, "
        + "\(NumberFormat.count(split.usedCount)) used"
    )
  }
  let intervals = unique(results.flatMap(\.metrics).compactMap(\.confidenceInterval?.kind))
  facts += intervals.map { "in brackets: " + $0 }
  let repeats = unique(results.compactMap(\.repeatsFact))
  facts += repeats.map { "after ±: " + $0 }
  return facts
}

extension ConfidenceInterval {
  /// What the interval is, such as `95 % interval, bootstrap-percentile, 1,000 resamples`.
  fileprivate var kind: String {
    "\(NumberFormat.percent(level)) interval, \(method)"
      + (replicates.map { ", \(NumberFormat.count($0)) resamples" } ?? "")
  }
}

extension RunResult {
  /// How often the run was repeated; nil for once.
  fileprivate var repeatsFact: String? {
    guard repeats.count > 1 else { return nil }
    let seeds = repeats.map { String($0.seed) }.joined(separator: ", ")
    return "standard deviation of \(repeats.count) repeats (seeds \(seeds)) around their mean"
  }
}

/// The samples left out of any run, each once, and in how many runs where not in all.
private func exclusionLines(_ results: [RunResult]) -> [String] {
  let all = unique(results.flatMap(\.dataset.exclusions))
  return all.map { exclusion in
    let runs = results.filter { $0.dataset.exclusions.contains(exclusion) }
    let place = exclusion.split.map { " (\($0))" } ?? ""
    let only =
      runs.count == results.count ? "" : " (left out of \(runs.count) of \(results.count) runs)"
    return "\(exclusion.name)\(place): \(exclusion.reason)\(only)"
  }
}

/// The elements without repetitions, in order of appearance.
func unique<Element: Equatable>(_ elements: [Element]) -> [Element] {
  elements.reduce(into: []) { if !$0.contains($1) { $0.append($1) } }
}
