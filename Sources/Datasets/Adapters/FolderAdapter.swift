import Foundation

/// Reads sets whose labels stand in folders' or images' names: the folders adapter.
struct FolderAdapter: Adapter {
  let dataset: Dataset
  let root: URL

  func read() throws -> RawContents {
    var contents = RawContents()
    var groupPattern: NamePattern?
    if case .name(let pattern) = dataset.group { groupPattern = NamePattern(pattern) }
    for split in dataset.splits {
      let place = try locate(split.images, below: root)
      let folder = try ImageFolder(place, extensions: dataset.imageExtensions)
      if folder.otherFileCount > 0 {
        contents.warnings.append(
          "\(place.shortPath): \(folder.otherFileCount) file(s) that are no images were passed over"
        )
      }
      contents.samples += folder.entries.map { image in
        RawSample(
          name: image.name,
          split: split.name,
          source: .file(image.url),
          group: groupPattern?.capture(in: image.stem),
          report: nil,
          place: image.url.shortPath,
          texts: LabelTexts(folder: image.parent, name: image.stem)
        )
      }
    }
    return contents
  }
}
