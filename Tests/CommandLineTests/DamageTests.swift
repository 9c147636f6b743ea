import Foundation
import TestSupport
import Testing

extension CommandLineTests {
  /// Files that are not what they should be: one line, the right exit code, nothing left behind.
  @Suite struct DamagedWeights {
    /// How a file is made, and what is said of it.
    struct Case: CustomTestStringConvertible, Sendable {
      let name: String
      let status: Int32
      let part: String
      let content: @Sendable () throws -> Data?

      var testDescription: String { name }
    }

    static let cases = [
      Case(name: "missing.pt", status: 66, part: "no such file") { nil },
      Case(name: "empty.pt", status: 65, part: "empty") { Data() },
      Case(name: "garbage.pt", status: 65, part: "neither an HDF5 file") {
        Data((0..<4000).map { UInt8(truncatingIfNeeded: $0 * 167 + 13) })
      },
      Case(name: "truncated.pt", status: 65, part: "can't be read") {
        try fixture("training.pt").prefix(5000)
      },
      Case(name: "truncated-legacy.pt", status: 65, part: "truncated-legacy.pt") {
        try fixture("training-legacy.pt").prefix(3000)
      },
      Case(name: "truncated.safetensors", status: 65, part: "truncated.safetensors") {
        try WeightFiles.safetensors(WeightFiles.tensors()).dropLast(9)
      },
      Case(name: "truncated.h5", status: 65, part: "truncated.h5") {
        try fixture("checkpoint.h5").prefix(3000)
      },
      Case(name: "old-format.h5", status: 65, part: "h5repack") { try fixture("foreign.h5") },
      Case(name: "hostile.pt", status: 65, part: "posix.system") { WeightFiles.hostilePickle },
    ]

    private static func fixture(_ name: String) throws -> Data {
      try Data(contentsOf: Fixtures.directory.appending(path: "Checkpoints/\(name)"))
    }

    @Test(arguments: cases)
    func convertAndInspectRefuse(damage: Case) throws {
      let program = try Program()
      defer { program.removeFolder() }
      if let content = try damage.content() { try program.write(content, to: damage.name) }
      let before = program.names
      for arguments in [["convert", damage.name, "out.h5"], ["inspect", damage.name]] {
        let outcome = try program.run(arguments)
        expectFailure(outcome, status: damage.status, containing: damage.name, damage.part)
        #expect(outcome.output.isEmpty)
        #expect(program.names == before)
      }
    }

    @Test func checksumsOfCheckpointsAreCompared() throws {
      let program = try Program()
      defer { program.removeFolder() }
      let tensors = try WeightFiles.tensors()
      try program.write(WeightFiles.safetensors(tensors), to: "pair.safetensors")
      #expect(try program.run("convert", "pair.safetensors", "pair.h5").status == 0)
      var bytes = [UInt8](try Data(contentsOf: program.folder.appending(path: "pair.h5")))
      // The first elements of a tensor: 0, 1/128, 2/128 as little-endian float32.
      let pattern: [UInt8] = [0, 0, 0, 0, 0, 0, 0, 0x3C, 0, 0, 0x80, 0x3C]
      let place = try #require(
        (0..<bytes.count - 12).first { Array(bytes[$0..<$0 + 12]) == pattern }
      )
      bytes[place + 7] ^= 1
      try program.write(Data(bytes), to: "pair.h5")
      let outcome = try program.run("inspect", "pair.h5")
      expectFailure(outcome, status: 65, containing: "pair.h5", "checksum")
    }

    @Test func namesCannotMoveTheCursor() throws {
      let program = try Program()
      defer { program.removeFolder() }
      let data = try WeightFiles.safetensors([("evil\u{1b}[2J\u{202e}name", [2, 3])])
      try program.write(data, to: "evil.safetensors")
      let outcome = try program.run("inspect", "evil.safetensors")
      #expect(outcome.status == 0, "\(outcome.error)")
      #expect(outcome.output.contains("evil\u{FFFD}[2J\u{FFFD}name"))
      #expect(!outcome.output.contains("\u{1b}"))
    }
  }
}
