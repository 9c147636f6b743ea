import Datasets
import Foundation
import Models
import Training

extension PretrainingConfiguration {
  /// Reads a configuration file; whatever it may not hold is an error with its line.
  ///
  /// Files that it names are looked for from its own folder.
  ///
  /// - Parameter path: the YAML file.
  /// - Throws: `DatasetsError` with file and line.
  package init(path: String) throws {
    guard FileManager.default.fileExists(atPath: path) else {
      throw DatasetsError(.notFound, path: path)
    }
    let text: String
    do {
      text = try String(contentsOf: URL(filePath: path), encoding: .utf8)
    } catch {
      throw DatasetsError(.unreadable(detail: error.localizedDescription), path: path)
    }
    try self.init(yaml: text, path: path)
  }

  /// Reads a configuration.
  ///
  /// - Parameters:
  ///   - yaml: the text.
  ///   - path: its file, for errors and for the files that it names.
  /// - Throws: `DatasetsError` with file and line.
  package init(yaml: String, path: String) throws {
    guard let value = try YAMLValue.parse(yaml, file: path) else {
      throw DatasetsError(.invalidYAML(detail: "the file is empty"), path: path)
    }
    let whole = try value.mapping(
      "a pre-training",
      allowed: [
        "name", "seed", "model", "pairs", "labels", "loss", "queue", "training", "ablation",
      ]
    )
    let reader = SectionReader(folder: URL(filePath: path).deletingLastPathComponent())
    self.path = path
    places = try Self.places(in: whole)
    name = try whole.require("name").identifier()
    seed = try whole["seed"].map { UInt64(try $0.integer(atLeast: 0)) } ?? 0
    start = try reader.start(try whole.require("model"))
    source = try reader.source(try whole.require("pairs"))
    labels = try whole["labels"].map(reader.labels) ?? Labels()
    ablation = try whole["ablation"].map { try AblationPlan($0) }
    if let ablation, ablation.queues == [.off] {
      try whole.refuse("queue", because: "an ablation whose `queue` has an arm with one")
    }
    changes = []
    if let loss = whole["loss"] { changes += try reader.loss(loss, in: ablation) }
    if let queue = whole["queue"] {
      changes += try reader.queue(queue, isAblation: ablation != nil)
    }
    if let training = whole["training"] { changes += try reader.training(training) }
  }

  /// Where sections and their keys are.
  private static func places(in whole: YAMLMapping) throws -> [String: String] {
    var places: [String: String] = [:]
    for section in whole.entries {
      places[section.key] = section.value.place
      guard ["loss", "queue", "training"].contains(section.key) else { continue }
      for entry in try section.value.mapping(section.key).entries {
        places["\(section.key).\(entry.key)"] = entry.value.place
      }
    }
    return places
  }
}

/// A change of settings that a file asks for.
typealias SettingsChange = (inout PretrainingSettings) -> Void

/// Reads the sections of a configuration file.
struct SectionReader {
  /// The file's folder.
  let folder: URL

  func path(_ value: YAMLValue) throws -> String {
    URL(filePath: try value.string(), relativeTo: folder).path(percentEncoded: false)
  }

  func start(_ value: YAMLValue) throws -> PretrainingConfiguration.Start {
    let section = try value.mapping(
      "model",
      allowed: ["checkpoint", "random", "image_size", "vocabulary"]
    )
    if let checkpoint = section["checkpoint"] {
      try section.refuse("random", because: "a model without `checkpoint`")
      for key in ["vocabulary", "image_size"] {
        try section.refuse(key, because: "a model without `checkpoint`, which has its own")
      }
      return .checkpoint(try path(checkpoint))
    }
    let name = try section.require("random").choice(
      among: Architecture.presets.filter { $0.text != nil }.map(\.name)
    )
    return .random(
      architecture: name,
      imageSize: try section["image_size"].map { try $0.integer(in: 14...1024) },
      vocabulary: try section["vocabulary"].map(path)
    )
  }

  func source(_ value: YAMLValue) throws -> PretrainingConfiguration.Source {
    let columns = ["image_column", "report_column", "group_column", "split_column"]
    let section = try value.mapping(
      "pairs",
      allowed: ["dataset", "table", "images", "validation_share"] + columns
    )
    if let dataset = section["dataset"] {
      for key in ["table", "images", "validation_share"] + columns {
        try section.refuse(key, because: "pairs without `dataset`, which has its own")
      }
      return .dataset(try dataset.identifier())
    }
    var file = PretrainingConfiguration.PairFile(
      table: try path(try section.require("table")),
      images: try path(try section.require("images"))
    )
    if let column = section["image_column"] { file.columns.image = try column.string() }
    if let column = section["report_column"] { file.columns.report = try column.string() }
    file.columns.group = try section["group_column"]?.string()
    file.columns.split = try section["split_column"]?.string()
    if let share = section["validation_share"] {
      file.validationShare = try share.number(in: 0.0001...0.9)
    }
    return .table(file)
  }

  func labels(_ value: YAMLValue) throws -> PretrainingConfiguration.Labels {
    let section = try value.mapping("labels", allowed: ["findings", "counts_suspected"])
    return PretrainingConfiguration.Labels(
      findings: try section["findings"].map(path),
      countsSuspected: try section["counts_suspected"].map { try $0.flag() } ?? false
    )
  }

  func loss(_ value: YAMLValue, in ablation: AblationPlan?) throws -> [SettingsChange] {
    let section = try value.mapping("loss", allowed: ["name", "gamma", "target_temperature"])
    if ablation != nil {
      try section.refuse("name", because: "without `ablation`, which names its losses")
    }
    var changes: [SettingsChange] = []
    let name = try section["name"].map({ try $0.choice(of: ContrastiveLoss.self) })
    if let name { changes.append { $0.objective.loss = name } }
    let losses = ablation?.losses ?? [name ?? .coupling]
    if !losses.contains(.coupling) {
      try section.refuse("gamma", because: "of the loss wsc, which weights its negatives")
    }
    if !losses.contains(.softTargets) {
      try section.refuse("target_temperature", because: "of the loss soft-targets")
    }
    if let gamma = try section["gamma"].map({ try $0.number(in: 0...16) }) {
      changes.append { $0.objective.gamma = gamma }
    }
    if let temperature = try section["target_temperature"].map({ try $0.number(in: 0.01...100) }) {
      changes.append { $0.objective.targetTemperature = temperature }
    }
    return changes
  }

  func queue(_ value: YAMLValue, isAblation: Bool) throws -> [SettingsChange] {
    let section = try value.mapping(
      "queue",
      allowed: ["length", "momentum", "warm_up_steps", "targets", "refill"]
    )
    if isAblation {
      try section.refuse("refill", because: "without `ablation`, whose `queue` says which entries")
    }
    var expansion = BatchExpansion()
    if let length = section["length"] {
      expansion.queueLength = try length.integer(in: 0...BatchExpansion.largestQueue)
      guard !isAblation || expansion.queueLength > 0 else {
        throw length.failure(
          .invalidValue(
            key: "length",
            found: "0",
            allowed:
              "1…\(BatchExpansion.largestQueue); arms without queue are asked for by `off` in "
              + "`ablation`: `queue`"
          )
        )
      }
      if expansion.queueLength == 0 {
        for key in ["momentum", "warm_up_steps", "targets", "refill"] {
          try section.refuse(key, because: "a queue whose length isn't 0")
        }
      }
    }
    if let momentum = section["momentum"] {
      expansion.momentum = try momentum.number(in: 0...0.999999)
    }
    expansion.warmUpSteps = try section["warm_up_steps"].map { try $0.integer(atLeast: 0) }
    if let targets = section["targets"] {
      expansion.targets = try targets.choice(of: BatchExpansion.Targets.self)
    }
    let refill = try section["refill"].map { try $0.choice(of: RefillRule.self) }
    let made = expansion.queueLength == 0 ? nil : expansion
    return [
      { settings in
        settings.expansion = made
        if let refill { settings.objective.refill = refill }
      }
    ]
  }
}
