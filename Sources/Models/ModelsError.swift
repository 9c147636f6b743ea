/// Why a model could not be built, recognised or loaded.
package struct ModelsError: Error, Equatable, Sendable, CustomStringConvertible {
  /// What went wrong.
  package enum Reason: Equatable, Sendable {
    /// The checkpoint's architecture is no JSON of a known form.
    case unreadableArchitecture(detail: String)
    /// Sizes of the architecture don't fit together.
    case impossibleArchitecture(expected: String)
    /// The names and shapes are those of no known model.
    case unrecognized(detail: String)
    /// Tensors are missing, unexpected or of another shape.
    case mismatch(CheckpointComparison)
    /// A weight is infinite or no number, or a variance is below 0.
    case impossibleWeight(tensor: String, index: Int, found: Float)
    /// The checkpoint holds a segmentation network where an encoder is needed.
    case segmentationNetwork
    /// The checkpoint holds an encoder where a segmentation network is needed.
    case noSegmentationNetwork
    /// The model has no text encoder, but one is needed.
    case noTextEncoder
    /// The checkpoint holds no vocabulary, but one is needed.
    case noVocabulary
    /// The vocabulary is not the text encoder's.
    case vocabularySize(found: Int, expected: Int)
    /// A name given by the user stands for no architecture.
    case unknownArchitecture(name: String, known: [String])
  }

  /// What went wrong.
  package var reason: Reason
  /// The file, where one is concerned.
  package var path: String?

  /// Makes an error.
  package init(_ reason: Reason, path: String? = nil) {
    self.reason = reason
    self.path = path
  }

  /// What was found, what was expected and what to do, in one line.
  package var description: String {
    let text =
      switch reason {
      case .unreadableArchitecture(let detail):
        "the architecture can't be read: \(detail); convert the original file again"
      case .impossibleArchitecture(let expected):
        "the architecture is impossible: it was expected that \(expected)"
      case .unrecognized(let detail):
        "no known model has these tensors: \(detail); name it with --architecture"
      case .mismatch(let comparison):
        comparison.description
      case .impossibleWeight(let tensor, let index, let found):
        "element \(index) of \(tensor) is \(found), expected a finite number, of a variance 0 or more; "
          + "get weights of a training that didn't fail"
      case .segmentationNetwork:
        "the checkpoint holds a segmentation network, which gives masks and no features; "
          + "use the protocol segmentation, or a checkpoint of an encoder"
      case .noSegmentationNetwork:
        "the checkpoint holds an encoder, which gives features and no masks; "
          + "use a checkpoint of a segmentation network, or train a decoder on the encoder"
      case .noTextEncoder:
        "the model has no text encoder, which zero-shot, retrieval and text features need; "
          + "use a linear probe, or a checkpoint of a CLIP model"
      case .noVocabulary:
        "the checkpoint holds no vocabulary; convert again with --vocabulary vocab.txt"
      case .vocabularySize(let found, let expected):
        "the vocabulary has \(found) tokens and the text encoder's table \(expected); "
          + "give the vocabulary that the model was trained with"
      case .unknownArchitecture(let name, let known):
        "no architecture is called \(name); known are \(known.joined(separator: ", "))"
      }
    return path.map { "\($0): \(text)" } ?? text
  }
}
