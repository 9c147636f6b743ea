import Foundation
import Models
import Testing

extension CommandLineTests {
  /// From drawn photographs with reports to a checkpoint that knows both.
  @Suite struct Pretrain {
    /// A folder with a drawn data set and configurations.
    private struct Scene {
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

    @Test func aTrainedCheckpointIsReadAndAKilledTrainingEndsWithItsBytes() throws {
      let scene = try Scene()
      defer { scene.program.removeFolder() }
      let whole = try scene.program.run(scene.command("small.yaml", in: "whole"))
      #expect(whole.status == 0 && whole.output.isEmpty, "\(whole.error)")
      #expect(whole.error.contains("wrote the pre-trained checkpoint to "))
      #expect(whole.error.contains("24 training pairs"))
      try expectReadable("whole/small/pretrained.h5", scene)

      let command = scene.command("small.yaml", in: "cut")
      let run = try scene.program.start(command)
      let state = scene.program.path("cut/small/state.h5")
      let deadline = ContinuousClock.now + .seconds(60)
      while run.process.isRunning, ContinuousClock.now < deadline,
        !FileManager.default.fileExists(atPath: state)
      {
        Thread.sleep(forTimeInterval: 0.01)
      }
      let moment = Double.random(in: 0...0.5)
      Thread.sleep(forTimeInterval: moment)
      kill(run.process.processIdentifier, SIGKILL)
      _ = try scene.program.finish(run)
      #expect(run.process.terminationReason == .uncaughtSignal, "it was killed, not finished")
      #expect(
        !FileManager.default.fileExists(atPath: scene.program.path("cut/small/pretrained.h5"))
      )
      let rest = try scene.program.run(command)
      #expect(rest.status == 0 && rest.error.contains("goes on after step"), "\(rest.error)")
      let (one, two) = (
        try scene.data("whole/small/pretrained.h5"), try scene.data("cut/small/pretrained.h5")
      )
      #expect(one == two, "killed \(moment) s after its first state")
      let history = try scene.history("whole/small/history.csv")
      #expect(try scene.history("cut/small/history.csv") == history)
      #expect(history.count == 6)
    }

    private func expectReadable(_ checkpoint: String, _ scene: Scene) throws {
      let inspection = try object(scene.program.run("inspect", checkpoint, "--json"))
      let model = try #require(inspection["model"] as? [String: Any])
      #expect((model["missing"] as? [String])?.isEmpty == true)
      #expect((model["unexpected"] as? [String])?.isEmpty == true)
      let told = try scene.program.run("inspect", checkpoint)
      #expect(told.output.contains("start.h5, pre-trained on 24 pairs with wsc"), "\(told.output)")
      let outcome = try scene.program.run([
        "evaluate", "--checkpoint", checkpoint, "--dataset", "drawn/findings", "--datasets",
        "sets.yaml", "--protocol", "zero-shot", "--bootstrap", "0", "--output", "reports", "--json",
      ])
      #expect(outcome.status == 0, "\(outcome.error)")
      let results = try #require(
        JSONSerialization.jsonObject(with: Data(outcome.output.utf8)) as? [[String: Any]],
        "\(outcome.output)\(outcome.error)"
      )
      #expect(results.count == 1)
      let kind = (results.first?["protocol"] as? [String: Any])?["name"] as? String
      #expect(kind == "zero-shot")
      #expect((results.first?["metrics"] as? [Any])?.isEmpty == false)
    }

    @Test func wrongUsesAreRefused() throws {
      let scene = try Scene()
      defer { scene.program.removeFolder() }
      let resumed = try scene.program.run(scene.command("small.yaml", "--resume", in: "none"))
      #expect(resumed.status == 66, "\(resumed.error)")
      #expect(resumed.error.contains("state.h5: there is no saved state"), "\(resumed.error)")
      #expect(!FileManager.default.fileExists(atPath: scene.program.path("none/small/state.h5")))

      try scene.write(
        "name: bad\nmodel: { random: vilref-small }\npairs: { dataset: drawn }\nloss: { gama: 1 }\n",
        to: "bad.yaml"
      )
      let bad = try scene.program.run(scene.command("bad.yaml", in: "none"))
      expectFailure(bad, status: 65, containing: "bad.yaml:4:9", "‘gama’", "gamma")
      let missing = try scene.program.run(scene.command("missing.yaml", in: "none"))
      expectFailure(missing, status: 66, containing: "missing.yaml", "no such file")
      try scene.write(
        "name: bad\nmodel: { random: vilref-tiny }\npairs: { dataset: drawn }\n",
        to: "unknown.yaml"
      )
      let unknown = try scene.program.run(scene.command("unknown.yaml", in: "none"))
      expectFailure(
        unknown,
        status: 65,
        containing: "unknown.yaml:2:",
        "vilref-tiny",
        "vilref-small"
      )

      let ablated = try scene.program.run(scene.command("--ablate", "small.yaml", in: "none"))
      expectFailure(ablated, status: 64, containing: "small.yaml", "no section ‘ablation’")
      for arguments in [
        ["pretrain"], ["pretrain", "small.yaml", "--ablate", "small.yaml"],
        ["pretrain", "small.yaml", "--resume", "--restart"],
        ["pretrain", "--ablate", "small.yaml", "--seed", "1"],
      ] {
        #expect(try scene.program.run(arguments).status == 64, "\(arguments)")
      }
    }

    /// Of twenty photographs two can't be read: they are named, counted, and nothing is learnt from them.
    @Test func unreadablePicturesAreTold() throws {
      let scene = try Scene()
      defer { scene.program.removeFolder() }
      let drawn = try scene.program.run(
        "datasets",
        "synthesize",
        "fundus",
        "--count",
        "20",
        "--size",
        "64",
        "--quiet"
      )
      #expect(drawn.status == 0, "\(drawn.error)")
      let images = try FileManager.default.contentsOfDirectory(
        atPath: scene.program.path("fundus/images")
      ).sorted()
      try scene.writeTinyCheckpoint(to: "tiny.h5")
      try scene.write(
        "image,report\n" + images.map { "\($0),眼底正常\n" }.joined(),
        to: "pairs.csv"
      )
      try scene.write(
        """
        name: torn
        model: { checkpoint: tiny.h5 }
        pairs: { table: pairs.csv, images: fundus/images, validation_share: 0.2 }
        queue: { length: 0 }
        training: { epochs: 2, batch: 6 }
        """,
        to: "torn.yaml"
      )
      for name in images.prefix(2) { try scene.write("junk", to: "fundus/images/\(name)") }
      let outcome = try scene.program.run(scene.command("torn.yaml", in: "out") + ["--json"])
      #expect(outcome.status == 0, "\(outcome.error)")
      #expect(outcome.error.contains("pictures can't be read and are left out: "))
      let profile = try #require(
        try JSONSerialization.jsonObject(with: scene.data("out/torn/profile.json"))
          as? [String: Any]
      )
      #expect(NSDictionary(dictionary: profile) == NSDictionary(dictionary: try object(outcome)))
      let lost = try #require(profile["unreadablePictures"] as? [String])
      #expect(
        lost.count == 2 && lost.allSatisfy { $0.contains(images[0]) || $0.contains(images[1]) }
      )
      #expect(outcome.error.components(separatedBy: "pictures can't be read").count <= 3)

      for name in images { try scene.write("junk", to: "fundus/images/\(name)") }
      let none = try scene.program.run(scene.command("torn.yaml", in: "none"))
      #expect(none.status == 65, "\(none.error)")
      #expect(none.error.contains("4 pictures can't be read, such as"), "\(none.error)")
    }

    @Test func anAblationIsTakenUpWhereItWasLeft() throws {
      let scene = try Scene()
      defer { scene.program.removeFolder() }
      try scene.writeTinyCheckpoint(to: "tiny.h5")
      try scene.write(
        """
        name: arms
        model: { checkpoint: tiny.h5 }
        pairs: { dataset: drawn }
        queue: { length: 12 }
        training: { epochs: 1, batch: 12, learning_rate: 1e-3, warm_up_epochs: 0 }
        ablation: { losses: [infonce, wsc], queue: [on], seeds: 2, datasets: [drawn] }
        """,
        to: "arms.yaml"
      )
      let command = scene.command("--ablate", "arms.yaml", in: "out")
      let whole = try scene.program.run(command)
      #expect(whole.status == 0, "\(whole.error)")
      let table = try scene.data("out/arms/ablation.md")
      #expect(whole.output == String(decoding: table, as: UTF8.self))
      for part in [
        "### zero-shot, drawn/findings", "### linear-probe, drawn/findings", "| infonce | on | 2 |",
        "| wsc | on | 2 |", "| wsc+queue − infonce+queue |",
      ] {
        #expect(whole.output.contains(part), "\(whole.output)")
      }
      let csv = String(decoding: try scene.data("out/arms/ablation.csv"), as: UTF8.self)
      // Two arms, two seeds, two protocols, three metrics.
      #expect(csv.split(separator: "\n").count == 1 + 24, "\(csv)")

      // As a command leaves it that ends before its last arm.
      let last = scene.program.folder.appending(path: "out/arms/wsc+queue/seed-1")
      try FileManager.default.removeItem(at: last)
      try FileManager.default.removeItem(
        at: scene.program.folder.appending(path: "out/arms/ablation.md")
      )
      let rest = try scene.program.run(command)
      #expect(rest.status == 0, "\(rest.error)")
      #expect(rest.error.contains("wsc+queue, seed 1: finished"), "\(rest.error)")
      for arm in ["infonce+queue, seed 0", "infonce+queue, seed 1", "wsc+queue, seed 0"] {
        #expect(!rest.error.contains(arm), "\(rest.error)")
      }
      #expect(try scene.data("out/arms/ablation.md") == table)

      // Other data sets: what was trained is kept, and evaluated anew.
      let sets = String(decoding: try scene.data("sets.yaml"), as: UTF8.self)
      try scene.write(sets.replacing("[正常眼底]", with: "[眼底正常]"), to: "sets.yaml")
      let again = try scene.program.run(command)
      #expect(again.status == 0 && !again.error.contains("finished;"), "\(again.error)")
      #expect(again.output != whole.output)
      let rows = try scene.program.run(command + ["--json"])
      let json = try JSONSerialization.jsonObject(with: Data(rows.output.utf8))
      let objects = json as? [[String: Any]]
      #expect(objects?.count == 24 && objects?.first?["loss"] as? String == "infonce")
    }
  }
}
