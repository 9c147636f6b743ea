package import Datasets
import Foundation
package import Imaging
import Kernels
package import Models
package import Tensors

/// The features of a data set's pictures.
package struct PictureFeatures: Sendable {
  /// How many numbers each has.
  package var width: Int
  /// The features by content key.
  package var rows: [String: ArraySlice<Float>]
  /// Each picture's content key; nil where it could not be read.
  package var keys: [String?]
  /// Which pictures could not be used, and why.
  package var failures: [(index: Int, reason: String)]
  /// How many pictures were encoded now; the others were kept from before.
  package var encodedCount: Int

  /// A picture's features.
  ///
  /// - Parameter index: which of the pictures.
  /// - Returns: `width` numbers; nil where it could not be used.
  package func row(_ index: Int) -> ArraySlice<Float>? {
    keys[index].flatMap { rows[$0] }
  }
}

/// Encodes pictures, each content once, and keeps their features.
package struct FeatureExtractor {
  private let bundle: ModelBundle
  private let device: Device
  private let cache: FeatureCache?
  private let batchSize: Int

  /// How long encoding goes on before its features are kept.
  private static let keepingInterval = Duration.seconds(30)

  /// Prepares to encode.
  ///
  /// - Parameters:
  ///   - bundle: the model.
  ///   - device: where it runs.
  ///   - cache: where features are kept; nil to keep none.
  ///   - batchSize: how many pictures are encoded together.
  package init(
    _ bundle: ModelBundle,
    on device: Device,
    cache: FeatureCache?,
    batchSize: Int = 32
  ) {
    self.bundle = bundle
    self.device = device
    self.cache = cache
    self.batchSize = batchSize
  }

  /// The features of a set's pictures.
  ///
  /// - Parameters:
  ///   - sources: the pictures.
  ///   - contents: the set that they belong to.
  ///   - kind: which features.
  ///   - preprocessing: how pictures become the model's input.
  ///   - observer: is told how far the work has come.
  /// - Returns: the features; pictures that can't be read are among its failures.
  /// - Throws: `EvaluationError` where the encoder has no such features or gives no numbers.
  package func features(
    of sources: [ImageSource],
    in contents: DatasetContents,
    _ kind: ImageFeatureKind,
    preprocessing: Preprocessing,
    observer: any EvaluationObserver
  ) throws -> PictureFeatures {
    let available = bundle.model.image.availableFeatures
    guard available.contains(kind) else {
      throw EvaluationError(
        .featuresNotAvailable(asked: kind.rawValue, available: available.map(\.rawValue))
      )
    }
    let key = FeatureKey(
      checkpoint: bundle.sha256,
      preprocessing: preprocessing.identifier,
      kind: kind.rawValue
    )
    let width = bundle.featureWidth(kind)
    var result = PictureFeatures(
      width: width,
      rows: kept(key, width, observer),
      keys: [],
      failures: [],
      encodedCount: 0
    )
    for (index, outcome) in contents.contentKeys(of: sources, pool: device.compute.pool)
      .enumerated()
    {
      switch outcome {
      case .success(let content): result.keys.append(content)
      case .failure(let error):
        result.keys.append(nil)
        result.failures.append((index, "\(error)"))
      }
    }
    var seen = Set(result.rows.keys)
    let missing = sources.indices.filter { index in
      result.keys[index].map { seen.insert($0).inserted } ?? false
    }
    guard !missing.isEmpty else { return result }
    observer.begin("Encoding \(contents.dataset.name)", unit: "images", total: missing.count)
    defer { observer.end() }
    let batches = PictureBatches(
      missing.map { sources[$0] },
      collection: contents.dataset.collection,
      preprocessing: preprocessing,
      batchSize: batchSize,
      pool: device.compute.pool
    )
    encode(batches, missing, preprocessing, kind, key, into: &result, observer)
    spreadFailures(in: &result)
    try check(result, sources: missing.map { sources[$0] }, missing)
    if result.encodedCount > 0 { keep(result, key, observer) }
    return result
  }

  /// Keeps features; where that fails it is said, since the features themselves are good.
  private func keep(
    _ result: PictureFeatures,
    _ key: FeatureKey,
    _ observer: any EvaluationObserver
  ) {
    do {
      try cache?.store(result.rows, key, width: result.width)
    } catch {
      observer.warn("\(error); the features are used, but not kept")
    }
  }

  private func encode(
    _ batches: PictureBatches,
    _ missing: [Int],
    _ preprocessing: Preprocessing,
    _ kind: ImageFeatureKind,
    _ key: FeatureKey,
    into result: inout PictureFeatures,
    _ observer: any EvaluationObserver
  ) {
    var done = 0
    var areFinite = true
    var lastKept = ContinuousClock.now
    batches.forEach { batch in
      let width = result.width
      let values = bundle.encode(
        images: batch.pixels,
        count: batch.indices.count,
        height: preprocessing.height,
        width: preprocessing.width,
        kind: kind
      )
      for (row, index) in batch.indices.enumerated() {
        guard let content = result.keys[missing[index]] else { continue }
        result.rows[content] = ArraySlice(values[row * width..<(row + 1) * width])
        result.encodedCount += 1
      }
      for failure in batch.failures {
        result.failures.append((missing[failure.index], failure.reason))
      }
      done += batch.indices.count + batch.failures.count
      observer.advance(to: done)
      areFinite = areFinite && values.allSatisfy(\.isFinite)
      // What is interrupted goes on from here.
      if areFinite, ContinuousClock.now - lastKept > Self.keepingInterval {
        keep(result, key, observer)
        lastKept = .now
      }
    }
  }

  /// Pictures of the same content fail together, though only the first was read.
  private func spreadFailures(in result: inout PictureFeatures) {
    var reasons: [String: String] = [:]
    for failure in result.failures {
      if let content = result.keys[failure.index] { reasons[content] = failure.reason }
    }
    let told = Set(result.failures.map(\.index))
    for (index, content) in result.keys.enumerated() where !told.contains(index) {
      if let content, let reason = reasons[content] {
        result.failures.append((index, "the same bytes as \(reason)"))
      }
    }
  }

  /// What was kept; a damaged file is said, removed and made again.
  private func kept(
    _ key: FeatureKey,
    _ width: Int,
    _ observer: any EvaluationObserver
  ) -> [String: ArraySlice<Float>] {
    guard let cache else { return [:] }
    do {
      return try cache.load(key, width: width)
    } catch {
      observer.warn("\(error); the features are computed again")
      cache.remove(key)
      return [:]
    }
  }

  private func check(
    _ result: PictureFeatures,
    sources: [ImageSource],
    _ missing: [Int]
  ) throws {
    for (source, index) in zip(sources, missing) {
      guard let row = result.row(index) else { continue }
      try requireFinite(row, width: result.width) { _ in
        switch source {
        case .file(let url): url.lastPathComponent
        case .synthetic(let number): "drawn picture \(number)"
        }
      }
    }
  }
}
