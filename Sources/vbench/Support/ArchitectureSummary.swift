import Models

extension Architecture {
  /// The sizes in one line per encoder, for people.
  var summary: [String] {
    [vision.summary, text?.summary].compactMap(\.self)
  }
}

extension VisionArchitecture {
  /// The sizes in one line.
  fileprivate var summary: String {
    switch self {
    case .transformer(let vision):
      "images: \(vision.layout == .clip ? "CLIP's" : "DINOv2's") vision transformer, "
        + "\(vision.layers) layers of width \(vision.width), \(vision.heads) heads, "
        + "patches of \(vision.patchSize) in \(vision.imageSize) × \(vision.imageSize) pixels"
        + (vision.projectionWidth.map { ", projected to \($0)" } ?? "")
    case .modifiedResNet(let vision):
      "images: CLIP's ResNet, blocks \(vision.layers), width \(vision.width), "
        + "\(vision.heads) heads in its pooling, \(vision.imageSize) × \(vision.imageSize) pixels, "
        + "projected to \(vision.projectionWidth)"
    case .resNet(let vision):
      "images: torchvision's ResNet, blocks \(vision.layers), width \(vision.width), "
        + "\(vision.imageSize) × \(vision.imageSize) pixels"
    }
  }
}

extension TextArchitecture {
  /// The sizes in one line.
  fileprivate var summary: String {
    "texts: BERT, \(layers) layers of width \(width), \(heads) heads, \(vocabularySize.grouped) "
      + "tokens known, texts of at most \(contextLength) tokens, projected to \(projectionWidth)"
  }
}
