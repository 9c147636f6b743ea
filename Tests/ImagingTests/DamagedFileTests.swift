import Foundation
import Imaging
import TestSupport
import Testing

/// Files that end early, are damaged, lie about their size or are no images.
@Suite struct DamagedFileTests {
  private static let pixelLimit = 1_000_000

  /// Decodes, expecting an image or an `ImagingError`.
  private func decode(_ bytes: [UInt8], _ name: String) -> Result<ImageBuffer, ImagingError> {
    do {
      return .success(try ImageBuffer(decoding: bytes, name: name, pixelLimit: Self.pixelLimit))
    } catch let error as ImagingError {
      return .failure(error)
    } catch {
      Issue.record("\(name): \(error) is no ImagingError")
      return .failure(ImagingError(.empty, path: name))
    }
  }

  /// A prefix of a file is refused, or it lacks nothing of the image: never half an image.
  @Test(arguments: ExpectedImages.shared.decoded)
  func noPrefixGivesAnotherImage(_ file: ExpectedImages.File) throws {
    let bytes = try file.bytes
    let whole = try decode(bytes, file.name).get()
    var refused = 0
    for count in 0..<bytes.count {
      switch decode(Array(bytes.prefix(count)), file.name) {
      case .success(let image):
        let isWhole = image.pixels.elementsEqual(whole.pixels) || image.width == whole.height
        #expect(isWhole, "another image from the first \(count) of \(bytes.count) bytes")
      case .failure(let error):
        refused += 1
        #expect(!error.description.contains("\n") && error.path == file.name)
      }
    }
    // What may be missing is the end mark and what follows the image.
    #expect(refused >= bytes.count / 2, "only \(refused) of \(bytes.count) prefixes were refused")
  }

  @Test(arguments: ExpectedImages.shared.decoded)
  func flippedBytesGiveAnImageOrAnError(_ file: ExpectedImages.File) throws {
    let bytes = try file.bytes
    for seed in 0..<150 {
      var random = SplitMix64(state: UInt64(seed))
      var damaged = bytes
      for _ in 0...seed % 4 {
        let index = Int.random(in: 0..<damaged.count, using: &random)
        damaged[index] = UInt8.random(in: 0...255, using: &random)
      }
      let result = decode(damaged, "\(file.name), seed \(seed)")
      // Pixels that no decoder wrote would differ.
      #expect(decode(damaged, "\(file.name), seed \(seed)") == result)
      if case .success(let image) = result {
        #expect(image.pixels.count == image.width * image.height * 3)
        #expect(image.width * image.height <= Self.pixelLimit)
      }
    }
  }

  @Test(arguments: ["jpeg-420", "png-rgb-8", "tiff-rgb-raw", "gif"])
  func halfAFileIsTruncated(_ name: String) throws {
    let bytes = try #require(ExpectedImages.files(name).first).bytes
    let half = name.hasPrefix("tiff") ? bytes.count - 40 : bytes.count * 2 / 3
    guard case .failure(let error) = decode(Array(bytes.prefix(half)), "photo") else {
      Issue.record("half of \(name) gave an image")
      return
    }
    guard case .truncated = error.reason else {
      Issue.record("half of \(name): \(error)")
      return
    }
    #expect(error.description.hasPrefix("photo: the "))
    #expect(error.description.contains("copy the file anew"))
  }

  /// A JPEG that was cut and closed with an end mark again: libjpeg alone would fill it with grey.
  @Test func aCutJPEGWithAnEndMarkIsTruncated() throws {
    let bytes = try #require(ExpectedImages.files("jpeg-420").first).bytes
    guard case .failure(let error) = decode(bytes.dropLast(200) + [0xFF, 0xD9], "photo"),
      case .truncated = error.reason
    else {
      Issue.record("a cut JPEG was taken for whole")
      return
    }
  }

  /// The header announces billions of pixels; nothing of that size is allocated.
  @Test(arguments: ["jpeg-420", "png-rgb-8", "tiff-rgb-raw", "gif"])
  func decompressionBombsAreRefused(_ name: String) throws {
    var bytes = try #require(ExpectedImages.files(name).first).bytes
    switch name {
    case "jpeg-420":
      let frame = try #require(bytes.indices.first { bytes[$0] == 0xFF && bytes[$0 + 1] == 0xC0 })
      bytes.replaceSubrange(frame + 5..<frame + 9, with: [0xFF, 0xDC, 0xFF, 0xDC])
    case "png-rgb-8":
      bytes.replaceSubrange(16..<24, with: [0, 0, 0xFF, 0xFF, 0, 0, 0xFF, 0xFF])
      let crc = checksum(Array(bytes[12..<29]))
      bytes.replaceSubrange(29..<33, with: (0..<4).map { UInt8(crc >> (24 - 8 * $0) & 255) })
    case "gif":
      bytes.replaceSubrange(6..<10, with: [0xFF, 0xFF, 0xFF, 0xFF])
    default:
      for tag in [0, 1] as [UInt8] {
        let entry = try #require(
          bytes.indices.dropLast(12).first { bytes[$0] == tag && bytes[$0 + 1] == 1 && $0 > 7 }
        )
        bytes.replaceSubrange(
          entry + 2..<entry + 12,
          with: [4, 0, 1, 0, 0, 0, 0xFF, 0xFF, 0, 0]
        )
      }
    }
    guard case .failure(let error) = decode(bytes, name),
      case .tooManyPixels(let width, let height, let limit) = error.reason
    else {
      Issue.record("\(name): no refusal: \(decode(bytes, name))")
      return
    }
    #expect(width >= 65_500 && height >= 65_500 && limit == Self.pixelLimit)
    #expect(error.description.contains("\(width) × \(height) pixels"))
  }

  /// Few pixels, but a side of millions.
  @Test func absurdSidesAreRefused() throws {
    var bytes = try #require(ExpectedImages.files("png-1x1").first).bytes
    bytes.replaceSubrange(16..<24, with: [0, 0, 0, 1, 0, 0x20, 0, 0])
    let crc = checksum(Array(bytes[12..<29]))
    bytes.replaceSubrange(29..<33, with: (0..<4).map { UInt8(crc >> (24 - 8 * $0) & 255) })
    let error = #expect(throws: ImagingError.self) { try ImageBuffer(decoding: bytes, name: "x") }
    #expect(
      error?.description == "x: the header announces 1 × 2097152 pixels, at most 200000000 and "
        + "1048576 per side are decoded; make the image smaller or raise the limit"
    )
  }

  @Test func aNamedPipeIsNoImage() throws {
    let folder = try Fixtures.temporaryDirectory()
    defer { try? FileManager.default.removeItem(at: folder) }
    let path = folder.appending(path: "pipe.png").path(percentEncoded: false)
    let made = unsafe mkfifo(path, 0o600)
    #expect(made == 0)
    let error = #expect(throws: ImagingError.self) { try ImageBuffer(contentsOf: path) }
    #expect(error?.reason == .unreadable(detail: "it is no file"))
  }

  @Test func whatIsNoImageIsNamed() {
    let texts: [(String, String)] = [
      ("<!DOCTYPE html>", "‘<’"), ("%PDF-1.4 ", "a PDF"), ("RIFF1234WEBPVP8", "a WebP"),
      ("BM123456789012", "a BMP"), ("hello, world", "68 65 6c 6c"),
    ]
    for (text, found) in texts {
      guard case .failure(let error) = decode(Array(text.utf8), "file.jpg") else {
        Issue.record("‘\(text)’ gave an image")
        continue
      }
      #expect(error.description.contains(found) && error.description.contains("convert the file"))
    }
    guard case .failure(let error) = decode([], "file.jpg") else { return }
    #expect(error.reason == .empty)
  }

  @Test func missingFilesAndFoldersAreTold() throws {
    let folder = try Fixtures.temporaryDirectory()
    defer { try? FileManager.default.removeItem(at: folder) }
    let missing = folder.appending(path: "nothing.png").path(percentEncoded: false)
    let noFile = #expect(throws: ImagingError.self) { try ImageBuffer(contentsOf: missing) }
    #expect(noFile?.reason == .notFound && noFile?.isMissingInput == true)
    let aFolder = #expect(throws: ImagingError.self) {
      try ImageBuffer(contentsOf: folder.path(percentEncoded: false))
    }
    #expect(aFolder?.reason == .unreadable(detail: "it is no file"))
  }
}
