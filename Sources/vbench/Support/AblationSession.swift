import ArgumentParser
import Datasets
import Evaluation
import Foundation
import Pretraining
import Results
import Training

/// The trainings and evaluations of an ablation.
///
/// What an earlier command finished is kept where nothing that it is known to depend on has changed. Of a
/// trained checkpoint these are its own bytes, settings and seed, the bytes of the weights that it began
/// with, the pairs (``PairCollection/identity``: reports, and of photographs in files their sizes) and what
/// was read from reports; of scores also the catalog's text, the protocols and the program's version. With
/// the first alone, the checkpoint is evaluated anew. Not noticed are photographs in files whose bytes
/// changed and whose sizes didn't, and a change of the program that keeps version and rules: `--restart`
/// trains and evaluates everything anew.
struct AblationSession {
  private let session: PretrainingSession
  private let plan: AblationPlan
  private let catalog: DatasetCatalog
  private let selections: [(dataset: Dataset, tasks: [TaskDescription])]
  private let presets: [ProtocolPreset]
  /// All that scores depend on beside the checkpoint.
  private let evaluationIdentity: String

  private static let protocols = "zero-shot,linear-probe"

  /// Prepares an ablation.
  ///
  /// - Parameter session: whose configuration has a section `ablation`.
  /// - Throws: `CommandError` without one; `DatasetsError` for data sets that aren't known.
  init(_ session: PretrainingSession) throws {
    guard let plan = session.configuration.ablation else {
      throw CommandError("\(session.path) has no section ‘ablation’; run it without --ablate")
    }
    self.session = session
    self.plan = plan
    let catalog = try session.data.catalog()
    self.catalog = catalog
    do {
      selections = try plan.datasets.map(catalog.selection)
    } catch let error as DatasetsError {
      throw CommandError("\(session.path): \(error)", exitCode: .badData)
    }
    presets = try ProbeOptions.parse([]).presets(protocols: Self.protocols, canZeroShot: true)
    // The catalog's whole text, comments and all: to evaluate anew takes seconds.
    evaluationIdentity = hexadecimalSHA256(
      Data((plan.datasets + [Self.protocols, session.tool]).joined(separator: "\n").utf8)
        + (try Data(contentsOf: catalog.file))
    )
  }

  /// Trains and evaluates every arm, and writes the tables.
  ///
  /// - Throws: what a training or an evaluation throws.
  func run() throws {
    try checkPrompts()
    try session.check(plan)
    var table = AblationTable(plan)
    for seed in plan.seeds {
      for arm in plan.arms {
        table.add(try scores(of: arm, seed: seed), arm: arm, seed: seed)
      }
      // After each seed there is a table of what is known so far.
      try write(table)
    }
    if session.global.json {
      try printJSON(table.rows)
    } else {
      print(table.markdown, terminator: "")
    }
    let file = session.folder.appending(path: "ablation.md").path(percentEncoded: false)
    session.global.remark("wrote \(file) and ablation.csv")
  }

  private func scores(of arm: AblationPlan.Arm, seed: UInt64) throws -> AblationScores {
    let place = session.folder.appending(path: arm.name).appending(path: "seed-\(seed)")
    let file = place.appending(path: "scores.json")
    let run = try session.makeRun(in: place, seed: seed, arm)
    let kept =
      session.beginning == .anew ? nil : AblationScores.kept(at: file, training: run.identity)
    let cost: AblationScores.Cost
    if let kept, (try? fileSHA256(URL(filePath: run.checkpoint))) == kept.checkpoint {
      if kept.evaluation == evaluationIdentity,
        kept.cover(protocols: presets.map(\.settings.name), tasks: taskNames)
      {
        try removeLeftovers(of: run)
        return kept
      }
      cost = kept.cost
    } else {
      cost = AblationScores.Cost(try session.train(run, "\(arm.name), seed \(seed)"))
    }
    let scores = AblationScores(
      try evaluate(run, in: place),
      cost,
      training: run.identity,
      evaluation: evaluationIdentity,
      checkpoint: try fileSHA256(URL(filePath: run.checkpoint))
    )
    try scores.write(to: file)
    try removeLeftovers(of: run)
    return scores
  }

  /// As scores call them.
  private var taskNames: [String] {
    selections.flatMap { dataset, tasks in tasks.map { "\(dataset.name)/\($0.name)" } }
  }

  /// Removes what only an unfinished training or evaluation needs; one that was killed left it there.
  private func removeLeftovers(of run: PretrainingRun) throws {
    try run.removeStates()
    try? FileManager.default.removeItem(at: features(of: run))
  }

  /// Where features are kept from one protocol to the next.
  private func features(of run: PretrainingRun) -> URL { run.folder.appending(path: "features") }

  /// What is wrong with prompts is found before anything is trained.
  private func checkPrompts() throws {
    for preset in presets {
      guard case .zeroShot(let settings) = preset.settings else { continue }
      for task in selections.flatMap(\.tasks) {
        _ = try ZeroShotClassifier.sentences(of: task, settings)
      }
    }
  }

  /// The runs' results.
  ///
  /// Features are kept from one protocol to the next only, and no intervals are made:
  /// those of an ablation are over seeds.
  private func evaluate(_ run: PretrainingRun, in place: URL) throws -> [RunResult] {
    let features = features(of: run).path(percentEncoded: false)
    defer { try? FileManager.default.removeItem(atPath: features) }
    let evaluation = try EvaluationSession(
      checkpoint: run.checkpoint,
      run: try RunOptions.parse([
        "--output", place.path(percentEncoded: false), "--bootstrap", "0", "--cache", features,
      ]),
      global: session.global,
      features: nil
    )
    let roots = try session.data.dataRoots(catalog)
    for (dataset, tasks) in selections { evaluation.evaluate(dataset, tasks, presets, roots) }
    return try evaluation.finishedResults()
  }

  private func write(_ table: AblationTable) throws {
    for (name, text) in [("ablation.md", table.markdown), ("ablation.csv", table.csv)] {
      try OutputFile.write(text, to: session.folder.appending(path: name))
    }
  }
}
