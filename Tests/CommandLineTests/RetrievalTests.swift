import Foundation
import Models
import Testing

extension CommandLineTests {
  /// Images searched by reports from the command line.
  @Suite struct Retrieval {
    /// A tiny pair of encoders beside the drawn set.
    private func scene() throws -> TrainingScene {
      let scene = try TrainingScene()
      let letters = ["[PAD]", "[UNK]", "[CLS]", "[SEP]"] + "视盘边界清出血渗出正常眼底".map(String.init)
      let vocabulary = letters.reduce(into: [String]()) { if !$0.contains($1) { $0.append($1) } }
      let architecture = Architecture(
        name: "pair",
        vision: .transformer(
          VisionTransformerArchitecture(
            layout: .clip,
            imageSize: 32,
            patchSize: 8,
            positionGrid: 4,
            width: 64,
            layers: 1,
            heads: 2,
            hiddenWidth: 64,
            projectionWidth: 16
          )
        ),
        text: TextArchitecture(
          vocabularySize: vocabulary.count,
          width: 32,
          layers: 1,
          heads: 2,
          hiddenWidth: 32,
          positions: 64,
          segmentKinds: 2,
          projectionWidth: 16,
          contextLength: 32
        )
      )
      try RandomCheckpoint.write(
        to: scene.program.path("pair.h5"),
        architecture,
        vocabulary: vocabulary,
        seed: 1,
        tool: "tests"
      )
      return scene
    }

    private func command(_ checkpoint: String, _ dataset: String, _ more: String...) -> [String] {
      [
        "evaluate", "--checkpoint", checkpoint, "--dataset", dataset, "--datasets", "sets.yaml",
        "--output", "out", "--cache", "cache", "--protocol", "retrieval", "--threads", "2",
      ] + more
    }

    @Test func aSetIsSearchedOnceWhateverItsTasks() throws {
      let scene = try scene()
      defer { scene.program.removeFolder() }
      let outcome = try scene.program.run(
        command("pair.h5", "drawn", "--json", "--bootstrap", "20")
      )
      #expect(outcome.status == 0, "\(outcome.error)")
      let results = try #require(
        JSONSerialization.jsonObject(with: Data(outcome.output.utf8)) as? [[String: Any]]
      )
      #expect(results.count == 1, "two tasks, one search")
      let dataset = try #require(results.first?["dataset"] as? [String: Any])
      #expect(dataset["task"] as? String == "retrieval")
      #expect(dataset["evaluatedCount"] as? Int == 8)
      let metrics = try #require(results.first?["metrics"] as? [[String: Any]])
      let names = metrics.compactMap { $0["identifier"] as? String }
      #expect(names.count == 8 && names.contains("text-to-image-recall-at-5"))
      #expect(metrics.first?["confidenceInterval"] != nil)
    }

    @Test func tablesNameTheRule() throws {
      let scene = try scene()
      defer { scene.program.removeFolder() }
      let outcome = try scene.program.run(
        command("pair.h5", "drawn/disease", "--preset", "same-text", "--bootstrap", "0")
      )
      #expect(outcome.status == 0, "\(outcome.error)")
      let table = try String(
        contentsOf: scene.program.folder.appending(path: "out/evaluation.md"),
        encoding: .utf8
      )
      for part in ["drawn (version 1), retrieval", "same-text", "Image-to-text R@1", "median rank"]
      {
        #expect(table.contains(part), "\(table)")
      }
    }

    @Test func aModelWithoutTextsIsRefusedByName() throws {
      let scene = try scene()
      defer { scene.program.removeFolder() }
      let outcome = try scene.program.run(command("tiny.h5", "drawn"))
      expectFailure(outcome, status: 65, containing: "tiny.h5", "no text encoder", "retrieval")
      #expect(scene.files(below: "out").allSatisfy { !$0.hasSuffix("result.json") })
    }
  }
}
