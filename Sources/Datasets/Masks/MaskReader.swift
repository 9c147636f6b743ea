import Foundation
import Imaging

/// Decodes photographs with their masks, one at a time.
package struct MaskReader: Sendable {
  /// The task.
  package let task: MaskTaskDescription
  private let collection: SyntheticCollection?
  private let pixelLimit: Int

  /// Prepares to read.
  ///
  /// - Parameters:
  ///   - task: one of the set's tasks of masks.
  ///   - dataset: the set.
  ///   - pixelLimit: how many pixels are decoded at most.
  package init(
    _ task: MaskTaskDescription,
    of dataset: Dataset,
    pixelLimit: Int = ImageBuffer.defaultPixelLimit
  ) {
    self.task = task
    self.pixelLimit = pixelLimit
    collection = dataset.collection
  }

  /// Reads a photograph and its masks; nothing is resized.
  ///
  /// - Parameter sample: a sample of the task.
  /// - Returns: both, of one size.
  /// - Throws: `ImagingError` where the photograph can't be decoded; `DatasetsError` with the reason
  ///   `badMask` and the mask's file where a mask can't be used.
  package func read(_ sample: SegmentationSample) throws -> SegmentationExample {
    let (image, drawing) = try photograph(of: sample)
    let field = try field(sample, image, drawing)
    let target = try target(sample, image, drawing)
    let isJudged = target.layout.contains { value, pixel in
      value != MaskTarget.ignored && field?[pixel] != 0
    }
    guard isJudged else { throw fault(.allIgnored, path: path(of: sample)) }
    return SegmentationExample(id: sample.id, image: image, target: target, field: field)
  }

  /// Decodes the photograph, or draws it together with its masks.
  func photograph(
    of sample: SegmentationSample
  ) throws -> (image: ImageBuffer, drawing: SyntheticSample?) {
    switch sample.image {
    case .file(let url):
      let data = try readData(url)
      return (try MaskPicture.decode(data, name: url.shortPath, pixelLimit: pixelLimit), nil)
    case .synthetic(let index):
      guard let drawn = collection?.sample(index) else {
        preconditionFailure("\(sample.id) is drawn, but its set isn't")
      }
      return (drawn.image, drawn)
    }
  }

  private func target(
    _ sample: SegmentationSample,
    _ image: ImageBuffer,
    _ drawing: SyntheticSample?
  ) throws -> MaskTarget {
    let merge = MaskMerge(task: task, width: image.width)
    let layout: MaskTarget.Layout
    if case .file(let url) = sample.masks.source {
      let labels = try labels(url, image, task.values)
      try naming(url.shortPath) { try merge.checkNesting(labels) }
      layout = .labels(labels)
    } else {
      let planes = try planes(sample, image, drawing)
      layout =
        switch task.mode {
        case .binary: .labels(planes[0])
        case .labels: .labels(try naming(path(of: sample)) { try merge.labels(planes) })
        case .multilabel: .planes(planes)
        }
    }
    return MaskTarget(
      width: image.width,
      height: image.height,
      classCount: task.classes.count,
      isNested: task.isNested,
      layout: layout
    )
  }

  /// K planes of 0, 1 and 255.
  private func planes(
    _ sample: SegmentationSample,
    _ image: ImageBuffer,
    _ drawing: SyntheticSample?
  ) throws -> [[UInt8]] {
    let empty = [UInt8](repeating: 0, count: image.width * image.height)
    switch sample.masks.source {
    case .file(let url):
      return [try labels(url, image, task.values)]
    case .files(let urls):
      return try urls.map { try $0.map { try labels($0, image, task.values) } ?? empty }
    case .boxes(let lists):
      return lists.map { boxes in
        var plane = empty
        for box in boxes { box.fillEllipse(in: &plane, columns: image.width, rows: image.height) }
        return plane
      }
    case .drawn(let masks):
      return masks.map { (drawing?.masks[$0] ?? empty).map { $0 == 0 ? 0 : 1 } }
    }
  }

  private func field(
    _ sample: SegmentationSample,
    _ image: ImageBuffer,
    _ drawing: SyntheticSample?
  ) throws -> [UInt8]? {
    switch sample.masks.field {
    case .whole, .computed: return nil
    case .drawn: return drawing?.masks[.field]?.map { $0 == 0 ? 0 : 1 }
    case .file(let url): return try field(url, image)
    }
  }

  /// Decodes one mask file of the field of view.
  func field(_ url: URL, _ image: ImageBuffer) throws -> [UInt8] {
    let field = try labels(url, image, MaskValues())
    guard field.contains(1) else { throw fault(.emptyField, path: url.shortPath) }
    return field
  }

  /// Decodes one mask file.
  func labels(_ url: URL, _ image: ImageBuffer, _ values: MaskValues) throws -> [UInt8] {
    let path = url.shortPath
    guard isFile(url) else { throw fault(.missing, path: path) }
    let mask: ImageBuffer
    do {
      mask = try MaskPicture.decode(readData(url), name: path, pixelLimit: pixelLimit)
    } catch let error as ImagingError {
      throw fault(.unreadable(detail: ImagingError(error.reason, path: "").description), path: path)
    }
    guard mask.width == image.width, mask.height == image.height else {
      let (found, expected) = ([mask.width, mask.height], [image.width, image.height])
      throw fault(.wrongSize(found: found, expected: expected), path: path)
    }
    let labels = try naming(path) { try values.labels(of: mask) }
    guard labels.contains(where: { $0 != MaskTarget.ignored }) else {
      throw fault(.allIgnored, path: path)
    }
    return labels
  }

  private func path(of sample: SegmentationSample) -> String {
    switch sample.masks.source {
    case .file(let url): url.shortPath
    case .files(let urls): urls.compactMap(\.self).first?.shortPath ?? sample.id
    case .boxes, .drawn: sample.id
    }
  }

  private func fault(_ fault: MaskFault, path: String) -> DatasetsError {
    DatasetsError(.badMask(fault), path: path)
  }

  /// Gives a fault the file that it is in.
  private func naming<Result>(_ path: String, _ body: () throws -> Result) throws -> Result {
    do {
      return try body()
    } catch let fault as MaskFault {
      throw self.fault(fault, path: path)
    }
  }
}

extension MaskTarget.Layout {
  /// Whether some value in some plane, with its pixel, satisfies a condition.
  fileprivate func contains(where condition: (UInt8, Int) -> Bool) -> Bool {
    let planes =
      switch self {
      case .labels(let labels): [labels]
      case .planes(let planes): planes
      }
    return planes.contains { plane in plane.indices.contains { condition(plane[$0], $0) } }
  }
}
