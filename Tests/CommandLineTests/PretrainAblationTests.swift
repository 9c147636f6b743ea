import Foundation
import Testing

extension CommandLineTests {
  /// Trainings that differ in one thing each, and what is kept of them.
  @Suite struct PretrainAblation {
    @Test func anAblationIsTakenUpWhereItWasLeft() throws {
      let scene = try PretrainScene()
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

    /// An ablation of two arms and one seed.
    private func trained(_ scene: PretrainScene) throws -> (command: [String], table: Data) {
      try scene.writeTinyCheckpoint(to: "tiny.h5")
      try scene.write(
        """
        name: arms
        model: { checkpoint: tiny.h5 }
        pairs: { dataset: drawn }
        training: { epochs: 1, batch: 12, learning_rate: 1e-3, warm_up_epochs: 0 }
        ablation: { losses: [infonce, wsc], queue: [off], seeds: 1, datasets: [drawn] }
        """,
        to: "arms.yaml"
      )
      let command = scene.command("--ablate", "arms.yaml", in: "out")
      let outcome = try scene.program.run(command)
      #expect(outcome.status == 0, "\(outcome.error)")
      return (command, try scene.data("out/arms/ablation.md"))
    }

    private func names(_ folder: String, _ scene: PretrainScene) throws -> [String] {
      try FileManager.default.contentsOfDirectory(atPath: scene.program.path(folder)).sorted()
    }

    /// Scores that no training comes to, and a set that lacks a protocol, are made anew; others are kept.
    @Test func keptScoresAreChecked() throws {
      let scene = try PretrainScene()
      defer { scene.program.removeFolder() }
      let (command, table) = try trained(scene)
      let arm = "out/arms/wsc/seed-0"
      let runs = try names("\(arm)/runs", scene).count
      let file = try scene.data("\(arm)/scores.json")
      #expect(try scene.program.run(command).status == 0)
      #expect(try names("\(arm)/runs", scene).count == runs, "kept scores aren't evaluated anew")

      var object = try #require(try JSONSerialization.jsonObject(with: file) as? [String: Any])
      let scores = try #require(object["scores"] as? [[String: Any]])
      var impossible = scores
      impossible[0]["value"] = 7
      for wrong in [impossible, scores.filter { $0["protocolName"] as? String == "zero-shot" }] {
        object["scores"] = wrong
        try scene.program.write(
          JSONSerialization.data(withJSONObject: object),
          to: "\(arm)/scores.json"
        )
        let again = try scene.program.run(command)
        #expect(again.status == 0, "\(again.error)")
        #expect(try scene.data("out/arms/ablation.md") == table)
      }
    }

    @Test func whatAKilledCommandLeftIsRemoved() throws {
      let scene = try PretrainScene()
      defer { scene.program.removeFolder() }
      let (command, _) = try trained(scene)
      let arm = "out/arms/wsc/seed-0"
      let whole = try names(arm, scene)
      for name in ["state.h5", "best-1.h5", ".pretrained.h5.0A.partial"] {
        try scene.write("left", to: "\(arm)/\(name)")
      }
      try FileManager.default.createDirectory(
        atPath: scene.program.path("\(arm)/features/more"),
        withIntermediateDirectories: true
      )
      #expect(try scene.program.run(command).status == 0)
      #expect(try names(arm, scene) == whole)
    }

    /// The first arm could be trained; the second one's queue would never be full.
    @Test func everyArmIsCheckedBeforeTheFirstIsTrained() throws {
      let scene = try PretrainScene()
      defer { scene.program.removeFolder() }
      try scene.write(
        """
        name: long
        model: { random: vilref-small, image_size: 64 }
        pairs: { dataset: drawn }
        queue: { length: 200 }
        training: { epochs: 1, batch: 12 }
        ablation: { losses: [infonce], queue: [off, on], seeds: 1, datasets: [drawn] }
        """,
        to: "long.yaml"
      )
      let outcome = try scene.program.run(scene.command("--ablate", "long.yaml", in: "out"))
      expectFailure(
        outcome,
        status: 65,
        containing: "long.yaml:4: ",
        "queue length is 200, expected at most 12"
      )
      #expect(!FileManager.default.fileExists(atPath: scene.program.path("out")))
    }
  }
}
