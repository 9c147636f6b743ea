package import Checkpoints

/// A file of tensors under the names that this project's models use.
///
/// Hugging Face's Chinese-CLIP (`vision_model.…`, `text_model.…`) is renamed to the released names,
/// with query, key and value joined and projections turned; a common prefix of names (`dinov2.`,
/// `backbone.`) is taken off. Other files stay as they are.
package final class RenamedArchive: TensorArchive {
  /// How a tensor is made of the file's.
  private struct Source {
    var names: [String]
    var isTransposed = false
  }

  package let tensors: [TensorDescription]
  /// What was renamed, in one sentence; nil where nothing was.
  package let renaming: String?
  private let archive: any TensorArchive
  private let sources: [String: Source]

  /// Renames an archive's tensors where that is needed.
  ///
  /// - Parameter archive: the file.
  package init(_ archive: any TensorArchive) {
    self.archive = archive
    let names = Set(archive.tensors.map(\.name))
    if names.contains("vision_model.embeddings.class_embedding") {
      let renamed = archive.tensors.compactMap(Self.chineseCLIP)
      let byName = Dictionary(grouping: renamed, by: \.name)
      let shapes = Dictionary(
        archive.tensors.map { ($0.name, $0.shape) },
        uniquingKeysWith: { first, _ in first }
      )
      var sources: [String: Source] = [:]
      tensors = byName.sorted { $0.key < $1.key }.map { name, parts in
        let parts = parts.sorted { $0.order < $1.order }
        sources[name] = Source(
          names: parts.map(\.source),
          isTransposed: parts.contains(where: \.isTransposed)
        )
        var shape = Self.joined(parts.map { shapes[$0.source] ?? [] })
        if parts[0].isTransposed { shape.reverse() }
        return TensorDescription(name: name, shape: shape, elementType: .float32)
      }
      self.sources = sources
      renaming = "names of Hugging Face's Chinese-CLIP were translated to the released ones"
      return
    }
    let prefix = ["dinov2.", "backbone.", "encoder.visual."].first { prefix in
      names.contains("\(prefix)embeddings.cls_token") || names.contains("\(prefix)conv1.weight")
    }
    guard let prefix else {
      tensors = archive.tensors
      sources = [:]
      renaming = nil
      return
    }
    var sources: [String: Source] = [:]
    tensors = archive.tensors.map { tensor in
      guard tensor.name.hasPrefix(prefix) else { return tensor }
      var renamed = tensor
      renamed.name = String(tensor.name.dropFirst(prefix.count))
      sources[renamed.name] = Source(names: [tensor.name])
      return renamed
    }
    self.sources = sources
    renaming = "the prefix \(prefix) of names was taken off"
  }

  package var path: String { archive.path }
  package var format: ArchiveFormat { archive.format }
  package var metadata: [String: String] { archive.metadata }
  package var wrapping: ArchiveWrapping { archive.wrapping }

  package func read(_ name: String) throws -> [Float] {
    guard let source = sources[name] else { return try archive.read(name) }
    var values: [Float] = []
    for part in source.names { values += try archive.read(part) }
    guard source.isTransposed, let shape = description(of: name)?.shape, shape.count == 2 else {
      return values
    }
    let (rows, columns) = (shape[0], shape[1])
    var turned = [Float](repeating: 0, count: values.count)
    for row in 0..<rows {
      for column in 0..<columns { turned[row * columns + column] = values[column * rows + row] }
    }
    return turned
  }

  /// The shape of tensors one below the other; none where they don't fit, which no parameter has.
  private static func joined(_ shapes: [[Int]]) -> [Int] {
    guard let first = shapes.first, shapes.count > 1 else { return shapes.first ?? [] }
    guard !first.isEmpty, shapes.allSatisfy({ $0.dropFirst() == first.dropFirst() }) else {
      return []
    }
    let rows = shapes.reduce(0) { $0 + min($1.first ?? 0, 1 << 40) }
    return [rows] + first.dropFirst()
  }

  private struct Part {
    var name: String
    var source: String
    var order = 0
    var isTransposed = false
  }

  /// Where a tensor of Hugging Face's Chinese-CLIP goes.
  private static func chineseCLIP(_ tensor: TensorDescription) -> Part? {
    let source = tensor.name
    if source.hasPrefix("text_model.") {
      return Part(name: "bert." + source.dropFirst("text_model.".count), source: source)
    }
    let whole = [
      "logit_scale": "logit_scale",
      "vision_model.embeddings.class_embedding": "visual.class_embedding",
      "vision_model.embeddings.patch_embedding.weight": "visual.conv1.weight",
      "vision_model.embeddings.position_embedding.weight": "visual.positional_embedding",
      "vision_model.pre_layrnorm.weight": "visual.ln_pre.weight",
      "vision_model.pre_layrnorm.bias": "visual.ln_pre.bias",
      "vision_model.post_layernorm.weight": "visual.ln_post.weight",
      "vision_model.post_layernorm.bias": "visual.ln_post.bias",
    ]
    if let name = whole[source] { return Part(name: name, source: source) }
    if source == "visual_projection.weight" {
      return Part(name: "visual.proj", source: source, isTransposed: true)
    }
    if source == "text_projection.weight" {
      return Part(name: "text_projection", source: source, isTransposed: true)
    }
    let layers = "vision_model.encoder.layers."
    guard source.hasPrefix(layers) else { return nil }
    let rest = source.dropFirst(layers.count)
    guard let dot = rest.firstIndex(of: ".") else { return nil }
    let block = "visual.transformer.resblocks.\(rest[..<dot])."
    let inner = String(rest[rest.index(after: dot)...])
    for (order, letter) in ["q", "k", "v"].enumerated() {
      for kind in ["weight", "bias"] where inner == "self_attn.\(letter)_proj.\(kind)" {
        return Part(name: "\(block)attn.in_proj_\(kind)", source: source, order: order)
      }
    }
    let prefixes = [
      "self_attn.out_proj": "attn.out_proj", "layer_norm1": "ln_1", "layer_norm2": "ln_2",
      "mlp.fc1": "mlp.c_fc", "mlp.fc2": "mlp.c_proj",
    ]
    for (old, new) in prefixes where inner.hasPrefix(old + ".") {
      return Part(name: block + new + inner.dropFirst(old.count), source: source)
    }
    return nil
  }
}
