import Foundation
import Layers
package import Models
import Results

extension ModelBundle {
  /// What was evaluated.
  ///
  /// - Parameters:
  ///   - kind: the features that the protocol worked on.
  ///   - width: how many numbers a feature has.
  ///   - settings: the protocol.
  /// - Returns: the record.
  func record(kind: ImageFeatureKind, width: Int, _ settings: ProtocolSettings) -> ModelRecord {
    let isUnitLength =
      switch settings {
      case .zeroShot, .retrieval: true
      case .linearProbe(let probe): probe.scaling == .unitLength
      case .trainedProbe(let probe): probe.scaling == .unitLength
      case .fineTune: false
      }
    let file = URL(filePath: path).lastPathComponent
    return ModelRecord(
      name: URL(filePath: path).deletingPathExtension().lastPathComponent,
      architecture: model.architecture.name,
      checkpoint: FileChecksum(name: file, sha256: sha256),
      parameterCount: model.parameters.count,
      features: FeatureRecord(kind: kind.rawValue, dimension: width, isNormalized: isUnitLength)
    )
  }
}

extension ImageEncoder {
  /// The features that a linear probe takes unless something else is said.
  ///
  /// CLIP models: before the projection; DINOv2: the class token and the mean patch, joined, as its
  /// authors evaluate it (Oquab et al. 2023, section 7).
  package var usualProbeFeatures: ImageFeatureKind {
    let available = availableFeatures
    return available.contains(.pooledAndMeanPatch) && !available.contains(.projected)
      ? .pooledAndMeanPatch : .pooled
  }
}
