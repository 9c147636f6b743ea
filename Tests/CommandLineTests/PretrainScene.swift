import Foundation
import Models

/// A folder with a drawn data set and configurations.
struct PretrainScene {
  let program: Program

  init() throws {
    program = try Program()
    try write(Self.sets, to: "sets.yaml")
    try write(
      """
      name: small
      seed: 3
      model: { random: vilref-small, image_size: 64 }
      pairs: { dataset: drawn }
      queue: { length: 16, refill: all, momentum: 0.9 }
      training: { epochs: 5, batch: 8, learning_rate: 1e-3, warm_up_epochs: 0.5 }
      """,
      to: "small.yaml"
    )
  }

  /// Writes a checkpoint of random weights that is trained in a moment.
  func writeTinyCheckpoint(to name: String) throws {
    let tokens = ["[PAD]", "[UNK]", "[CLS]", "[SEP]"] + "正常眼底视网膜出血无".map(String.init)
    let architecture = Architecture(
      name: "tiny",
      vision: .transformer(
        VisionTransformerArchitecture(
          layout: .clip,
          imageSize: 32,
          patchSize: 8,
          positionGrid: 4,
          width: 32,
          layers: 1,
          heads: 2,
          hiddenWidth: 64,
          projectionWidth: 16
        )
      ),
      text: TextArchitecture(
        vocabularySize: tokens.count,
        width: 32,
        layers: 1,
        heads: 2,
        hiddenWidth: 64,
        positions: 32,
        segmentKinds: 2,
        projectionWidth: 16,
        contextLength: 24
      )
    )
    try RandomCheckpoint.write(
      to: program.path(name),
      architecture,
      vocabulary: tokens,
      seed: 1,
      tool: "tests"
    )
  }

  func write(_ text: String, to name: String) throws {
    try program.write(Data(text.utf8), to: name)
  }

  /// Forty photographs of 64 × 64 pixels, with their reports.
  private static let sets = """
    - name: drawn
      version: 1
      title: Forty drawn photographs
      adapter: synthetic
      generator: { seed: 5, count: 40, size: 64, difficulty: 0.1 }
      splits: { train: { count: 24 }, validation: { count: 8 }, test: { count: 8 } }
      templates: { zh: ["{}"] }
      absent_templates: { zh: ["无{}"] }
      tasks:
        findings:
          title: Findings
          kind: multilabel
          classes: [normal, haemorrhage]
          prompts: { zh: { normal: [正常眼底], haemorrhage: [出血] } }
      license: none
      source: { title: Drawn by vbench }
    """

  /// The arguments of a pre-training.
  func command(_ configuration: String..., in trainings: String) -> [String] {
    ["pretrain"] + configuration
      + ["--datasets", "sets.yaml", "--trainings", trainings, "--threads", "2"]
  }

  func data(_ name: String) throws -> Data {
    try Data(contentsOf: program.folder.appending(path: name))
  }

  /// A training's history without the clock's seconds, its third column.
  func history(_ name: String) throws -> [[Substring]] {
    String(decoding: try data(name), as: UTF8.self).split(separator: "\n").map { line in
      var fields = line.split(separator: ",", omittingEmptySubsequences: false)
      fields.remove(at: 2)
      return fields
    }
  }
}
