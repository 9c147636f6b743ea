import Foundation
import Testing

extension CommandLineTests {
  @Suite struct InterruptedWork {
    @Test(arguments: [(SIGINT, Int32(130)), (SIGTERM, Int32(143))])
    func unfinishedFilesAreRemoved(signal: Int32, status: Int32) throws {
      let program = try Program()
      defer { program.removeFolder() }
      // Drawing so many takes many minutes: it can't be finished when the signal comes.
      let run = try program.start(
        ["datasets", "synthesize", "out", "--count", "100000", "--size", "512", "--threads", "2"]
      )
      let deadline = ContinuousClock.now + .seconds(120)
      while !hasBegun(program), run.process.isRunning, ContinuousClock.now < deadline {
        Thread.sleep(forTimeInterval: 0.05)
      }
      #expect(hasBegun(program))
      kill(run.process.processIdentifier, signal)
      let outcome = try program.finish(run)
      #expect(run.process.terminationReason == .exit)
      #expect(outcome.status == status)
      #expect(program.names.isEmpty)
      let isTold = outcome.error.hasSuffix("vbench: interrupted; nothing was written\n")
      #expect(isTold, "\(outcome.error)")
    }

    /// Whether a photograph has been written.
    private func hasBegun(_ program: Program) -> Bool {
      guard let partial = program.names.first(where: { $0.hasSuffix("partial") }) else {
        return false
      }
      let images = program.path("\(partial)/images")
      return (try? FileManager.default.contentsOfDirectory(atPath: images))?.isEmpty == false
    }
  }
}
