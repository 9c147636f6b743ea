package import Layers

/// A vision transformer of CLIP's or DINOv2's layout.
///
/// Source: Dosovitskiy et al. 2021.
package final class VisionTransformer: ImageEncoder {
  private let architecture: VisionTransformerArchitecture
  private let embedding: PatchEmbedding
  private let classToken: Parameter
  private let positions: PositionTable
  private let firstNorm: LayerNorm?
  private let blocks: [TransformerBlock]
  private let lastNorm: LayerNorm
  private let projection: Linear?

  /// Declares the parameters.
  ///
  /// - Parameters:
  ///   - architecture: sizes and layout.
  ///   - scope: `visual` of a CLIP model, the root of a DINOv2 model.
  package init(_ architecture: VisionTransformerArchitecture, in scope: ParameterScope) {
    self.architecture = architecture
    let isCLIP = architecture.layout == .clip
    let width = architecture.width
    let patches = architecture.positionGrid * architecture.positionGrid
    let spread = Initialization.normal(standardDeviation: 1 / Float(width).squareRoot())
    embedding = PatchEmbedding(
      patch: architecture.patchSize,
      width: width,
      hasBias: !isCLIP,
      in: scope[isCLIP ? "conv1" : "embeddings.patch_embeddings.projection"]
    )
    classToken =
      isCLIP
      ? scope.parameter("class_embedding", [width], spread)
      : scope.parameter("embeddings.cls_token", [1, 1, width], spread)
    positions = PositionTable(
      parameter: isCLIP
        ? scope.parameter("positional_embedding", [1 + patches, width], spread)
        : scope.parameter("embeddings.position_embeddings", [1, 1 + patches, width], spread),
      learntGrid: architecture.positionGrid,
      rule: isCLIP ? .alignedCorners : .areas
    )
    firstNorm = isCLIP ? LayerNorm(width, epsilon: 1e-5, in: scope["ln_pre"]) : nil
    let prefix = isCLIP ? "transformer.resblocks" : "encoder.layer"
    blocks = (0..<architecture.layers).map {
      TransformerBlock(
        architecture,
        isLast: $0 == architecture.layers - 1,
        in: scope["\(prefix).\($0)"]
      )
    }
    lastNorm = LayerNorm(
      width,
      epsilon: isCLIP ? 1e-5 : 1e-6,
      in: scope[isCLIP ? "ln_post" : "layernorm"]
    )
    projection = architecture.projectionWidth.map {
      Linear(projection: "proj", width, $0, in: scope)
    }
  }

  package var availableFeatures: [ImageFeatureKind] {
    projection == nil
      ? [.pooled, .pooledAndMeanPatch, .meanPatch]
      : [.pooled, .projected, .pooledAndMeanPatch, .meanPatch]
  }

  package var branchEnds: [[Linear]] { blocks.map(\.branchEnds) }

  package func width(of kind: ImageFeatureKind) -> Int {
    switch kind {
    case .pooled, .meanPatch: architecture.width
    case .projected: architecture.projectionWidth ?? architecture.width
    case .pooledAndMeanPatch: 2 * architecture.width
    }
  }

  /// All tokens after the last norm: the class token, then the patches row by row.
  ///
  /// - Parameters:
  ///   - images: [B, H, W, 3], preprocessed.
  ///   - executor: what runs the operations.
  /// - Returns: [B, 1 + patches, width].
  package func tokens<E: Executor>(_ images: E.Value, on executor: E) -> E.Value {
    executor.layerNorm(blockOutput(images, on: executor), lastNorm)
  }

  /// How many depths `maps` are taken at.
  private static let mapCount = 4

  package var mapChannels: [Int] { Array(repeating: architecture.width, count: Self.mapCount) }

  package func maps<E: Executor>(_ images: E.Value, on executor: E) -> [E.Value] {
    var x = embedded(images, on: executor)
    let depths = (1...Self.mapCount).map { max($0 * blocks.count / Self.mapCount, 1) }
    var maps: [E.Value] = []
    for (index, block) in blocks.enumerated() {
      executor.segment(&x) { block(&$0, on: executor) }
      // Transformers of fewer blocks than maps give one of them more than once.
      let count = depths.count { $0 == index + 1 }
      guard count > 0 else { continue }
      maps += Array(repeating: patches(x, on: executor), count: count)
    }
    return maps
  }

  /// The patches after the last norm, as a map.
  ///
  /// DINOv2's `get_intermediate_layers` puts the last norm on every depth, too (Oquab et al. 2023).
  private func patches<E: Executor>(_ x: E.Value, on executor: E) -> E.Value {
    let patches = executor.tokensBehindFirst(of: executor.layerNorm(x, lastNorm))
    let shape = executor.shape(of: patches)
    let side = Int(Double(shape[1]).squareRoot())
    return executor.reshaped(patches, [shape[0], side, side, shape[2]])
  }

  /// All tokens after the last block.
  private func blockOutput<E: Executor>(_ images: E.Value, on executor: E) -> E.Value {
    var x = embedded(images, on: executor)
    for block in blocks { executor.segment(&x) { block(&$0, on: executor) } }
    return x
  }

  package func features<E: Executor>(
    _ images: E.Value,
    _ kind: ImageFeatureKind,
    on executor: E
  ) -> [E.Value] {
    if kind == .pooledAndMeanPatch {
      let all = tokens(images, on: executor)
      let count = executor.shape(of: all)[1]
      return [executor.token(0, of: all), executor.meanToken(of: all, over: 1..<count)]
    }
    if kind == .meanPatch {
      let all = blockOutput(images, on: executor)
      let mean = executor.meanToken(of: all, over: 1..<executor.shape(of: all)[1])
      return [executor.layerNorm(mean, lastNorm)]
    }
    var x = embedded(images, on: executor)
    for block in blocks.dropLast() { executor.segment(&x) { block(&$0, on: executor) } }
    let first = blocks.last.map { $0.firstToken(x, on: executor) } ?? executor.token(0, of: x)
    let pooled = executor.layerNorm(first, lastNorm)
    guard kind == .projected else { return [pooled] }
    guard let projection else { preconditionFailure("this transformer has no projection") }
    return [executor.linear(pooled, projection, activation: nil)]
  }

  private func embedded<E: Executor>(_ images: E.Value, on executor: E) -> E.Value {
    let x = executor.prepend(
      classToken,
      to: executor.patchEmbedding(images, embedding),
      positions: positions
    )
    return firstNorm.map { executor.layerNorm(x, $0) } ?? x
  }
}
