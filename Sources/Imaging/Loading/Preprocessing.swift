import Foundation

/// How a photograph becomes a model's input: size, crop, interpolation, normalisation.
///
/// Stored as JSON in checkpoints. The steps are: EXIF orientation and RGB, resize and crop to
/// `width` × `height` in 8 bits as Pillow does it, then `(x · rescale − mean) / standardDeviation` per
/// channel in 32-bit floats.
package struct Preprocessing: Equatable, Sendable {
  /// Pixels per row of the model's input.
  package var width: Int
  /// Rows of the model's input.
  package var height: Int
  /// How the photograph is fitted.
  package var resizeMode: ResizeMode
  /// The resize's filter.
  package var interpolation: Interpolation
  /// Subtracted from red, green and blue after rescaling; three values.
  package var mean: [Double]
  /// Divides red, green and blue; three values above 0.
  package var standardDeviation: [Double]
  /// What an 8-bit sample is multiplied by; 1/255 is carried out as a division.
  package var rescale: Double

  /// How a photograph is fitted into the model's input.
  package enum ResizeMode: Equatable, Sendable {
    /// Resized to the input's size, whatever the aspect (ViLReF, CLIP's Chinese releases).
    case stretch
    /// Resized until the shorter side has `side` pixels, then the centre is cut out, both as
    /// torchvision's `Resize` and `CenterCrop` round it.
    case shortestSide(Int)
    /// Cut to the bounding box of the pixels with a channel above `threshold`, centred on a black
    /// square, resized. A photograph without such a pixel is taken whole.
    case foregroundCropPadSquare(threshold: Int)
  }

  /// States a preprocessing.
  ///
  /// - Parameters:
  ///   - width: pixels per row of the input, `1...8192`.
  ///   - height: rows of the input, `1...8192`.
  ///   - resizeMode: how the photograph is fitted.
  ///   - interpolation: the resize's filter.
  ///   - mean: three values.
  ///   - standardDeviation: three values above 0.
  ///   - rescale: what an 8-bit sample is multiplied by.
  package init(
    width: Int,
    height: Int,
    resizeMode: ResizeMode = .stretch,
    interpolation: Interpolation = .bicubic,
    mean: [Double],
    standardDeviation: [Double],
    rescale: Double = 1 / 255
  ) {
    self.width = width
    self.height = height
    self.resizeMode = resizeMode
    self.interpolation = interpolation
    self.mean = mean
    self.standardDeviation = standardDeviation
    self.rescale = rescale
    if let fault { preconditionFailure(fault) }
  }

  /// ViLReF's and CLIP's: 224 × 224, bicubic, stretched, CLIP's mean and deviation.
  package static let vilref = Preprocessing(
    width: 224,
    height: 224,
    mean: [0.48145466, 0.4578275, 0.40821073],
    standardDeviation: [0.26862954, 0.26130258, 0.27577711]
  )

  /// The usual one of models trained on ImageNet: bicubic, stretched, ImageNet's mean and deviation.
  ///
  /// - Parameter size: the input's width and height.
  /// - Returns: the preprocessing.
  package static func imagenet(_ size: Int) -> Preprocessing {
    Preprocessing(
      width: size,
      height: size,
      mean: [0.485, 0.456, 0.406],
      standardDeviation: [0.229, 0.224, 0.225]
    )
  }

  /// How many floats one prepared image has: `height × width × 3`.
  package var sampleCount: Int { width * height * 3 }

  /// A text that is the same for equal preprocessings and different for others, in every version:
  /// part of cache keys.
  package var identifier: String {
    func list(_ values: [Double]) -> String { values.map(\.description).joined(separator: ",") }
    let mode =
      switch resizeMode {
      case .stretch: "stretch"
      case .shortestSide(let side): "shortest-side-\(side)"
      case .foregroundCropPadSquare(let threshold): "foreground-square-\(threshold)"
      }
    return "1;\(width)x\(height);\(mode);\(interpolation.rawValue);mean=\(list(mean));"
      + "standardDeviation=\(list(standardDeviation));rescale=\(rescale)"
  }

  /// What makes the values senseless, in one line; nil where nothing does.
  var fault: String? {
    let sides = 1...8192
    guard sides.contains(width), sides.contains(height) else {
      return "an input of \(width) × \(height) pixels, each side must lie in \(sides)"
    }
    guard mean.count == 3, standardDeviation.count == 3 else {
      return "\(mean.count) means and \(standardDeviation.count) deviations, expected 3 of each"
    }
    guard mean.allSatisfy(\.isFinite), rescale.isFinite,
      standardDeviation.allSatisfy({ $0.isFinite && Float($0) > 0 })
    else { return "means must be finite and deviations above 0" }
    switch resizeMode {
    case .stretch: return nil
    case .shortestSide(let side):
      guard side >= max(width, height), sides.contains(side) else {
        return "a shortest side of \(side), expected \(max(width, height))...\(sides.upperBound)"
      }
    case .foregroundCropPadSquare(let threshold):
      guard (0...254).contains(threshold) else {
        return "a foreground threshold of \(threshold), expected 0...254"
      }
    }
    return nil
  }
}

extension Preprocessing: Codable {
  private enum CodingKeys: String, CodingKey {
    case width, height, resize, interpolation, mean, standardDeviation, rescale
  }

  /// Reads the JSON form.
  ///
  /// - Parameter decoder: where from.
  /// - Throws: `DecodingError`, also for values that make no sense.
  package init(from decoder: any Decoder) throws {
    let values = try decoder.container(keyedBy: CodingKeys.self)
    width = try values.decode(Int.self, forKey: .width)
    height = try values.decode(Int.self, forKey: .height)
    resizeMode = try values.decode(ResizeMode.self, forKey: .resize)
    interpolation = try values.decode(Interpolation.self, forKey: .interpolation)
    mean = try values.decode([Double].self, forKey: .mean)
    standardDeviation = try values.decode([Double].self, forKey: .standardDeviation)
    rescale = try values.decode(Double.self, forKey: .rescale)
    if let fault {
      throw DecodingError.dataCorrupted(
        DecodingError.Context(codingPath: decoder.codingPath, debugDescription: fault)
      )
    }
  }

  /// Writes the JSON form.
  ///
  /// - Parameter encoder: where to.
  /// - Throws: what the encoder throws.
  package func encode(to encoder: any Encoder) throws {
    var values = encoder.container(keyedBy: CodingKeys.self)
    try values.encode(width, forKey: .width)
    try values.encode(height, forKey: .height)
    try values.encode(resizeMode, forKey: .resize)
    try values.encode(interpolation, forKey: .interpolation)
    try values.encode(mean, forKey: .mean)
    try values.encode(standardDeviation, forKey: .standardDeviation)
    try values.encode(rescale, forKey: .rescale)
  }
}

extension Preprocessing.ResizeMode: Codable {
  private enum CodingKeys: String, CodingKey {
    case mode, side, threshold
  }

  private enum Name: String, Codable {
    case stretch, shortestSide, foregroundCropPadSquare
  }

  /// Reads `{"mode": "stretch"}`, `{"mode": "shortestSide", "side": 256}` or
  /// `{"mode": "foregroundCropPadSquare", "threshold": 10}`.
  ///
  /// - Parameter decoder: where from.
  /// - Throws: `DecodingError`.
  package init(from decoder: any Decoder) throws {
    let values = try decoder.container(keyedBy: CodingKeys.self)
    switch try values.decode(Name.self, forKey: .mode) {
    case .stretch:
      self = .stretch
    case .shortestSide:
      self = .shortestSide(try values.decode(Int.self, forKey: .side))
    case .foregroundCropPadSquare:
      self = .foregroundCropPadSquare(threshold: try values.decode(Int.self, forKey: .threshold))
    }
  }

  /// Writes the JSON form.
  ///
  /// - Parameter encoder: where to.
  /// - Throws: what the encoder throws.
  package func encode(to encoder: any Encoder) throws {
    var values = encoder.container(keyedBy: CodingKeys.self)
    switch self {
    case .stretch:
      try values.encode(Name.stretch, forKey: .mode)
    case .shortestSide(let side):
      try values.encode(Name.shortestSide, forKey: .mode)
      try values.encode(side, forKey: .side)
    case .foregroundCropPadSquare(let threshold):
      try values.encode(Name.foregroundCropPadSquare, forKey: .mode)
      try values.encode(threshold, forKey: .threshold)
    }
  }
}
