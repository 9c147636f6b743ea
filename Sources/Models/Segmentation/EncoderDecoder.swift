package import Layers

/// An image encoder whose maps a decoder turns into logits of pixels.
package final class EncoderDecoder: SegmentationNetwork {
  private let encoder: any ImageEncoder
  private let decoder: any MaskDecoder

  /// The names under which the two declare their parameters.
  package static let scopes = (encoder: "encoder", decoder: "decoder")

  /// Whether a network's parameter is its encoder's.
  ///
  /// - Parameter parameter: of a `SegmentationModel`.
  /// - Returns: false for decoders and for networks that have no encoder.
  package static func isOfEncoder(_ parameter: Parameter) -> Bool {
    parameter.name.hasPrefix("\(scopes.encoder).")
  }

  /// Declares the parameters.
  ///
  /// - Parameters:
  ///   - architecture: what they are made of.
  ///   - scope: the network's scope.
  package init(_ architecture: EncoderDecoderArchitecture, in scope: ParameterScope) {
    encoder = Model.imageEncoder(architecture.encoder, in: scope[Self.scopes.encoder])
    let scope = scope[Self.scopes.decoder]
    let (channels, widths) = (encoder.mapChannels, architecture.decoder.widths)
    decoder =
      switch architecture.decoder.kind {
      case .unet:
        StageDecoder(channels, widths: widths, classes: architecture.classes, in: scope)
      case .progressive:
        ProgressiveDecoder(channels, widths: widths, classes: architecture.classes, in: scope)
      case .linear:
        LinearDecoder(channels, classes: architecture.classes, in: scope)
      }
  }

  package func logits<E: Executor>(_ images: E.Value, on executor: E) -> [E.Value] {
    let logits = decoder.logits(encoder.maps(images, on: executor), on: executor)
    let shape = executor.shape(of: images)
    return [executor.resized(logits, height: shape[1], width: shape[2])]
  }
}

/// What turns an encoder's maps into logits.
protocol MaskDecoder: AnyObject {
  /// The logits of an encoder's maps.
  ///
  /// - Parameters:
  ///   - maps: as `ImageEncoder.maps` gives them.
  ///   - executor: what runs the operations.
  /// - Returns: [B, h, w, classes], perhaps of another size than the images.
  func logits<E: Executor>(_ maps: [E.Value], on executor: E) -> E.Value
}
