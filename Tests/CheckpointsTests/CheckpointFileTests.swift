import Checkpoints
import Foundation
import Randomness
import Testing
import TestSupport

/// This project's own format.
struct CheckpointFileTests {
  private static let header = CheckpointHeader(
    architecture: #"{"kind":"test","name":"眼"}"#,
    preprocessing: #"{"size":[32,48]}"#,
    provenance: CheckpointProvenance(source: "a/b \"c\".pt", sha256: "00", tool: "test 1"),
    vocabulary: ["[PAD]", "眼", "##s", ""]
  )

  private static func tensors() -> [(name: String, shape: [Int], values: [Float])] {
    var random = RandomSource(seed: 5)
    let noise = (0..<105).map { _ in Float(bitPattern: UInt32(truncatingIfNeeded: random.next())) }
    return [
      ("visual.conv1.weight", [3, 5, 7], noise),
      ("a b.眼", [2], [-0.0, .infinity]),
      ("logit_scale", [], [4.6052]),
      ("empty", [0, 3], []),
      ("nan", [1, 2], [.nan, Float(bitPattern: 0x7FC1_2345)]),
    ]
  }

  private static func write(to path: String) throws {
    let writer = try CheckpointWriter(creating: path, header: header)
    for tensor in tensors() {
      try writer.write(tensor.name, shape: tensor.shape, values: tensor.values)
    }
    try writer.finish()
  }

  @Test("a round trip keeps header, names, shapes and every bit")
  func roundTrip() throws {
    try withTemporaryFolder { folder in
      let path = folder.appending(path: "x.h5").path(percentEncoded: false)
      try Self.write(to: path)
      let checkpoint = try CheckpointFile(path, verification: .onOpening)
      #expect(checkpoint.header == Self.header)
      #expect(Set(checkpoint.tensors.map(\.name)) == Set(Self.tensors().map(\.name)))
      for tensor in Self.tensors() {
        #expect(checkpoint.description(of: tensor.name)?.shape == tensor.shape)
        #expect(
          try checkpoint.read(tensor.name).map(\.bitPattern) == tensor.values.map(\.bitPattern)
        )
      }
      #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path()) == ["x.h5"])
    }
  }

  @Test("equal contents give equal files")
  func deterministic() throws {
    try withTemporaryFolder { folder in
      let paths = ["a.h5", "b.h5"].map { folder.appending(path: $0).path(percentEncoded: false) }
      try Self.write(to: paths[0])
      // Times that HDF5 may note are whole seconds.
      Thread.sleep(forTimeInterval: 1.1)
      try Self.write(to: paths[1])
      let sums = try paths.map { try FileDigest.sha256(of: $0) }
      #expect(sums[0] == sums[1])
    }
  }

  @Test("a PyTorch file converts bit for bit")
  func convert() throws {
    try withTemporaryFolder { folder in
      let path = folder.appending(path: "x.h5").path(percentEncoded: false)
      let source = try openArchive(at: CheckpointFixtures.path("views.pt"))
      try CheckpointFile.write(to: path, header: Self.header, tensors: source.tensors) {
        try source.read($0.name)
      }
      let expected = try #require(try CheckpointFixtures.expected()["views.pt"])
      let copy = try openArchive(at: path)
      #expect(copy.tensors.count == expected.count)
      for (name, tensor) in expected {
        #expect(try copy.read(name, shape: tensor.shape).map(\.bitPattern) == tensor.bits)
      }
    }
  }

  @Test("a checkpoint of h5py's making is verified and read")
  func fromPython() throws {
    let checkpoint = try CheckpointFile(
      CheckpointFixtures.path("checkpoint.h5"),
      verification: .onOpening
    )
    #expect(checkpoint.header.vocabulary == ["[PAD]", "[UNK]", "眼", "##ing"])
    #expect(checkpoint.header.provenance.tool == "h5py")
    #expect(checkpoint.header.architecture == #"{"kind": "test", "width": 5}"#)
  }

  @Test("a changed value, name or token is found, and named")
  func tampered() throws {
    try withTemporaryFolder { folder in
      let path = folder.appending(path: "x.h5").path(percentEncoded: false)
      try Self.write(to: path)
      let bytes = Array(try Data(contentsOf: URL(filePath: path)))
      let value = littleEndian(4.6052)
      let changes: [(find: [UInt8], names: [String]?)] = [
        (value, ["logit_scale"]), (Array("[PAD]".utf8), ["/tokenizer/vocabulary"]),
        // HDF5's own checksum covers attributes and names.
        (Array(#"{"kind":"test""#.utf8), nil), (Array("logit_scale".utf8), nil),
      ]
      for change in changes {
        let places = bytes.indices.filter { bytes[$0...].starts(with: change.find) }
        let place = try #require(places.first)
        var damaged = bytes
        damaged[place + 2] ^= 1
        try Data(damaged).write(to: URL(filePath: path))
        let found = reason { _ = try CheckpointFile(path, verification: .onOpening) }
        if let names = change.names {
          #expect(found == .checksumMismatch(names: names))
        } else {
          #expect(found?.isDamage == true)
        }
      }
    }
  }

  @Test("verification can be put off and skipped")
  func verificationModes() throws {
    try withTemporaryFolder { folder in
      let path = folder.appending(path: "x.h5").path(percentEncoded: false)
      try Self.write(to: path)
      var bytes = Array(try Data(contentsOf: URL(filePath: path)))
      let value = littleEndian(4.6052)
      let place = try #require(bytes.indices.first { bytes[$0...].starts(with: value) })
      bytes[place] ^= 1
      try Data(bytes).write(to: URL(filePath: path))
      let checkpoint = try CheckpointFile(path)
      #expect(
        reason { _ = try checkpoint.read("logit_scale") }
          == .checksumMismatch(names: ["logit_scale"])
      )
      #expect(try checkpoint.read("empty") == [])
      #expect(try CheckpointFile(path, verification: .skipped).read("logit_scale").count == 1)
    }
  }

  @Test("a failure while writing leaves the old file and nothing else")
  func failure() throws {
    try withTemporaryFolder { folder in
      let path = folder.appending(path: "x.h5").path(percentEncoded: false)
      try Data("old".utf8).write(to: URL(filePath: path))
      struct Stop: Error {}
      #expect(throws: Stop.self) {
        let tensors = [TensorDescription(name: "w", shape: [2], elementType: .float32)]
        try CheckpointFile.write(to: path, header: Self.header, tensors: tensors) { _ in
          throw Stop()
        }
      }
      #expect(try String(contentsOfFile: path, encoding: .utf8) == "old")
      #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path()) == ["x.h5"])
    }
  }

  @Test("names that the format can't hold, and unwritable places")
  func invalid() throws {
    try withTemporaryFolder { folder in
      let path = folder.appending(path: "x.h5").path(percentEncoded: false)
      let writer = try CheckpointWriter(creating: path, header: Self.header)
      for name in ["a/b", "", ".", ".."] {
        guard case .invalidName = reason({ try writer.write(name, shape: [1], values: [0]) }) else {
          Issue.record("\"\(name)\" was accepted")
          continue
        }
      }
      try writer.write("w", shape: [1], values: [0])
      #expect(
        reason { try writer.write("w", shape: [1], values: [0]) }
          == .alreadyExists(name: "/model/w")
      )
    }
    guard
      case .notWritable = reason({
        _ = try CheckpointWriter(creating: "/nowhere/x.h5", header: Self.header)
      })
    else {
      Issue.record("a folder that doesn't exist was written to")
      return
    }
  }

  @Test("an HDF5 file of another kind or of a newer version is refused by name")
  func otherKinds() throws {
    guard
      case .unsupported = reason({
        _ = try CheckpointFile(CheckpointFixtures.path("foreign-v110.h5"))
      })
    else {
      Issue.record("foreign.h5 was taken for a checkpoint")
      return
    }
    try withTemporaryFolder { folder in
      let path = folder.appending(path: "x.h5").path(percentEncoded: false)
      let file = try HDF5File(creating: path)
      try file.setAttribute("vbench-checkpoint", named: "format")
      try file.setAttribute(2, named: "version")
      try file.commit()
      #expect(reason { _ = try CheckpointFile(path) } == .newerVersion(found: 2, supported: 1))
    }
  }
}
