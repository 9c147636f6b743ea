import Foundation
import Models
import TestSupport
import Testing

extension CommandLineTests {
  /// Masks in `initialize`, `evaluate` and `finetune`.
  @Suite struct Segmentation {
    /// A twin of DRIVE; see `Tests/Fixtures/generate/evaluation_drive.py`.
    private static let twin = Fixtures.directory.appending(path: "Evaluation/drive")

    /// Twenty drawn photographs of 32 × 32 pixels, and an entry without a task of masks.
    private static let description = """
      - name: drawn
        version: 1
        title: Twenty drawn photographs
        adapter: synthetic
        generator: { seed: 7, count: 20, size: 32, difficulty: 0.2 }
        splits: { train: { count: 12 }, validation: { count: 4 }, test: { count: 4 } }
        tasks:
          vessels:
            title: Vessels
            kind: masks
            mode: binary
            classes: [vessels]
            masks: vessels
            field_of_view: drawn
          both:
            title: Vessels, and the disc
            kind: masks
            mode: multilabel
            classes: [vessels, disc]
            masks: { vessels: vessels, disc: disc }
            field_of_view: drawn
        license: none
        source: { title: Drawn by vbench }
      """

    private let program: Program

    init() throws {
      program = try Program()
      try program.write(Data(Self.description.utf8), to: "sets.yaml")
    }

    private func path(_ url: URL) -> String { url.path(percentEncoded: false) }

    /// Writes `unet.h5`, a U-Net of random weights for 16 × 16 pixels.
    private func writeNetwork() throws {
      let outcome = try program.run("initialize", "unet-3.4", "unet.h5", "--size", "16")
      #expect(outcome.status == 0, "\(outcome.error)")
      #expect(outcome.output == "unet.h5: unet-3.4, random weights of seed 0\n")
    }

    private func results(_ outcome: Program.Outcome) throws -> [[String: Any]] {
      try #require(
        JSONSerialization.jsonObject(with: Data(outcome.output.utf8)) as? [[String: Any]],
        "\(outcome.output)\(outcome.error)"
      )
    }

    private func metrics(_ result: [String: Any]) throws -> [String: Double] {
      let records = try #require(result["metrics"] as? [[String: Any]])
      let pairs = records.compactMap { record -> (String, Double)? in
        guard let name = record["identifier"] as? String, let value = record["value"] as? Double
        else { return nil }
        return (name, value)
      }
      return Dictionary(uniqueKeysWithValues: pairs)
    }

    /// The arguments of an evaluation with masks.
    private func evaluation(_ more: String...) -> [String] {
      [
        "evaluate", "--checkpoint", "unet.h5", "--dataset", "drawn/vessels", "--datasets",
        "sets.yaml", "--bootstrap", "0", "--threads", "2",
      ] + more
    }

    @Test func theConvertedWNetGivesTheRecordedFiguresOnTheTwin() throws {
      defer { program.removeFolder() }
      let weights = path(Self.twin.appending(path: "wnet.pth"))
      let converted = try program.run("convert", weights, "wnet.h5", "--image-size", "48")
      #expect(converted.status == 0, "\(converted.error)")
      let outcome = try program.run(
        "evaluate",
        "--checkpoint",
        "wnet.h5",
        "--protocol",
        "segmentation",
        "--dataset",
        "drive",
        "--data-root",
        "drive=\(path(Self.twin))",
        "--json",
        "--bootstrap",
        "0"
      )
      #expect(outcome.status == 0, "\(outcome.error)")
      let result = try #require(results(outcome).first)
      // The shipped entry declares twenty photographs, the twin has four.
      let run = try #require(result["run"] as? [String: Any])
      let status = try #require(run["status"] as? [String: Any])
      #expect(status["outcome"] as? String == "mistrusted")
      #expect((status["reason"] as? String)?.contains("4 of 20 declared") == true)
      let reference = try #require(
        JSONSerialization.jsonObject(
          with: Data(contentsOf: Self.twin.appending(path: "reference.json"))
        ) as? [String: Any]
      )
      let expected = try #require(reference["test"] as? [String: Double])
      let found = try metrics(result)
      for name in ["auc", "ap", "dice", "sensitivity", "specificity", "accuracy"] {
        let (own, reference) = (try #require(found["\(name)-pooled"]), try #require(expected[name]))
        #expect(abs(own - reference) < 1e-9, "\(name)")
      }
      let folder = "reports/runs/\(try #require(run["id"] as? String))"
      let page = try String(
        contentsOf: program.folder.appending(path: "reports/evaluation.html"),
        encoding: .utf8
      )
      let sheet = try Data(contentsOf: program.folder.appending(path: "\(folder)/sheet.png"))
      #expect(page.contains("src=\"data:image/png;base64,\(sheet.base64EncodedString())\""))
      #expect(page.contains("<figcaption>Rows, by Dice: best test/0"), "\(page.suffix(900))")
      for name in ["result.json", "table.md", "table.csv", "sheet.png", "pictures"] {
        #expect(
          FileManager.default.fileExists(atPath: program.path("\(folder)/\(name)")),
          "\(name)"
        )
      }
      #expect(!page.contains("changed: "))
      let changed = try program.run([
        "evaluate", "--checkpoint", "wnet.h5", "--dataset", "drive", "--data-root",
        "drive=\(path(Self.twin))", "--bootstrap", "0", "--pictures", "none", "--no-flips",
        "--threshold", "0.3", "--output", "changed",
      ])
      #expect(changed.status == 0, "\(changed.error)")
      #expect(
        changed.output.contains("changed: test-time flips, decision threshold"),
        "\(changed.output)"
      )
      // Without a preset and protocol a segmentation network is evaluated the same way.
      let usual = try program.run([
        "evaluate", "--checkpoint", "wnet.h5", "--dataset", "drive/vessels", "--data-root",
        "drive=\(path(Self.twin))", "--json", "--bootstrap", "0", "--pictures", "none",
      ])
      #expect(usual.status == 0, "\(usual.error)")
      #expect(try metrics(#require(results(usual).first)) == found)
      #expect((try results(usual).first?["artefacts"] as? [Any])?.isEmpty != false)
    }

    @Test func aNetworkIsTrainedFromNothing() throws {
      defer { program.removeFolder() }
      try writeNetwork()
      let command = [
        "finetune", "--checkpoint", "unet.h5", "--dataset", "drawn/vessels", "--datasets",
        "sets.yaml", "--epochs", "2", "--bootstrap", "0", "--train-batch", "5", "--trained",
        "vessels.h5", "--json",
      ]
      let outcome = try program.run(command)
      #expect(outcome.status == 0, "\(outcome.output)\(outcome.error)")
      #expect(outcome.error.contains("wrote the trained checkpoint to vessels.h5"))
      let result = try #require(results(outcome).first)
      let trained = try metrics(result)
      #expect((result["training"] as? [[String: Any]])?.count == 1)
      let text = try program.run("inspect", "vessels.h5")
      #expect(text.output.contains("each parameter has its tensor"), "\(text.output)\(text.error)")
      let inspected = try program.run("inspect", "vessels.h5", "--json")
      let inspection =
        try JSONSerialization.jsonObject(with: Data(inspected.output.utf8)) as? [String: Any]
      let metadata = try #require(inspection?["metadata"] as? [String: String])
      #expect(metadata["masks"]?.contains("drawn/vessels") == true, "\(metadata)")
      #expect(metadata["classifier"] == nil)
      let refused = try program.run(command)
      expectFailure(refused, status: 64, containing: "vessels.h5", "--force")
      // What was written says the same when it is evaluated as it is.
      let again = try program.run([
        "evaluate", "--checkpoint", "vessels.h5", "--dataset", "drawn/vessels", "--datasets",
        "sets.yaml", "--bootstrap", "0", "--json", "--no-flips", "--restoring", "bilinear",
        "--storage", "float32", "--threshold", "validation",
      ])
      #expect(again.status == 0, "\(again.error)")
      #expect(try metrics(#require(results(again).first)) == trained)
    }

    @Test func anEncoderGetsADecoder() throws {
      let scene = try TrainingScene()
      defer { scene.program.removeFolder() }
      defer { program.removeFolder() }
      try scene.program.write(Data(Self.description.utf8), to: "masks.yaml")
      let command = [
        "evaluate", "--checkpoint", "tiny.h5", "--protocol", "segmentation", "--dataset",
        "drawn/both", "--datasets", "masks.yaml", "--bootstrap", "0", "--json",
      ]
      let outcome = try scene.program.run(
        command + ["--decoder", "linear", "--epochs", "1", "--seeds", "2", "--pictures", "all"]
      )
      #expect(outcome.status == 0, "\(outcome.output)\(outcome.error)")
      let result = try #require(results(outcome).first)
      #expect((result["training"] as? [[String: Any]])?.count == 2)
      #expect((result["artefacts"] as? [[String: Any]])?.count == 1 + 4 * 4)
      let untrained = try scene.program.run(command + ["--preset", "wnet-drive"])
      expectFailure(untrained, status: 64, containing: "decoder", "--preset mask-decoder")
    }

    @Test func wrongWishesAreNamed() throws {
      defer { program.removeFolder() }
      try writeNetwork()
      for (arguments, parts) in [
        (["--protocol", "segmentation,zero-shot"], ["segmentation runs alone", "two commands"]),
        (["--shots", "5"], ["--shots", "segmentation has no use for it"]),
        (["--decoder", "unet"], ["--decoder", "what gives masks"]),
        (["--preset", "mask-finetune", "--encoder-rate", "1"], ["--encoder-rate", "no encoder"]),
        (["--preset", "mask-decoder"], ["mask-decoder", "mask-finetune", "no encoder"]),
        (["--no-cache"], ["--no-cache", "features"]),
        (
          ["--dice-share", "0.3"],
          ["--dice-share", "nothing is trained with the preset wnet-drive"]
        ),
        (["--epochs", "3"], ["--epochs", "nothing is trained"]),
        (["--seeds", "3"], ["--seeds", "nothing is trained"]),
        (["--preset", "vnet"], ["vnet"]),
        (
          ["--protocol", "segmentation", "--preset", "vnet"],
          ["vnet", "wnet-drive", "mask-decoder"]
        ),
        (["--threshold", "1.5"], ["--threshold", "1.5", "0 to 1"]),
        (["--overlap", "0.5"], ["--overlap", "--tiles"]),
        (["--tiles", "2", "--overlap", "0.95"], ["--overlap", "0.95", "0 to 0.9"]),
        (["--size", "4"], ["--size", "8 to 8192"]),
        (["--cache", "c"], ["--cache", "features"]),
        (["--batch-size", "4"], ["--batch-size", "features"]),
        (["--preset", "mask-finetune", "--dice-share", "1.5"], ["--dice-share"]),
      ] {
        let outcome = try program.run(evaluation() + arguments)
        #expect(outcome.status == 64, "\(arguments): \(outcome.error)")
        #expect(outcome.errorLines.count == 1, "\(arguments): \(outcome.error)")
        for part in parts { #expect(outcome.error.contains(part), "\(outcome.error)") }
      }
      // What the network can't do is told with the remedy, as wrong usage or bad data.
      let logits = try program.run([
        "evaluate", "--checkpoint", "unet.h5", "--dataset", "drawn/both", "--datasets", "sets.yaml",
      ])
      #expect(logits.status != 0 && logits.errorLines.count == 1, "\(logits.error)")
      #expect(logits.error.contains("`vbench initialize --classes 2`"), "\(logits.error)")
      let size = try program.run(evaluation("--size", "33"))
      #expect(size.status != 0 && size.error.contains("33 × 33"), "\(size.error)")
      let missing = try program.run([
        "evaluate", "--checkpoint", "unet.h5", "--dataset", "drive", "--data-root", "drive=nowhere",
      ])
      #expect(missing.status == 66, "\(missing.error)")
      let labels = try program.run([
        "evaluate", "--checkpoint", "unet.h5", "--dataset", "synthetic-fundus",
      ])
      #expect(labels.status == 65 && labels.error.contains("synthetic-fundus"), "\(labels.error)")
      let trains = try program.run([
        "finetune", "--checkpoint", "unet.h5", "--dataset", "drawn/vessels", "--datasets",
        "sets.yaml", "--preset", "wnet-drive", "--trained", "t.h5",
      ])
      expectFailure(trains, status: 64, containing: "wnet-drive", "trains nothing")
      #expect(program.names == ["sets.yaml", "unet.h5"])
    }

    @Test func randomNetworksAreTheSeeds() throws {
      defer { program.removeFolder() }
      for (file, seed) in [("a.h5", "1"), ("b.h5", "1"), ("c.h5", "2")] {
        let outcome = try program.run([
          "initialize", "wnet-4.6", file, "--seed", seed, "--classes", "2", "--size", "64",
        ])
        #expect(outcome.status == 0, "\(outcome.error)")
      }
      func bytes(_ name: String) throws -> Data {
        try Data(contentsOf: program.folder.appending(path: name))
      }
      #expect(try bytes("a.h5") == bytes("b.h5"))
      #expect(try bytes("a.h5") != bytes("c.h5"))
      let text = try program.run("inspect", "a.h5")
      #expect(text.output.contains("wnet-4.6"), "\(text.output)")
      #expect(text.output.contains("2 logits per pixel, 64 × 64 pixels"), "\(text.output)")
      let encoder = try program.run("initialize", "resnet-small", "d.h5", "--classes", "2")
      expectFailure(encoder, status: 64, containing: "--classes", "resnet-small")
      let odd = try program.run("initialize", "unet-4.6.8", "d.h5", "--size", "30")
      #expect(odd.status != 0 && odd.errorLines.count == 1, "\(odd.error)")
      #expect(program.names == ["a.h5", "b.h5", "c.h5", "sets.yaml"])
    }
  }
}
