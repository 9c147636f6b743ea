import Checkpoints
import Foundation
import Testing
import TestSupport

/// Every format gives what PyTorch gives.
struct ArchiveTests {
  private static let files = [
    "types.pt", "types-legacy.pt", "types-protocol4.pt", "types-protocol5-legacy.pt",
    "types-deflated.pt", "types-big-endian.pt", "unsigned.pt", "views.pt", "views-legacy.pt",
    "training.pt", "training-legacy.pt", "parameter.pt", "types.safetensors", "wrapped.safetensors",
    "checkpoint.h5",
  ]

  @Test("names, shapes, types and every bit equal PyTorch's", arguments: files)
  func equalsPyTorch(file: String) throws {
    let expected = try #require(try CheckpointFixtures.expected()[file])
    let archive = try openArchive(at: CheckpointFixtures.path(file))
    #expect(Set(archive.tensors.map(\.name)) == Set(expected.keys))
    #expect(archive.tensors.count == expected.count)
    #expect(archive.parameterCount == expected.values.reduce(0) { $0 + $1.bits.count })
    for tensor in archive.tensors {
      let reference = try #require(expected[tensor.name])
      #expect(tensor.shape == reference.shape, "\(tensor.name)")
      #expect(tensor.elementType.rawValue == reference.type, "\(tensor.name)")
      let bits = try archive.read(tensor.name).map(\.bitPattern)
      #expect(bits == reference.bits, "\(file): \(tensor.name)")
    }
  }

  @Test("the format is told by content, not by name")
  func formats() throws {
    let formats: [(String, ArchiveFormat)] = [
      ("types.pt", .pyTorch), ("types-legacy.pt", .pyTorchLegacy),
      ("types.safetensors", .safetensors), ("checkpoint.h5", .checkpoint),
      ("foreign-v110.h5", .hdf5),
    ]
    for (file, format) in formats {
      let bytes = try CheckpointFixtures.bytes(file)
      let found = try withFile(bytes, named: "model.txt") { try openArchive(at: $0).format }
      #expect(found == format)
    }
  }

  @Test("wrapped weights lose container and prefix, and the archive says so")
  func wrapping() throws {
    for file in ["training.pt", "training-legacy.pt"] {
      let archive = try openArchive(at: CheckpointFixtures.path(file))
      #expect(archive.wrapping.container == "state_dict")
      #expect(archive.wrapping.prefix == "module.")
      #expect(
        archive.metadata == ["epoch": "3", "arch": "linear", "best": "0.5", "done": "true"]
      )
    }
    let parameter = try openArchive(at: CheckpointFixtures.path("parameter.pt"))
    #expect(parameter.wrapping == ArchiveWrapping(container: "model", prefix: "", alternatives: []))
    let wrapped = try openArchive(at: CheckpointFixtures.path("wrapped.safetensors"))
    #expect(wrapped.wrapping.prefix == "module.")
  }

  @Test("of two sets of weights one has to be named")
  func ambiguous() throws {
    let path = CheckpointFixtures.path("student-teacher.pt")
    #expect(
      reason { _ = try openArchive(at: path) } == .ambiguous(containers: ["student", "teacher"])
    )
    let teacher = try openArchive(at: path, container: "teacher")
    #expect(try teacher.read("w") == [0, 0, 0])
    #expect(teacher.wrapping.alternatives == ["student"])
    #expect(
      reason { _ = try openArchive(at: path, container: "ema") } == .missingObject(name: "ema")
    )
  }

  @Test("a tensor of another name or shape is an error that names it")
  func missing() throws {
    let archive = try openArchive(at: CheckpointFixtures.path("types.pt"))
    #expect(reason { _ = try archive.read("f33") } == .missingObject(name: "f33"))
    #expect(
      reason { _ = try archive.read("f32", shape: [5, 3]) }
        == .unexpectedShape(name: "f32", expected: [5, 3], found: [3, 5])
    )
    #expect(try archive.read("f32", shape: [3, 5]).count == 15)
  }

  @Test("what is no file of tensors is refused with one line that says what it is")
  func refused() throws {
    #expect(reason { _ = try openArchive(at: "/nowhere/model.pt") } == .notFound)
    #expect(
      reason { _ = try openArchive(at: NSTemporaryDirectory()) }
        == .unreadable(detail: "it is a folder")
    )
    for bytes in [[], Array("hello, this is text".utf8), [UInt8](repeating: 0, count: 600)] {
      try withFile(bytes) { path in
        guard case .unreadable = reason({ _ = try openArchive(at: path) }) else {
          Issue.record("\(bytes.count) bytes were accepted")
          return
        }
      }
    }
    guard
      case .unsupported = reason({ _ = try openArchive(at: CheckpointFixtures.path("number.pt")) })
    else {
      Issue.record("a pickled number was accepted")
      return
    }
    do {
      _ = try openArchive(at: CheckpointFixtures.path("number.pt"))
    } catch {
      #expect("\(error)".split(separator: "\n").count == 1)
      #expect("\(error)".contains("number.pt: holds no dictionary of tensors"))
    }
  }

  @Test("the SHA-256 of a file is the standard's")
  func digest() throws {
    let sum = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
    let found = try withFile(Array("abc".utf8)) { try FileDigest.sha256(of: $0) }
    #expect(found == sum)
  }
}
