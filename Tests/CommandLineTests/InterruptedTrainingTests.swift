import Foundation
import Testing

extension CommandLineTests {
  /// Processes that end in the middle of a training, and the same command again.
  @Suite struct InterruptedTraining {
    /// So many epochs take seconds: time enough to end the process.
    private static let options = [
      "--protocol", "finetune", "--epochs", "120", "--train-batch", "8", "--learning-rate", "1e-4",
      "--augmentation", "strong", "--patience", "0", "--seeds", "2", "--head-start", "zeros",
      "--json",
    ]

    private func whole(_ scene: TrainingScene) throws -> (scores: [[Double]], measured: Data) {
      let outcome = try scene.program.run(scene.evaluation(output: "whole") + Self.options)
      #expect(outcome.status == 0, "\(outcome.error)")
      let scores = try scene.scores(below: "whole")
      #expect(scores.count == 2 && scores[0] != scores[1])
      return (scores, try scene.measured(outcome))
    }

    @Test func killedAtAnyMomentItEndsWithTheSameBits() throws {
      let scene = try TrainingScene()
      defer { scene.program.removeFolder() }
      let expected = try whole(scene)
      let command = scene.evaluation(output: "cut") + Self.options
      var moments: [Double] = []
      while moments.count < 4 {
        let run = try scene.program.start(command)
        scene.waitForState(below: "cut", of: run.process)
        moments.append(.random(in: 0...0.6))
        Thread.sleep(forTimeInterval: moments[moments.count - 1])
        kill(run.process.processIdentifier, SIGKILL)
        _ = try scene.program.finish(run)
        #expect(run.process.terminationReason == .uncaughtSignal, "it was killed, not finished")
      }
      #expect(scene.files(below: "cut/runs").isEmpty)
      let outcome = try scene.program.run(command)
      #expect(outcome.status == 0, "\(outcome.error)")
      #expect(outcome.error.contains("goes on after step"), "\(outcome.error)")
      #expect(try scene.scores(below: "cut") == expected.scores, "killed after \(moments) s")
      #expect(try scene.measured(outcome) == expected.measured, "killed after \(moments) s")
    }

    @Test(arguments: [(SIGINT, Int32(130)), (SIGTERM, Int32(143))])
    func onASignalItSavesAndGoesOnLater(signal: Int32, status: Int32) throws {
      let scene = try TrainingScene()
      defer { scene.program.removeFolder() }
      let expected = try whole(scene)
      let command = scene.evaluation(output: "cut") + Self.options
      let run = try scene.program.start(command)
      scene.waitForState(below: "cut", of: run.process)
      kill(run.process.processIdentifier, signal)
      let cut = try scene.program.finish(run)
      #expect(run.process.terminationReason == .exit && cut.status == status, "\(cut.error)")
      #expect(cut.error.contains("the training's state is being saved"), "\(cut.error)")
      #expect(cut.error.contains("the same command goes on"), "\(cut.error)")
      #expect(cut.output.isEmpty && scene.files(below: "cut/runs").isEmpty)
      let outcome = try scene.program.run(command)
      #expect(outcome.status == 0, "\(outcome.error)")
      #expect(outcome.error.contains("goes on after step"), "\(outcome.error)")
      #expect(try scene.scores(below: "cut") == expected.scores)
      #expect(try scene.measured(outcome) == expected.measured)
      // What nothing needs any more is gone.
      #expect(!scene.files(below: "cut/training").contains { $0.hasSuffix(".h5") })
    }
  }
}
