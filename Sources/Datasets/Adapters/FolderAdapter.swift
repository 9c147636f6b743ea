import Foundation

/// Reads sets whose labels stand in folders' or images' names, or that have masks alone: the folders
/// adapter.
struct FolderAdapter: Adapter {
  let dataset: Dataset
  let root: URL

  func read() throws -> RawContents {
    var contents = RawContents()
    var groupPattern: NamePattern?
    if case .name(let pattern) = dataset.group { groupPattern = NamePattern(pattern) }
    for split in dataset.splits {
      let place = unnested(try locate(split.images, below: root))
      let pattern = split.pattern.flatMap(NamePattern.init)
      let folder = try ImageFolder(place, extensions: dataset.imageExtensions)
      var list = try split.list.map { try ImageList(locate($0, below: root)) }
      if folder.otherFileCount > 0, pattern == nil, list == nil {
        contents.warnings.append(
          "\(place.shortPath): \(folder.otherFileCount) file(s) that are no images were passed over"
        )
      }
      contents.samples += folder.entries.compactMap { image in
        let key = pattern?.capture(in: image.stem)
        guard pattern == nil || key != nil, list?.take(image.stem) != false else { return nil }
        return RawSample(
          name: image.name,
          split: split.name,
          source: .file(image.url),
          group: groupPattern?.capture(in: image.stem),
          report: nil,
          place: image.url.shortPath,
          texts: LabelTexts(folder: image.parent, name: image.stem, key: key)
        )
      }
      contents.exclusions += list?.exclusions(split: split.name, folder: place) ?? []
    }
    return contents
  }
}

/// A text file with an image's name on each line, with or without folder and extension.
private struct ImageList {
  private let path: String
  /// By the names without folder and extension the lines that nobody took yet.
  private var lines: [String: Int] = [:]
  private var taken: Set<String> = []

  /// Reads a list; empty lines and what follows a name behind a blank are passed over.
  ///
  /// - Throws: `DatasetsError` where the file is missing or no text.
  init(_ url: URL) throws {
    path = url.shortPath
    let text = try readText(url)
    for (index, line) in text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline)
      .enumerated()
    {
      guard let name = line.split(whereSeparator: \.isWhitespace).first else { continue }
      let stem = ((String(name) as NSString).lastPathComponent as NSString).deletingPathExtension
      if lines[stem] == nil { lines[stem] = index + 1 }
    }
  }

  /// Whether the list names an image.
  mutating func take(_ stem: String) -> Bool {
    if lines.removeValue(forKey: stem) != nil { taken.insert(stem) }
    return taken.contains(stem)
  }

  /// The names that no image took.
  func exclusions(split: String, folder: URL) -> [SampleExclusion] {
    lines.sorted { $0.value < $1.value }.map { name, line in
      SampleExclusion(
        name: name,
        split: split,
        task: nil,
        kind: .missingImage,
        detail: "\(path):\(line): there is no image ‘\(name)’ in \(folder.shortPath); fetch it, or "
          + "take the line out"
      )
    }
  }
}
