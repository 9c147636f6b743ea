import Foundation
import Testing

extension CommandLineTests {
  /// From random weights to a classifier of photographs.
  @Suite struct Finetune {
    private func command(_ more: String...) -> [String] {
      [
        "finetune", "--checkpoint", "tiny.h5", "--dataset", "drawn/disease", "--datasets",
        "sets.yaml", "--epochs", "2", "--bootstrap", "0",
      ] + more
    }

    @Test func randomWeightsAreTheSeeds() throws {
      let program = try Program()
      defer { program.removeFolder() }
      for (file, seed) in [("a.h5", "1"), ("b.h5", "1"), ("c.h5", "2")] {
        let outcome = try program.run("initialize", "resnet-small", file, "--seed", seed)
        #expect(outcome.status == 0, "\(outcome.error)")
        #expect(outcome.output == "\(file): resnet-small, random weights of seed \(seed)\n")
      }
      func tensors(_ file: String) throws -> Data {
        try Data(contentsOf: program.folder.appending(path: file))
      }
      #expect(try tensors("a.h5") == tensors("b.h5"))
      #expect(try tensors("a.h5") != tensors("c.h5"))
      let refused = try program.run("initialize", "resnet-small", "a.h5", "--seed", "2")
      expectFailure(refused, status: 64, containing: "a.h5", "--force")
      #expect(
        try program.run("initialize", "resnet-small", "a.h5", "--force", "--seed", "2").status == 0
      )
      #expect(try tensors("a.h5") == tensors("c.h5"))
      let unknown = try program.run("initialize", "resnet-tiny", "d.h5")
      expectFailure(unknown, status: 64, containing: "resnet-tiny", "resnet-small")
      #expect(program.names == ["a.h5", "b.h5", "c.h5"])
    }

    @Test func aDiskWithoutRoomFailsTheCommandAndLeavesNothing() throws {
      let program = try Program()
      defer { program.removeFolder() }
      // Files may have 2000 blocks of 512 bytes: an eighth of what is to be written.
      let script = "trap '' XFSZ; ulimit -f 2000; exec \"$0\" initialize resnet-small large.h5"
      let run = try program.start(["-c", script, Program.path], executable: "/bin/sh")
      let outcome = try program.finish(run)
      expectFailure(outcome, status: 1, containing: "large.h5", "can't be written")
      #expect(program.names.isEmpty)
    }

    @Test func aResNetIsTrainedFromNothing() throws {
      let scene = try TrainingScene()
      defer { scene.program.removeFolder() }
      #expect(try scene.program.run("initialize", "resnet-small", "random.h5").status == 0)
      let outcome = try scene.program.run([
        "finetune", "--checkpoint", "random.h5", "--dataset", "drawn/haemorrhage", "--datasets",
        "sets.yaml", "--epochs", "1", "--bootstrap", "0", "--trained", "resnet.h5", "--head-start",
        "zeros", "--train-batch", "12",
      ])
      #expect(outcome.status == 0, "\(outcome.output)\(outcome.error)")
      let inspected = try object(scene.program.run("inspect", "resnet.h5", "--json"))
      #expect(
        (inspected["metadata"] as? [String: String])?["classifier"]?.contains("drusen") == true
      )
    }

    @Test func trainedCheckpointsPredictWithoutLabels() throws {
      let scene = try TrainingScene()
      defer { scene.program.removeFolder() }
      let trained = try scene.program.run(command("--trained", "graded.h5"))
      #expect(trained.status == 0, "\(trained.output)\(trained.error)")
      #expect(trained.error.contains("wrote the trained checkpoint to graded.h5"))
      #expect(
        try scene.program.run("datasets", "synthesize", "eyes", "--count", "3", "--size", "64")
          .status == 0
      )
      let outcome = try scene.program.run(
        "predict",
        "--checkpoint",
        "graded.h5",
        "eyes/images",
        "--json"
      )
      let rankings = try #require(
        JSONSerialization.jsonObject(with: Data(outcome.output.utf8)) as? [[String: Any]],
        "\(outcome.error)"
      )
      #expect(rankings.count == 3)
      for ranking in rankings {
        let entries = try #require(ranking["ranking"] as? [[String: Any]])
        let names = entries.compactMap { $0["label"] as? String }
        #expect(
          Set(names) == [
            "normal", "diabetic-retinopathy", "macular-degeneration", "glaucoma", "myopia",
          ]
        )
        let probabilities = entries.compactMap { $0["probability"] as? Double }
        #expect(probabilities == probabilities.sorted(by: >))
        #expect(abs(probabilities.reduce(0, +) - 1) < 1e-12, "\(probabilities)")
        #expect(entries.allSatisfy { $0["cosine"] == nil })
      }
      let told = try scene.program.run("predict", "--checkpoint", "graded.h5", "eyes/images")
      #expect(told.output.contains("glaucoma") && !told.output.contains("cosine"))
      let none = try scene.program.run("predict", "--checkpoint", "tiny.h5", "eyes/images")
      expectFailure(none, status: 64, containing: "no classifier of its own", "--labels")
    }

    @Test func inspectTellsWhatWasTrained() throws {
      let scene = try TrainingScene()
      defer { scene.program.removeFolder() }
      let outcome = try scene.program.run(command("--trained", "graded.h5", "--train", "lora:2"))
      #expect(outcome.status == 0, "\(outcome.output)\(outcome.error)")
      let inspection = try object(scene.program.run("inspect", "graded.h5", "--json"))
      let model = try #require(inspection["model"] as? [String: Any])
      #expect((model["missing"] as? [String])?.isEmpty == true)
      #expect((model["unexpected"] as? [String])?.isEmpty == true, "the head is the classifier's")
      let metadata = try #require(inspection["metadata"] as? [String: String])
      #expect(metadata["classifier"]?.contains("drawn/disease") == true, "\(metadata)")
      let names = (inspection["tensors"] as? [[String: Any]])?.compactMap { $0["name"] as? String }
      #expect(names?.contains("head.weight") == true)
      #expect(names?.contains { $0.contains("adapters") } == false, "they are merged")
      let told = try scene.program.run("inspect", "graded.h5")
      #expect(told.status == 0 && told.output.contains("tiny.h5, fine-tuned on drawn/disease"))
    }

    @Test func outputsThatWouldDestroySomethingAreRefused() throws {
      let scene = try TrainingScene()
      defer { scene.program.removeFolder() }
      try scene.program.write(Data("mine".utf8), to: "kept.h5")
      let refused = try scene.program.run(command("--trained", "kept.h5"))
      expectFailure(refused, status: 64, containing: "kept.h5", "--force")
      let same = try scene.program.run(command("--trained", "./tiny.h5", "--force"))
      expectFailure(same, status: 64, containing: "input")
      let nowhere = try scene.program.run(command("--trained", "missing/graded.h5"))
      expectFailure(nowhere, status: 64, containing: "missing/graded.h5", "no such folder")
      #expect(scene.program.names == ["kept.h5", "sets.yaml", "tiny.h5"])
      let kept = scene.program.folder.appending(path: "kept.h5")
      #expect(try Data(contentsOf: kept) == Data("mine".utf8))
      let forced = try scene.program.run(command("--trained", "kept.h5", "--force"))
      #expect(forced.status == 0, "\(forced.error)")
      #expect(try scene.program.run("inspect", "kept.h5").status == 0)
    }

    @Test func divergenceFailsTheCommandAndWritesNoCheckpoint() throws {
      let scene = try TrainingScene()
      defer { scene.program.removeFolder() }
      let outcome = try scene.program.run(
        command("--trained", "graded.h5", "--learning-rate", "1e30", "--warm-up", "0")
      )
      #expect(outcome.status == 1, "\(outcome.error)")
      #expect(outcome.error.contains("of epoch ") && outcome.error.contains("learning rate"))
      #expect(!scene.program.names.contains("graded.h5"))
      let tables = try scene.program.run(
        scene.evaluation(
          output: "mixed",
          "--protocol",
          "finetune,linear-probe",
          "--epochs",
          "2",
          "--learning-rate",
          "1e30",
          "--warm-up",
          "0",
          "--json"
        )
      )
      #expect(tables.status == 1)
      let results = try JSONSerialization.jsonObject(with: Data(tables.output.utf8))
      let names = (results as? [[String: Any]])?.compactMap {
        (($0["run"] as? [String: Any])?["status"] as? [String: Any])?["outcome"] as? String
      }
      #expect(
        names?.count == 2 && names?.first == "failed" && names?.last != "failed",
        "\(names ?? [])"
      )
    }
  }
}
