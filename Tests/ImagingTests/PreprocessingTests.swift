import Foundation
import Imaging
import TestSupport
import Testing

@Suite struct PreprocessingTests {
  private static let cases: [Preprocessing] = [
    .vilref, .imagenet(518),
    Preprocessing(
      width: 33,
      height: 50,
      resizeMode: .shortestSide(64),
      interpolation: .bilinear,
      mean: [0, 0.5, 1],
      standardDeviation: [1, 0.5, 0.25],
      rescale: 1
    ),
    Preprocessing(
      width: 24,
      height: 24,
      resizeMode: .foregroundCropPadSquare(threshold: 10),
      mean: [0, 0, 0],
      standardDeviation: [1, 1, 1]
    ),
  ]

  @Test(arguments: cases)
  func jsonGoesThereAndBack(_ preprocessing: Preprocessing) throws {
    let data = try JSONEncoder().encode(preprocessing)
    #expect(try JSONDecoder().decode(Preprocessing.self, from: data) == preprocessing)
  }

  @Test func jsonIsThatOfCheckpoints() throws {
    let encoder = JSONEncoder()
    encoder.outputFormatting = .sortedKeys
    let json = String(decoding: try encoder.encode(Preprocessing.vilref), as: UTF8.self)
    #expect(
      json == #"{"height":224,"interpolation":"bicubic","mean":[0.48145466,0.4578275,0.40821073],"#
        + #""rescale":0.00392156862745098,"resize":{"mode":"stretch"},"#
        + #""standardDeviation":[0.26862954,0.26130258,0.27577711],"width":224}"#
    )
  }

  @Test func identifiersTellPreprocessingsApart() {
    #expect(
      Preprocessing.vilref.identifier
        == "1;224x224;stretch;bicubic;mean=0.48145466,0.4578275,0.40821073;"
        + "standardDeviation=0.26862954,0.26130258,0.27577711;rescale=0.00392156862745098"
    )
    #expect(Set(Self.cases.map(\.identifier)).count == Self.cases.count)
  }

  @Test(arguments: [
    (#""width":224"#, #""width":0"#), (#""width":224"#, #""width":100000"#),
    (#""mean":[0,0,0]"#, #""mean":[0,0]"#), ("[1,1,1]", "[1,0,1]"),
    (#"{"mode":"stretch"}"#, #"{"mode":"shrink"}"#),
    (#"{"mode":"stretch"}"#, #"{"mode":"shortestSide","side":100}"#),
    (#"{"mode":"stretch"}"#, #"{"mode":"foregroundCropPadSquare","threshold":255}"#),
    ("bicubic", "lanczos"),
  ])
  func senselessJSONIsRefused(_ sound: String, _ broken: String) throws {
    let json =
      #"{"width":224,"height":224,"resize":{"mode":"stretch"},"interpolation":"bicubic","#
      + #""mean":[0,0,0],"standardDeviation":[1,1,1],"rescale":1}"#
    #expect(json.contains(sound))
    _ = try JSONDecoder().decode(Preprocessing.self, from: Data(json.utf8))
    let wrong = Data(json.replacing(sound, with: broken).utf8)
    #expect(throws: DecodingError.self) {
      try JSONDecoder().decode(Preprocessing.self, from: wrong)
    }
  }

  @Test(arguments: ["vilref", "imagenet"])
  func normalisationEqualsTorchvisions(_ name: String) throws {
    let data = [UInt8](try #require(ExpectedImages.shared.normalized[name]))
    let expected = stride(from: 0, to: data.count, by: 4).map { start in
      Float(bitPattern: (0..<4).reduce(0) { $0 | UInt32(data[start + $1]) << (8 * $1) })
    }
    let preprocessor = Preprocessor(name == "vilref" ? .vilref : .imagenet(224))
    let pixels = (0..<256).flatMap {
      [UInt8(clamping: $0), UInt8(clamping: $0), UInt8(clamping: $0)]
    }
    #expect(mismatch(preprocessor.normalized(pixels), expected, within: .exact) == nil)
    var values = [Float](repeating: -7, count: 3 + pixels.count + 2)
    preprocessor.normalize(pixels, into: &values, at: 3)
    #expect(Array(values[3..<values.count - 2]) == expected)
    #expect(values.prefix(3) == [-7, -7, -7] && values.suffix(2) == [-7, -7])
  }

  @Test func cropsEqualTorchvisions() throws {
    for crop in ExpectedImages.shared.cropped {
      let image = generatedImage(width: crop.input[0], height: crop.input[1])
      let preprocessor = Preprocessor(
        Preprocessing(
          width: crop.output[0],
          height: crop.output[1],
          resizeMode: .shortestSide(crop.side),
          mean: [0, 0, 0],
          standardDeviation: [1, 1, 1]
        )
      )
      #expect(checksum(try preprocessor.pixels(of: image)) == crop.checksum, "\(crop)")
    }
  }

  /// Row by row, as JPEGs go, against the whole image: the same bits.
  @Test(arguments: ExpectedImages.files("jpeg"))
  func streamedJPEGsEqualWholeOnes(_ file: ExpectedImages.File) throws {
    let whole = try ImageBuffer(decoding: file.bytes, name: file.name)
    for preprocessing in Self.cases {
      let preprocessor = Preprocessor(preprocessing)
      let streamed = try preprocessor.pixels(decoding: file.bytes, name: file.name)
      #expect(try streamed == preprocessor.pixels(of: whole), "\(preprocessing.identifier)")
      #expect(streamed.count == preprocessing.sampleCount)
    }
  }

  @Test func aForegroundIsCutAndCentred() throws {
    var pixels = [UInt8](repeating: 4, count: 20 * 12 * 3)
    for y in 3..<7 {
      for x in 2..<11 { pixels[(y * 20 + x) * 3 + 1] = UInt8(50 + x) }
    }
    let image = ImageBuffer(width: 20, height: 12, pixels: pixels)
    let box = image.foreground(threshold: 10)
    #expect(box.columns == 2..<11 && box.rows == 3..<7)
    let square = try image.foregroundOnSquare(threshold: 10)
    #expect(square.width == 9 && square.height == 9)
    #expect(square[0, 1] == (0, 0, 0) && square[0, 6] == (0, 0, 0))
    #expect(square[0, 2] == (4, 52, 4) && square[8, 5] == (4, 60, 4))
    #expect(throws: ImagingError.self) {
      try image.foregroundOnSquare(threshold: 10, pixelLimit: 80, name: "narrow")
    }
    let dark = image.foreground(threshold: 200)
    #expect(dark.columns == 0..<20 && dark.rows == 0..<12)
  }
}
