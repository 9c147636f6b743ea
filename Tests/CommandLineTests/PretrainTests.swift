import Foundation
import Testing

extension CommandLineTests {
  /// From drawn photographs with reports to a checkpoint that knows both.
  @Suite struct Pretrain {
    @Test func aTrainedCheckpointIsReadAndAKilledTrainingEndsWithItsBytes() throws {
      let scene = try PretrainScene()
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

    private func expectReadable(_ checkpoint: String, _ scene: PretrainScene) throws {
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
      let scene = try PretrainScene()
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
      let scene = try PretrainScene()
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

    /// Random weights are written while no training holds the folder, and once.
    @Test func randomWeightsAreWrittenOnceAndInAFolderOfOnesOwn() throws {
      let scene = try PretrainScene()
      defer { scene.program.removeFolder() }
      try scene.write(
        """
        name: brief
        model: { random: vilref-small, image_size: 64 }
        pairs: { dataset: drawn }
        queue: { length: 0 }
        training: { epochs: 1, batch: 24 }
        """,
        to: "brief.yaml"
      )
      let command = scene.command("brief.yaml", in: "out")
      let start = scene.program.path("out/brief/start.h5")
      try FileManager.default.createDirectory(
        atPath: scene.program.path("out/brief"),
        withIntermediateDirectories: true
      )
      let folder = try #require(FileHandle(forReadingAtPath: scene.program.path("out/brief")))
      #expect(flock(folder.fileDescriptor, LOCK_EX | LOCK_NB) == 0)
      let busy = try scene.program.run(command)
      #expect(busy.status == 1 && busy.error.contains("out/brief"), "\(busy.error)")
      #expect(!FileManager.default.fileExists(atPath: start))
      try folder.close()

      func date() throws -> Date? {
        try FileManager.default.attributesOfItem(atPath: start)[.modificationDate] as? Date
      }
      let first = try scene.program.run(command)
      #expect(first.status == 0, "\(first.error)")
      let written = try date()
      let profile = try scene.data("out/brief/profile.json")
      let again = try scene.program.run(command)
      #expect(again.status == 0, "\(again.error)")
      #expect(try date() == written)
      #expect(try scene.data("out/brief/profile.json") == profile)
      // Another file of that name isn't taken for it.
      try scene.write("junk", to: "out/brief/start.h5")
      #expect(try scene.program.run(command).status == 0)
      #expect(try date() != written)
    }

    @Test func aBatchOfMorePairsThanThereAreIsTold() throws {
      let scene = try PretrainScene()
      defer { scene.program.removeFolder() }
      try scene.writeTinyCheckpoint(to: "tiny.h5")
      try scene.write(
        """
        name: wide
        model: { checkpoint: tiny.h5 }
        pairs: { dataset: drawn }
        queue: { length: 0 }
        training: { epochs: 1, batch: 25 }
        """,
        to: "wide.yaml"
      )
      let outcome = try scene.program.run(scene.command("wide.yaml", in: "out"))
      #expect(outcome.status == 0, "\(outcome.error)")
      #expect(
        outcome.error.contains("the batch of 25 is larger than the 24 training pairs"),
        "\(outcome.error)"
      )
    }
  }
}
