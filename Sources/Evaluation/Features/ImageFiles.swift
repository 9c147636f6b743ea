package import Foundation
package import Imaging
import Kernels
package import Models
package import Tensors

/// Image files that a user named, as files or folders.
package enum ImageFiles {
  /// Endings of files that are taken from folders; files that are named are taken whatever they end
  /// with, since the content decides.
  package static let endings: Set<String> = ["jpg", "jpeg", "png", "tif", "tiff", "gif"]

  /// The files that paths stand for: files as they are, folders with all images below them, by name.
  ///
  /// A link is what it points to; below a folder, links to folders are not followed.
  ///
  /// - Parameters:
  ///   - paths: files and folders.
  ///   - output: a folder that a command writes pictures into: where it lies below one of the folders,
  ///     its pictures are not taken.
  /// - Returns: the files, each once.
  /// - Throws: `ImagingError.notFound` for a path that doesn't exist; `EvaluationError` where no
  ///   image is left.
  package static func expand(_ paths: [String], leavingOut output: URL? = nil) throws -> [URL] {
    let left = output.map { target($0.path(percentEncoded: false)) + "/" }
    var files: [URL] = []
    for path in paths {
      guard let isDirectory = isFolder(path) else { throw ImagingError(.notFound, path: path) }
      let url = URL(filePath: path)
      guard isDirectory else {
        files.append(url)
        continue
      }
      let folder = target(path)
      // Names are bytes to the file system: equal letters may be other names.
      let isBelow = left.map { $0.utf8.starts(with: "\(folder)/".utf8) && $0 != "\(folder)/" }
      let names = (FileManager.default.subpaths(atPath: folder) ?? []).filter { name in
        guard let left, isBelow == true else { return true }
        return !"\(folder)/\(name)".utf8.starts(with: left.utf8)
      }
      files += names.sorted().map { url.appending(path: $0) }.filter { file in
        endings.contains(file.pathExtension.lowercased())
          && isFolder(file.path(percentEncoded: false)) != true
      }
    }
    var seen: Set<URL> = []
    let unique = files.filter { seen.insert($0.standardizedFileURL).inserted }
    guard !unique.isEmpty else {
      throw EvaluationError(
        .nothingToDo(detail: "no image under \(paths.joined(separator: ", "))")
      )
    }
    return unique
  }

  /// Whether a path leads to a folder; nil where it leads nowhere.
  private static func isFolder(_ path: String) -> Bool? {
    guard let attributes = try? FileManager.default.attributesOfItem(atPath: target(path)) else {
      return nil
    }
    return attributes[.type] as? FileAttributeType == .typeDirectory
  }

  /// Where a path leads, links followed, without a slash at its end.
  private static func target(_ path: String) -> String {
    var target = URL(filePath: path).resolvingSymlinksInPath().standardizedFileURL
      .path(percentEncoded: false)
    while target.count > 1, target.hasSuffix("/") { target.removeLast() }
    return target
  }
}

/// Features of image files.
package struct FileFeatures: Sendable {
  /// The files that could be read.
  package var files: [URL]
  /// files.count × width, row by row.
  package var values: [Float]
  /// How many numbers a feature has.
  package var width: Int
  /// The files that could not be read.
  package var failures: [ImagingError]

  /// One file's feature.
  package func row(_ index: Int) -> ArraySlice<Float> {
    values[index * width..<(index + 1) * width]
  }
}

extension ModelBundle {
  /// Encodes image files; those that can't be read are left out and said.
  ///
  /// - Parameters:
  ///   - files: the files.
  ///   - kind: which features.
  ///   - device: where the model runs.
  ///   - batchSize: how many images are encoded together.
  ///   - observer: is told how far the work has come.
  /// - Returns: the features in the order of the files.
  /// - Throws: `EvaluationError` where the encoder has no such features or gives no numbers.
  package func features(
    ofFiles files: [URL],
    _ kind: ImageFeatureKind,
    on device: Device,
    batchSize: Int = 32,
    observer: any EvaluationObserver
  ) throws -> FileFeatures {
    let available = model.image.availableFeatures
    guard available.contains(kind) else {
      throw EvaluationError(
        .featuresNotAvailable(asked: kind.rawValue, available: available.map(\.rawValue))
      )
    }
    var result = FileFeatures(files: [], values: [], width: featureWidth(kind), failures: [])
    var loader = ImageLoader(
      files.map { ImageLoader.Source(identifier: $0.lastPathComponent, url: $0) },
      preprocessing: preprocessing,
      batchSize: batchSize,
      pool: device.compute.pool
    )
    observer.begin("Encoding", unit: "images", total: files.count)
    defer { observer.end() }
    var done = 0
    loader.forEachBatch { batch in
      result.files += batch.indices.map { files[$0] }
      result.values += encode(images: batch.pixels, count: batch.indices.count, kind: kind)
      result.failures += batch.failures.map(\.error)
      done += batch.indices.count + batch.failures.count
      observer.advance(to: done)
    }
    try requireFinite(result.values, width: result.width) { result.files[$0].lastPathComponent }
    return result
  }

  /// Encodes texts.
  ///
  /// - Parameter texts: the texts.
  /// - Returns: texts.count × width features, row by row, as the model gives them.
  /// - Throws: `ModelsError` without a text encoder or vocabulary; `EvaluationError` where it gives
  ///   no numbers.
  package func finiteFeatures(ofTexts texts: [String]) throws -> [Float] {
    let features = try encode(texts: texts)
    try requireFinite(features, width: features.count / max(texts.count, 1)) { "‘\(texts[$0])’" }
    return features
  }
}
