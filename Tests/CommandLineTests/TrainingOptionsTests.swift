import Foundation
import Testing

extension CommandLineTests {
  /// Options of trainings that nobody reads, or that have wrong values.
  @Suite struct TrainingOptions {
    /// Arguments and what is said of them.
    struct Case: Sendable, CustomTestStringConvertible {
      let arguments: [String]
      let parts: [String]

      var testDescription: String { arguments.joined(separator: " ") }
    }

    private static func of(
      _ protocolName: String,
      _ arguments: String...,
      says parts: String...
    ) -> Case {
      Case(arguments: ["--protocol", protocolName] + arguments, parts: parts)
    }

    static let cases = [
      of("linear-probe", "--epochs", "3", says: "--epochs", "--solver adamw"),
      of("linear-probe", "--solver", "lbfgs", "--learning-rate", "1", says: "--learning-rate"),
      of("linear-probe", "--weight-decay", "1", says: "--weight-decay"),
      of("linear-probe", "--train", "all", says: "--train", "finetune"),
      of("linear-probe", "--solver", "adamw", "--train", "all", says: "--train", "finetune"),
      of("linear-probe", "--solver", "adamw", "--augmentation", "light", says: "--augmentation"),
      of("linear-probe", "--solver", "adamw", "--recompute", says: "--recompute", "finetune"),
      of("linear-probe", "--solver", "adamw", "--layer-decay", "0.5", says: "--layer-decay"),
      of("linear-probe", "--solver", "adamw", "--strength", "1", says: "--strength", "lbfgs"),
      of("linear-probe", "--solver", "adamw", "--scheme", "multinomial", says: "--scheme"),
      of("linear-probe", "--language", "en", says: "--language", "zero-shot"),
      of("finetune", "--strength", "1", says: "--strength", "lbfgs"),
      of("finetune", "--solver", "adamw", says: "--solver", "linear probe"),
      of("finetune", "--scaling", "none", says: "--scaling", "linear probe"),
      of("finetune", "--train", "most", says: "--train is most", "last:N"),
      of("finetune", "--train", "last:3", says: "last:3", "at most last:2"),
      of("finetune", "--train", "lora:0", says: "lora:0"),
      of("finetune", "--threshold", "2", says: "--threshold is 2", "0 to 1"),
      of("finetune", "--augmentation", "x", says: "--augmentation is x", "retfound"),
      of("finetune", "--seeds", "0", says: "--seeds is 0", "1 to 1000"),
      of("finetune", "--shots", "0", says: "--shots is 0"),
      of("finetune", "--weight-decay", "0,1", says: "--weight-decay", "one"),
      of("finetune", "--weight-decay=-1", says: "--weight-decay"),
      of("finetune", "--epochs", "0", says: "epochs is 0", "at least 1"),
      of("finetune", "--epochs", "\(Int.max)", says: "epochs is \(Int.max)", "at most 1000000"),
      of(
        "linear-probe",
        "--solver",
        "adamw",
        "--train-batch",
        "\(Int.max)",
        says: "batch size is \(Int.max)",
        "at most 1000000"
      ),
      of("finetune", "--learning-rate", "0", says: "learning rate"),
      of("finetune", "--learning-rate", "nan", says: "learning rate"),
      of("finetune", "--label-smoothing", "1", says: "label smoothing"),
      of("finetune", "--warm-up", "99", says: "warm-up is 99"),
      of("finetune", "--drop-path", "1", says: "--drop-path"),
      of("finetune", "--preset", "eva-offline", says: "eva-offline", "linear-probe"),
      of("zero-shot", "--class-weights", "balanced", says: "--class-weights"),
      of("zero-shot", "--threshold", "0.5", says: "--threshold"),
      of("zero-shot", "--features", "pooled", says: "--features"),
      of("zero-shot", "--seeds", "2", says: "--seeds"),
      of("zero-shot", "--epochs", "2", says: "--epochs"),
      of("retrieval", "--shots", "2", says: "--shots", "retrieval"),
      of("retrieval", "--language", "en", says: "--language", "zero-shot"),
      of("retrieval,zero-shot", "--features", "pooled", says: "--features", "zero-shot and"),
      of("retrieval", "--preset", "clip-zeroshot", says: "clip-zeroshot", "zero-shot"),
    ]

    @Test(arguments: cases)
    func wrongOrUnreadOptionsEndWith64(example: Case) throws {
      let scene = try TrainingScene()
      defer { scene.program.removeFolder() }
      let outcome = try scene.program.run(scene.evaluation(output: "out") + example.arguments)
      #expect(outcome.status == 64, "\(outcome.error)")
      #expect(outcome.errorLines.count == 1, "\(outcome.error)")
      for part in example.parts { #expect(outcome.error.contains(part), "\(outcome.error)") }
      #expect(
        outcome.output.isEmpty && !scene.files(below: "out").contains { $0.hasSuffix(".json") }
      )
    }

    @Test func whatTheCommandTrainsOnceIsNotRepeated() throws {
      let scene = try TrainingScene()
      defer { scene.program.removeFolder() }
      let command = [
        "finetune", "--checkpoint", "tiny.h5", "--dataset", "drawn/disease", "--datasets",
        "sets.yaml", "--trained", "graded.h5",
      ]
      for (arguments, part) in [
        (["--seeds", "0"], "--seeds is 0"), (["--seeds", "3"], "trains once"),
        (["--shots", "1,5"], "--shots asks for 2 trainings"), (["--strength", "1"], "--strength"),
        (["--train", "x"], "--train is x"),
      ] {
        let outcome = try scene.program.run(command + arguments)
        expectFailure(outcome, status: 64, containing: part)
      }
      let tasks = try scene.program.run([
        "finetune", "--checkpoint", "tiny.h5", "--dataset", "drawn", "--datasets", "sets.yaml",
        "--trained", "graded.h5",
      ])
      expectFailure(tasks, status: 64, containing: "drawn has 2 tasks", "drawn/disease")
      #expect(scene.program.names == ["sets.yaml", "tiny.h5"])
    }
  }
}
