import Checkpoints
import Foundation
import Randomness
import Testing
import TestSupport

/// Damaged files of every format end in one line of error or in numbers, never in a crash.
struct DamageTests {
  private static let files = [
    "types.pt", "types-deflated.pt", "types-legacy.pt", "views.pt", "training.pt",
    "training-legacy.pt", "types-protocol4.pt", "types.safetensors", "checkpoint.h5",
    "foreign-v110.h5",
  ]

  /// Reads everything that a file has.
  private static func readAll(_ path: String) throws {
    let archive = try openArchive(at: path)
    for tensor in archive.tensors {
      let values = try archive.read(tensor.name)
      #expect(values.count == tensor.count)
    }
  }

  /// Reads a damaged file; what is thrown must be an error of damage, on one line.
  private static func survive(_ bytes: [UInt8], _ context: @autoclosure () -> String) throws -> Bool
  {
    try withFile(bytes) { path in
      do {
        try readAll(path)
        return true
      } catch let error as CheckpointError {
        #expect(error.reason.isDamage, "\(context()): \(error)")
        #expect(error.path == path, "\(context()): \(error)")
        #expect(!error.description.contains("\n"), "\(context()): \(error)")
        return false
      }
    }
  }

  @Test("a file cut short at any place is refused", arguments: files)
  func truncated(file: String) throws {
    let bytes = try CheckpointFixtures.bytes(file)
    let step = max(1, bytes.count / 100)
    for length in stride(from: 0, to: bytes.count, by: step) + [bytes.count - 1] {
      let isRead = try Self.survive(Array(bytes[..<length]), "\(file), \(length) bytes")
      #expect(!isRead, "\(file) cut to \(length) of \(bytes.count) bytes was read")
    }
  }

  @Test("a file with changed bytes gives an error or numbers", arguments: files)
  func changed(file: String) throws {
    let bytes = try CheckpointFixtures.bytes(file)
    let seed: UInt64 = 41
    for round in 0..<200 {
      var random = RandomSource(seed: seed, UInt32(round))
      var damaged = bytes
      for _ in 0...random.nextIndex(below: 4) {
        let place = random.nextIndex(below: bytes.count)
        switch random.nextIndex(below: 3) {
        case 0: damaged[place] ^= 1 << UInt8(random.nextIndex(below: 8))
        case 1: damaged[place] = UInt8(random.nextIndex(below: 256))
        default: damaged[place] = [0, 0x7F, 0x80, 0xFF][random.nextIndex(below: 4)]
        }
      }
      _ = try Self.survive(damaged, "\(file), seed \(seed), round \(round)")
    }
  }

  @Test("a changed value of a ZIP archive is noticed")
  func noticed() throws {
    let bytes = try CheckpointFixtures.bytes("types.pt")
    // The archive's own checksum covers a stored tensor.
    let scalar = littleEndian(4.6052)
    let place = try #require(bytes.indices.first { bytes[$0...].starts(with: scalar) })
    var damaged = bytes
    damaged[place] ^= 4
    try withFile(damaged) { path in
      let archive = try openArchive(at: path)
      guard case .malformed(let place, _) = reason({ _ = try archive.read("scalar") }) else {
        Issue.record("a changed value was read")
        return
      }
      #expect(place.hasPrefix("ZIP entry \"types/data/"))
    }
  }
}
