import Datasets
package import Foundation
package import Results

/// The figures from elsewhere that runs are compared with: the content of `published.yaml`.
package struct PublishedCatalog: Sendable {
  /// In the order of the file.
  package let results: [PublishedResult]

  /// Reads a file.
  ///
  /// - Parameters:
  ///   - file: a YAML file with the schema that the head of the shipped `published.yaml` documents.
  ///   - names: what protocols, presets and metrics are called.
  /// - Throws: `DatasetsError` with file, line and column for whatever the schema doesn't allow.
  package init(file: URL, names: PublishedNames = .known) throws {
    try self.init(try YAMLValue.read(file), names: names)
  }

  /// Reads a text.
  ///
  /// - Parameters:
  ///   - text: YAML as in a file.
  ///   - file: the path of the file that it stands for, for errors.
  ///   - names: what protocols, presets and metrics are called.
  /// - Throws: as `init(file:names:)`.
  package init(text: String, file: String, names: PublishedNames = .known) throws {
    try self.init(try YAMLValue.parse(text, file: file), names: names)
  }

  /// Reads the file that the program works with.
  ///
  /// - Returns: the content of the first `published.yaml` of `ShippedFile.usualPlaces`; nothing where
  ///   there is none.
  /// - Throws: `DatasetsError` where the file found is wrong.
  package static func load() throws -> PublishedCatalog {
    guard let file = ShippedFile.find("published.yaml") else { return try Self(nil, names: .known) }
    return try PublishedCatalog(file: file)
  }

  private init(_ document: YAMLValue?, names: PublishedNames) throws {
    var results: [PublishedResult] = []
    var lines: [String] = []
    for item in try document?.items() ?? [] {
      let result = try PublishedReader(item, names: names).result()
      if let first = results.firstIndex(where: { $0.isSameEntry(as: result) }) {
        let line = lines[first].split(separator: ":").last.flatMap { Int($0) } ?? 0
        throw item.failure(.duplicateName(name: result.model, firstLine: line))
      }
      results.append(result)
      lines.append(item.place)
    }
    self.results = results
  }
}

extension PublishedResult {
  /// Whether both state the same thing, whatever its numbers.
  fileprivate func isSameEntry(as other: PublishedResult) -> Bool {
    var copy = self
    (copy.count, copy.figures, copy.notes) = (other.count, other.figures, other.notes)
    return copy == other
  }
}

/// Reads one entry of `published.yaml`; what the schema does not know is an error with its place.
private struct PublishedReader {
  private static let keys = [
    "model", "origin", "dataset", "task", "split", "count", "protocol", "preset", "metrics",
    "source", "notes",
  ]

  private let entry: YAMLMapping
  private let names: PublishedNames
  private let origin: PublishedResult.Origin

  init(_ value: YAMLValue, names: PublishedNames) throws {
    entry = try value.mapping("the entry", allowed: Self.keys)
    self.names = names
    origin = try entry.require("origin").choice(of: PublishedResult.Origin.self)
  }

  /// The whole entry.
  func result() throws -> PublishedResult {
    let name = try entry.require("protocol").choice(among: names.presets.keys.sorted())
    return PublishedResult(
      model: try entry.require("model").string(),
      origin: origin,
      dataset: try entry.require("dataset").identifier(),
      task: try entry.require("task").identifier(),
      split: try entry.require("split").choice(among: ["train", "validation", "test"]),
      count: try entry.require("count").integer(atLeast: 1),
      protocolName: name,
      preset: try entry["preset"]?.choice(among: names.presets[name] ?? []),
      figures: try figures(),
      source: try source(),
      notes: try entry["notes"]?.string()
    )
  }

  /// The metrics: those that are no average by their identifier, averages below their kind.
  private func figures() throws -> [PublishedFigure] {
    let value = try entry.require("metrics")
    let averages = [Averaging.macro, .micro, .weighted, .samples]
    let identifiers = names.metrics.keys.sorted()
    let allowed = identifiers + averages.map(\.rawValue)
    var figures: [PublishedFigure] = []
    for item in try value.mapping("metrics", allowed: allowed).entries {
      guard let averaging = averages.first(where: { $0.rawValue == item.key }) else {
        figures.append(try figure(item, .none))
        continue
      }
      let entries = try item.value.mapping(item.key, allowed: identifiers).entries
      figures += try entries.map { try figure($0, averaging) }
    }
    guard !figures.isEmpty else {
      let reason = DatasetsError.Reason.invalidValue(
        key: "metrics",
        found: "{}",
        allowed: "at least one metric"
      )
      throw value.failure(reason)
    }
    return figures
  }

  private func figure(_ item: YAMLMapping.Entry, _ averaging: Averaging) throws -> PublishedFigure {
    let range = names.metrics[item.key] ?? -.greatestFiniteMagnitude ... .greatestFiniteMagnitude
    return PublishedFigure(
      identifier: item.key,
      averaging: averaging,
      value: try item.value.number(in: range)
    )
  }

  /// The source: it can be looked up, and figures that stand in it have their place there.
  private func source() throws -> PublishedSource {
    let value = try entry.require("source")
    let mapping = try value.mapping("source", allowed: ["title", "doi", "arxiv", "url", "place"])
    guard ["doi", "arxiv", "url"].contains(where: { mapping[$0] != nil }) else {
      throw value.failure(.missingKey(key: "doi", within: "source (or ‘arxiv’, or ‘url’)"))
    }
    var place: String?
    switch origin {
    case .published: place = try mapping.require("place").string()
    case .releasedWeights:
      try mapping.refuse("place", because: "with the origin published only")
    }
    return PublishedSource(
      title: try mapping.require("title").string(),
      doi: try mapping["doi"]?.string(),
      arxiv: try mapping["arxiv"]?.string(),
      url: try mapping["url"]?.string(),
      place: place
    )
  }
}
