import Checkpoints
import Foundation
import Testing
import TestSupport

/// The HDF5 wrapper against files of h5py's and of its own.
struct HDF5FileTests {
  /// h5py's file in the new format, or in the old one.
  private static func foreign(_ name: String = "foreign-v110.h5") throws -> HDF5File {
    try HDF5File(reading: CheckpointFixtures.path(name), isTrusted: true)
  }

  @Test("numbers of h5py's come in their type or a wider one, never in a narrower")
  func foreignNumbers() throws {
    let file = try Self.foreign()
    let floats = HDF5Array<Float>(values: [0, 1, 2, 3, 4, 5], shape: [2, 3])
    #expect(try file.read("numbers/float32", as: Float.self) == floats)
    #expect(try file.read("/numbers/float32", as: Double.self).values == [0, 1, 2, 3, 4, 5])
    #expect(try file.read("numbers/float64", as: Double.self).values == [0.1, 1e300])
    #expect(try file.read("numbers/float16", as: Float.self).values == [0.5, 65504])
    #expect(try file.read("numbers/big.endian", as: Float.self).values == [1.5, -2])
    #expect(try file.read("numbers/int64", as: Int64.self).values == [.min, .max])
    #expect(
      try file.read("numbers/int32", as: Int32.self)
        == HDF5Array<Int32>(values: [-1, 5], shape: [2, 1])
    )
    #expect(try file.read("numbers/int32", as: Int64.self).values == [-1, 5])
    #expect(try file.read("numbers/uint8", as: UInt8.self).values == [0, 255])
    #expect(try file.read("numbers/bool", as: UInt8.self).values == [1, 0])
    #expect(try file.read("numbers/scalar", as: Float.self) == HDF5Array(values: [2.5], shape: []))
    #expect(try file.read("numbers/empty", as: Float.self) == HDF5Array(values: [], shape: [0, 4]))
    #expect(try file.read("numbers/null", as: Float.self) == HDF5Array(values: [], shape: [0]))
    #expect(
      reason { _ = try file.read("numbers/float64", as: Float.self) }
        == .unexpectedType(name: "numbers/float64", expected: "float32", found: "float64")
    )
    #expect(
      reason { _ = try file.read("numbers/complex", as: Float.self) }
        == .unexpectedType(name: "numbers/complex", expected: "float32", found: "compound")
    )
    #expect(try file.readRounded("numbers/float64").values == [0.1, .infinity])
    #expect(try file.readRounded("numbers/bool").values == [1, 0])
  }

  @Test("chunked and compressed rows are read in part")
  func rows() throws {
    let file = try Self.foreign()
    #expect(
      try file.describe("chunked")
        == HDF5Dataset(
          type: .element(.float32),
          shape: [10, 2],
          maximumShape: [nil, 2],
          chunkShape: [3, 2]
        )
    )
    #expect(
      try file.read("chunked", as: Float.self, rows: 2..<5)
        == HDF5Array(values: [4, 5, 6, 7, 8, 9], shape: [3, 2])
    )
    #expect(try file.read("chunked", as: Float.self, rows: 4..<4).values == [])
    for rows in [8..<11, -1..<2] {
      guard
        case .unexpectedShape = reason({ _ = try file.read("chunked", as: Float.self, rows: rows) })
      else {
        Issue.record("rows \(rows) of 10 were read")
        continue
      }
    }
  }

  @Test("what the library reads without checks is refused in a file that isn't trusted")
  func untrusted() throws {
    let old = CheckpointFixtures.path("foreign.h5")
    guard case .unsupported = reason({ _ = try HDF5File(reading: old) }) else {
      Issue.record("a file of the old format was opened")
      return
    }
    #expect(try Self.foreign("foreign.h5").list() == Self.foreign().list())
    #expect(try Self.foreign("foreign.h5").readStrings("texts/variable") == ["眼底", "", "a b"])
    let new = try HDF5File(reading: CheckpointFixtures.path("foreign-v110.h5"))
    #expect(try new.readStrings("texts/fixed") == ["ab", "", "视"])
    #expect(try new.stringAttribute("fixed") == "seven")
    guard case .unsupported = reason({ _ = try new.readStrings("texts/variable") }) else {
      Issue.record("strings of variable length were read")
      return
    }
    guard case .unsupported = reason({ _ = try new.stringAttribute("text") }) else {
      Issue.record("an attribute of variable length was read")
      return
    }
  }

  @Test("strings of both kinds and attributes of h5py's")
  func foreignTexts() throws {
    let file = try Self.foreign()
    #expect(try file.readStrings("texts/variable") == ["眼底", "", "a b"])
    #expect(try file.readStrings("texts/fixed") == ["ab", "", "视"])
    #expect(try file.readStrings("texts/scalar") == ["one"])
    #expect(try file.stringAttribute("text") == "双眼")
    #expect(try file.stringAttribute("fixed") == "seven")
    #expect(try file.integerAttribute("integer") == 42)
    #expect(try file.doubleAttribute("number") == 0.25)
    #expect(try file.stringAttribute("unit", of: "numbers") == "mm")
    #expect(try file.stringAttribute("absent") == nil)
    #expect(try file.attributeNames() == ["fixed", "integer", "list", "number", "text"])
    #expect(
      reason { _ = try file.integerAttribute("number") }
        == .unexpectedType(name: "number", expected: "int64", found: "float64")
    )
    #expect(
      reason { _ = try file.integerAttribute("list") }
        == .unexpectedShape(name: "list", expected: [], found: [2])
    )
    #expect(
      reason { _ = try file.readStrings("numbers/uint8") }
        == .unexpectedType(name: "numbers/uint8", expected: "string", found: "uint8")
    )
  }

  @Test("links that lead elsewhere are listed and never followed")
  func links() throws {
    let file = try Self.foreign()
    let objects = try file.list()
    #expect(objects.map(\.name).contains("/numbers/float32"))
    #expect(objects.filter { $0.kind == .other }.map(\.name) == ["/link", "/outside"])
    #expect(objects.filter { $0.kind == .group }.map(\.name) == ["/numbers", "/texts"])
    #expect(!file.contains("link") && !file.contains("outside"))
    #expect(reason { _ = try file.describe("outside") } == .missingObject(name: "outside"))
    #expect(reason { _ = try file.list(under: "outside") } == .missingObject(name: "/outside"))
    #expect(file.contains("/") && file.contains("numbers") && !file.contains("numbers/none"))
    #expect(!file.contains("numbers/../texts"))
    guard case .unexpectedType = reason({ _ = try file.describe("numbers") }) else {
      Issue.record("a group was described as a data set")
      return
    }
  }

  @Test("what is written comes back: all types, texts, attributes, rows that grow")
  func roundTrip() throws {
    try withTemporaryFolder { folder in
      let path = folder.appending(path: "x.h5").path(percentEncoded: false)
      let file = try HDF5File(creating: path)
      try file.write([1.5, -0.0] as [Float], shape: [2, 1], to: "a/b/float")
      try file.write([0.1] as [Double], shape: [], to: "double")
      try file.write([Int64.min, 3], shape: [2], to: "int64")
      try file.write([Int32.max], shape: [1], to: "int32")
      try file.write([0, 255] as [UInt8], shape: [1, 2], to: "uint8")
      try file.write(([7, 8, 9] as [Float])[1...], shape: [2], to: "slice")
      try file.write([] as [Float], shape: [3, 0], to: "empty")
      let texts = ["", "眼底", "a\nb"]
      let long = String(repeating: "眼", count: 50_000)
      try file.writeStrings(texts, to: "texts/some")
      try file.writeStrings([], to: "texts/none")
      try file.setAttribute("文", named: "text", of: "texts")
      try file.setAttribute("", named: "nothing")
      try file.setAttribute(long, named: "long")
      try file.setAttribute(-7, named: "integer")
      try file.setAttribute(0.1, named: "number")
      let rows = try file.createGrowing("features", rowShape: [3], of: Float.self, chunkRows: 2)
      try rows.append([0, 1, 2])
      try rows.append([])
      try rows.append([3, 4, 5, 6, 7, 8])
      #expect(rows.rowCount == 3)
      let list = try file.createGrowing("ids", rowShape: [], of: Int64.self)
      try list.append([5, 6])
      #expect(!FileManager.default.fileExists(atPath: path))
      try file.commit()

      let copy = try HDF5File(reading: path)
      #expect(
        try copy.read("a/b/float", as: Float.self)
          == HDF5Array(values: [1.5, -0.0], shape: [2, 1])
      )
      #expect(try copy.read("double", as: Double.self) == HDF5Array(values: [0.1], shape: []))
      #expect(try copy.read("int64", as: Int64.self).values == [.min, 3])
      #expect(try copy.read("int32", as: Int32.self).values == [.max])
      #expect(
        try copy.read("uint8", as: UInt8.self) == HDF5Array(values: [0, 255], shape: [1, 2])
      )
      #expect(try copy.read("slice", as: Float.self).values == [8, 9])
      #expect(try copy.read("empty", as: Float.self) == HDF5Array(values: [], shape: [3, 0]))
      #expect(try copy.readStrings("texts/some") == texts)
      #expect(try copy.readStrings("texts/none") == [])
      #expect(try copy.stringAttribute("text", of: "texts") == "文")
      #expect(try copy.stringAttribute("nothing") == "")
      #expect(try copy.stringAttribute("long") == long)
      #expect(try copy.integerAttribute("integer") == -7)
      #expect(try copy.doubleAttribute("number") == 0.1)
      #expect(
        try copy.read("features", as: Float.self)
          == HDF5Array(values: [0, 1, 2, 3, 4, 5, 6, 7, 8], shape: [3, 3])
      )
      #expect(try copy.read("ids", as: Int64.self) == HDF5Array(values: [5, 6], shape: [2]))
      #expect(try copy.describe("features").maximumShape == [nil, 3])
    }
  }

  @Test("names that are taken or can't be are refused")
  func invalidNames() throws {
    try withTemporaryFolder { folder in
      let path = folder.appending(path: "x.h5").path(percentEncoded: false)
      let file = try HDF5File(creating: path)
      try file.write([1] as [Float], shape: [1], to: "a/b")
      let taken = Self.failure(of: file, writing: "/a/b")
      #expect(taken == .alreadyExists(name: "/a/b"))
      for name in ["", "/", "a/..", "a\0b"] {
        guard case .invalidName = Self.failure(of: file, writing: name) else {
          Issue.record("\"\(name)\" was accepted")
          continue
        }
      }
      guard case .notWritable = Self.failure(of: file, writing: "a/b/c") else {
        Issue.record("a data set was put inside another")
        return
      }
      file.close()
      #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path()).isEmpty)
    }
  }

  private static func failure(
    of file: HDF5File,
    writing name: String
  ) -> CheckpointError.Reason? {
    reason { try file.write([1] as [Float], shape: [1], to: name) }
  }

  @Test("texts that hold a NUL are refused")
  func invalidTexts() throws {
    try withTemporaryFolder { folder in
      let path = folder.appending(path: "x.h5").path(percentEncoded: false)
      let file = try HDF5File(creating: path)
      let list = reason { try file.writeStrings(["a", "a\0"], to: "t") }
      #expect(list == .notWritable(detail: "string 1 of \"t\" holds a NUL"))
      let attribute = reason { try file.setAttribute("\0", named: "t") }
      #expect(attribute == .notWritable(detail: "attribute \"t\" holds a NUL"))
    }
  }

  @Test("many objects are listed, up to the limit")
  func limits() throws {
    try withTemporaryFolder { folder in
      let path = folder.appending(path: "x.h5").path(percentEncoded: false)
      let file = try HDF5File(creating: path)
      for index in 0..<300 { try file.write([Float(index)], shape: [1], to: "model/t\(index)") }
      try file.write([Float](repeating: 0, count: 20_000), shape: [20_000], to: "large")
      try file.commit()
      #expect(try HDF5File(reading: path).list(under: "model").count == 300)
      let few = try HDF5File(reading: path, limits: HDF5File.Limits(objects: 100))
      #expect(try #require(reason { _ = try few.list() }).isDamage)
      let small = try HDF5File(reading: path, limits: HDF5File.Limits(arrayBytes: 79_999))
      #expect(
        reason { _ = try small.read("large", as: Float.self) }
          == .tooLarge(name: "large", bytes: 80_000, limit: 79_999)
      )
    }
  }
}
