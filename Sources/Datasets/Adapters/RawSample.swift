/// An image that was found, before its labels are read.
struct RawSample {
  /// The image's name without extension, below the split's folder.
  let name: String
  /// The makers' split.
  let split: String
  /// The picture.
  let source: ImageSource
  /// The patient, where known.
  let group: String?
  /// The report as it was written; nil where there is none.
  let report: String?
  /// Where the labels stand: `file:line`, or the image's path.
  let place: String
  /// The texts that label sources ask for.
  let texts: LabelTexts
}

/// The texts that an image's labels are read from.
struct LabelTexts {
  /// The table's cells by column, as the description names them.
  var cells: [String: String] = [:]
  /// The folder that holds the image.
  var folder: String?
  /// The image's name without folder and extension.
  var name = ""
  /// What the split's pattern captures in the name; nil where the split has none.
  var key: String?
}

/// What an adapter finds.
struct RawContents {
  var samples: [RawSample] = []
  var exclusions: [SampleExclusion] = []
  var digests: [FileDigest] = []
  var warnings: [String] = []
}

/// Finds the images of a set and the texts of their labels.
protocol Adapter {
  /// Reads all splits.
  ///
  /// - Throws: `DatasetsError` where a table or folder is missing or malformed; single images and
  ///   rows become exclusions.
  func read() throws -> RawContents
}
