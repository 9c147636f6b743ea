import Checkpoints
import Foundation
import Models
import Testing

/// A folder with a tiny encoder and a drawn data set that the program can be trained on in seconds.
struct TrainingScene {
  let program: Program

  /// Writes the encoder and the set's description.
  init() throws {
    program = try Program()
    let architecture = Architecture(
      name: "tiny",
      vision: .transformer(
        VisionTransformerArchitecture(
          layout: .dinov2,
          imageSize: 32,
          patchSize: 8,
          positionGrid: 4,
          width: 64,
          layers: 2,
          heads: 2,
          hiddenWidth: 64
        )
      )
    )
    try RandomCheckpoint.write(to: program.path("tiny.h5"), architecture, seed: 1, tool: "tests")
    try program.write(Data(Self.description.utf8), to: "sets.yaml")
  }

  /// Forty drawn photographs.
  private static let description = """
    - name: drawn
      version: 1
      title: Forty drawn photographs
      adapter: synthetic
      generator: { seed: 5, count: 40, size: 64, difficulty: 0.3 }
      splits: { train: { count: 24 }, validation: { count: 8 }, test: { count: 8 } }
      tasks:
        disease:
          title: The eye's disease
          kind: multiclass
          column: disease
          classes: [normal, diabetic-retinopathy, macular-degeneration, glaucoma, myopia]
        haemorrhage:
          title: Findings
          kind: multilabel
          classes: [haemorrhage, drusen]
      license: none
      source: { title: Drawn by vbench }
    """

  /// The arguments of a fine-tuning that is evaluated.
  ///
  /// - Parameters:
  ///   - output: the folder of reports.
  ///   - more: further arguments.
  /// - Returns: what follows the program's name.
  func evaluation(output: String, _ more: String...) -> [String] {
    [
      "evaluate", "--checkpoint", "tiny.h5", "--dataset", "drawn/disease", "--datasets",
      "sets.yaml",
      "--output", output, "--cache", "\(output)-cache", "--bootstrap", "0", "--threads", "2",
    ] + more
  }

  /// The names of files below a folder, where it exists.
  func files(below folder: String) -> [String] {
    (try? FileManager.default.subpathsOfDirectory(atPath: program.path(folder))) ?? []
  }

  /// The scores of all repeats of the only run below a folder of reports, N × K each.
  func scores(below output: String) throws -> [[Double]] {
    let names = files(below: "\(output)/runs").filter { $0.hasSuffix("/predictions.h5") }
    try #require(names.count == 1, "\(names)")
    let file = try HDF5File(reading: program.path("\(output)/runs/\(names[0])"))
    var scores: [[Double]] = []
    while file.contains("/repeats/\(scores.count)/scores") {
      scores.append(try file.read("/repeats/\(scores.count)/scores", as: Double.self).values)
    }
    return scores
  }

  /// What is measured, epoch by epoch and repeat by repeat, as JSON that can be compared.
  func measured(_ outcome: Program.Outcome) throws -> Data {
    let results = try #require(
      JSONSerialization.jsonObject(with: Data(outcome.output.utf8)) as? [[String: Any]],
      "\(outcome.output)\(outcome.error)"
    )
    let result = try #require(results.first)
    let parts = ["metrics", "repeats", "training"].map { result[$0] ?? NSNull() }
    return try JSONSerialization.data(withJSONObject: parts, options: [.sortedKeys])
  }

  /// Waits until a training below a folder of reports has saved its state, or the process ends.
  func waitForState(below output: String, of process: Process) {
    let deadline = ContinuousClock.now + .seconds(60)
    while process.isRunning, ContinuousClock.now < deadline {
      if files(below: "\(output)/training").contains(where: { $0.hasSuffix("/state.h5") }) {
        return
      }
      Thread.sleep(forTimeInterval: 0.01)
    }
  }
}
