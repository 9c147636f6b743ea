import Foundation
import Testing

extension CommandLineTests {
  @Suite struct ProgressOfWork {
    private static let terminal = "/usr/bin/script"
    private static let hasTerminal = FileManager.default.isExecutableFile(atPath: terminal)

    /// Draws photographs on a terminal of 64 columns; what the terminal gets is the output.
    private func draw(
      _ options: String = "",
      _ environment: [String: String] = [:]
    ) throws -> String {
      let program = try Program()
      defer { program.removeFolder() }
      let command = "'\(try Program.path)' datasets synthesize out --count 9 --size 64 \(options)"
      let run = try program.start(
        ["--quiet", "--return", "--command", command, "/dev/null"],
        executable: Self.terminal,
        environment: ["COLUMNS": "64"].merging(environment) { $1 }
      )
      let outcome = try program.finish(run)
      #expect(outcome.status == 0, "\(outcome.output)\(outcome.error)")
      #expect(outcome.output.contains("out now holds 9 photographs"))
      return outcome.output
    }

    @Test(.enabled(if: hasTerminal, "a terminal: needs script(1)"))
    func oneLineIsRewrittenOnATerminal() throws {
      let output = try draw()
      #expect(output.contains("9 of 9 photographs"))
      #expect(output.contains("100 %"))
      // "\r\n" is one character: the returns that are left rewrite a line.
      let rewritten = output.split(separator: "\r\n").filter { $0.contains("\r") }
      #expect(rewritten.count == 1)
      let texts = rewritten.flatMap { $0.split(separator: "\r") }.map {
        $0.replacing("\u{1b}[K", with: "").replacing("\u{1b}[2m", with: "")
          .replacing("\u{1b}[0m", with: "")
      }
      #expect(texts.count >= 2)
      for text in texts { #expect(text.count <= 64, "\(text)") }
    }

    @Test(.enabled(if: hasTerminal, "a terminal: needs script(1)"))
    func coloursAndProgressCanBeTurnedOff() throws {
      let plain = try draw("", ["NO_COLOR": "1"])
      #expect(plain.contains("9 of 9 photographs"))
      #expect(!plain.contains("\u{1b}[2m"))
      #expect(try draw("", ["TERM": "dumb"]).contains("\u{1b}") == false)
      #expect(try draw("--quiet").contains("9 of 9") == false)
    }

    @Test func nothingIsRewrittenElsewhere() throws {
      let program = try Program()
      defer { program.removeFolder() }
      let outcome = try program.run(
        ["datasets", "synthesize", "out", "--count", "9", "--size", "64"]
      )
      #expect(outcome.status == 0)
      #expect(!outcome.error.contains("\r"))
      #expect(!outcome.error.contains("\u{1b}"))
    }
  }
}
