import Foundation
import Testing

extension CommandLineTests {
  @Suite struct Usage {
    @Test func versionIsPrinted() throws {
      let program = try Program()
      defer { program.removeFolder() }
      let outcome = try program.run("--version")
      #expect(outcome.status == 0)
      #expect(outcome.output.split(separator: ".").count == 3)
    }

    @Test(arguments: [
      ["convert"], ["inspect"], ["datasets"], ["datasets", "list"], ["datasets", "check"],
      ["datasets", "describe"], ["datasets", "synthesize"], ["evaluate"], ["predict"], ["finetune"],
    ])
    func everyCommandHasExamples(command: [String]) throws {
      let program = try Program()
      defer { program.removeFolder() }
      let outcome = try program.run(command + ["--help"])
      #expect(outcome.status == 0)
      #expect(outcome.output.contains("Examples:"))
      #expect(outcome.output.contains("  vbench \(command.joined(separator: " ")) "))
    }

    @Test func wrongOptionsEndWith64() throws {
      let program = try Program()
      defer { program.removeFolder() }
      for arguments in [
        ["--no-such-option"], ["no-such-command"], ["inspect"],
        ["datasets", "check", "--threads", "0"],
        ["convert", "a.pt", "b.h5", "--image-size", "0"], ["convert", "a.pt"],
        ["evaluate", "--checkpoint", "a.h5", "--dataset", "a", "--batch-size", "0"],
        ["datasets", "synthesize", "out", "--count", "0"],
        ["datasets", "synthesize", "out", "--count", "1", "--size", "31"],
      ] {
        let outcome = try program.run(arguments)
        #expect(outcome.status == 64, "\(arguments): \(outcome.error)")
        #expect(outcome.error.hasPrefix("Error: "), "\(arguments): \(outcome.error)")
      }
      #expect(program.names.isEmpty)
    }

    @Test(arguments: ["bash", "zsh", "fish"])
    func completionsAreMade(shell: String) throws {
      let program = try Program()
      defer { program.removeFolder() }
      let outcome = try program.run("--generate-completion-script", shell)
      #expect(outcome.status == 0)
      #expect(outcome.output.contains("inspect"))
    }
  }
}
