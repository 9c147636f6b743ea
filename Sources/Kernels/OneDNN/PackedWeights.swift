import COneDNN
import Parallelism

/// Weights in the layouts that compiled products want, each packed once.
///
/// A product's best implementation, and with it the layout of its weights, depends on its sizes: with
/// one layout for all sizes some convolutions fell back to oneDNN's reference, a hundred times slower.
final class PackedWeights: Sendable {
  // Guarded by itself. The first layout is the source of the others.
  private let packed: Monitor<[(layout: MemoryDescription, memory: AlignedMemory)]>

  /// Packs weights.
  ///
  /// - Parameters:
  ///   - weights: the elements.
  ///   - layout: how they lie.
  ///   - wanted: how they are to lie first.
  ///   - context: where they are used.
  init(
    _ weights: MemoryView<Float>,
    from layout: MemoryDescription,
    to wanted: MemoryDescription,
    context: OneDNNContext
  ) {
    let memory = context.reorder(weights, from: layout, to: wanted)
    packed = Monitor([(wanted, memory)])
  }

  /// The weights in a layout, packed when it is asked for the first time.
  ///
  /// - Parameters:
  ///   - layout: what a primitive wants.
  ///   - context: where they are used.
  /// - Returns: the packed weights.
  func memory(in layout: MemoryDescription, context: OneDNNContext) -> AlignedMemory {
    packed.withLock { packed in
      if let known = packed.first(where: { $0.layout.isEqual(to: layout) }) { return known.memory }
      let source = packed[0].memory.view(of: Float.self)
      let made = context.reorder(source, from: packed[0].layout, to: layout)
      packed.append((layout, made))
      return made
    }
  }
}

/// A compiled product with its weights in the layout that it wants.
struct Compiled: Sendable {
  let primitive: Primitive
  let weights: AlignedMemory
}

extension MemoryDescription {
  /// Whether two arrays have the same sizes and lie alike.
  func isEqual(to other: MemoryDescription) -> Bool {
    unsafe withUnsafePointer(to: description) { first in
      unsafe withUnsafePointer(to: other.description) { second in
        unsafe dnnl_memory_desc_equal(first, second) != 0
      }
    }
  }
}
