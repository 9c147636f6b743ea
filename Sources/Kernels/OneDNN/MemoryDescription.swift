import COneDNN

/// What oneDNN knows about an array: sizes, and how elements lie in memory.
struct MemoryDescription: Sendable {
  var description: dnnl_memory_desc_t

  /// An array in the layout that the primitive likes best.
  ///
  /// - Parameter sizes: the logical sizes, in oneDNN's order (N, C, H, W; or rows, columns).
  /// - Returns: the description.
  static func any(_ sizes: [Int]) -> MemoryDescription {
    var description = dnnl_memory_desc_t()
    unsafe check(
      dnnl_memory_desc_init_by_tag(
        &description,
        CInt(sizes.count),
        sizes.map(Int64.init),
        dnnl_f32,
        dnnl_format_tag_any
      ),
      "describing memory of sizes \(sizes)"
    )
    return MemoryDescription(description: description)
  }

  /// An array with a stride per dimension.
  ///
  /// - Parameters:
  ///   - sizes: the logical sizes, in oneDNN's order.
  ///   - strides: the distance between neighbours along each dimension, in elements.
  /// - Returns: the description.
  static func strided(_ sizes: [Int], strides: [Int]) -> MemoryDescription {
    var description = dnnl_memory_desc_t()
    unsafe check(
      dnnl_memory_desc_init_by_strides(
        &description,
        CInt(sizes.count),
        sizes.map(Int64.init),
        dnnl_f32,
        strides.map(Int64.init)
      ),
      "describing memory of sizes \(sizes) and strides \(strides)"
    )
    return MemoryDescription(description: description)
  }

  /// N images of H × W pixels with C channels, channels next to each other.
  static func imagesNHWC(_ count: Int, channels: Int, height: Int, width: Int) -> Self {
    strided(
      [count, channels, height, width],
      strides: [height * width * channels, 1, width * channels, channels]
    )
  }

  /// A matrix, row by row.
  static func matrix(_ rows: Int, _ columns: Int) -> MemoryDescription {
    strided([rows, columns], strides: [columns, 1])
  }

  /// How much memory the array takes.
  var byteCount: Int {
    unsafe withUnsafePointer(to: description) { unsafe dnnl_memory_desc_get_size($0) }
  }
}
