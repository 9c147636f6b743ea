package import Autograd
package import Layers
package import Models
package import Tensors

/// Prepared pairs, before the encoders.
package struct EncodedPairs {
  /// How many pairs there are.
  package var count: Int
  /// count × height × width × 3 prepared floats.
  package var pixels: [Float]
  /// The images' height.
  package var height: Int
  /// The images' width.
  package var width: Int
  /// count × context ids.
  package var ids: [Int32]
  /// How many ids of each text aren't padding.
  package var lengths: [Int]
}

/// Runs both encoders over a batch, chunk by chunk where it doesn't fit into memory at once.
///
/// Gradient caching (Gao et al. 2021): of a chunked batch only features are kept; each chunk runs again
/// in the backward pass, when its features' gradients are known. The loss is that of the whole batch,
/// whatever the chunk; batch normalisations, which measure what runs together, measure chunks.
package struct PairEncoder: Sendable {
  /// How many pairs run together; nil for all.
  package var chunk: Int?

  /// States how a batch is cut.
  ///
  /// - Parameter chunk: how many pairs run together, at least 2; nil for all.
  package init(chunk: Int?) {
    precondition(chunk ?? 2 >= 2, "chunks of \(chunk ?? 0) pairs")
    self.chunk = chunk
  }

  /// The features of pairs as tests see them, without a trace: normalisations use what they know of
  /// earlier batches.
  ///
  /// - Parameters:
  ///   - pairs: the prepared pairs, at least one.
  ///   - model: with a text encoder.
  ///   - executor: runs it.
  /// - Returns: [B, width] of images and of texts, rows of length 1.
  package func features(
    of pairs: EncodedPairs,
    _ model: Model,
    on executor: InferenceExecutor
  ) -> (images: Tensor, texts: Tensor) {
    let device = executor.device
    let parts = Self.chunks(of: pairs.count, size: chunk ?? pairs.count).map { range in
      (
        executor.concatenated(
          model.features(of: Self.images(range, of: pairs, on: device), .projected, on: executor)
        ).normalized(on: device),
        Self.texts(range, of: pairs, model, on: executor).normalized(on: device)
      )
    }
    func joined(_ tensors: [Tensor]) -> Tensor {
      guard tensors.count > 1 else { return tensors[0] }
      let width = tensors[0].shape[1]
      return Tensor(tensors.flatMap(\.elements), shape: [pairs.count, width], on: device)
    }
    return (joined(parts.map(\.0)), joined(parts.map(\.1)))
  }

  /// The features of pairs, rows of length 1.
  ///
  /// - Parameters:
  ///   - pairs: the prepared pairs.
  ///   - model: with a text encoder.
  ///   - executor: runs it.
  /// - Returns: [B, width] of images and of texts.
  package func features(
    of pairs: EncodedPairs,
    _ model: Model,
    on executor: TapeExecutor
  ) -> (images: Variable, texts: Variable) {
    let chunks = Self.chunks(of: pairs.count, size: chunk ?? pairs.count)
    let isWhole = chunks.count == 1
    let images = chunks.map { range in
      let pixels = executor.constant(Self.images(range, of: pairs, on: executor.tape.device))
      let encode = { (images: Variable) in
        executor.normalized(
          executor.concatenated(model.features(of: images, .projected, on: executor))
        )
      }
      return isWhole ? encode(pixels) : executor.tape.segment(pixels, encode)
    }
    let texts = chunks.map { range in
      let encode = { (_: Variable) in
        executor.normalized(Self.texts(range, of: pairs, model, on: executor))
      }
      // A segment's input is a value; ids aren't, and don't change.
      let nothing = executor.constant(Tensor([], shape: [0], on: executor.tape.device))
      return isWhole ? encode(nothing) : executor.tape.segment(nothing, encode)
    }
    return (executor.tape.concatenatedRows(images), executor.tape.concatenatedRows(texts))
  }

  /// Ranges of about the same size; none of fewer than two pairs where there are two, though that makes
  /// one larger than asked where sizes don't come out even: a normalisation over one picture measures it.
  package static func chunks(of count: Int, size: Int) -> [Range<Int>] {
    let number = max(min((count + size - 1) / max(size, 1), count / 2), 1)
    return (0..<number).map { count * $0 / number..<count * ($0 + 1) / number }
  }

  private static func images(
    _ range: Range<Int>,
    of pairs: EncodedPairs,
    on device: Device
  ) -> Tensor {
    let size = pairs.height * pairs.width * 3
    return Tensor(
      Array(pairs.pixels[range.lowerBound * size..<range.upperBound * size]),
      shape: [range.count, pairs.height, pairs.width, 3],
      on: device
    )
  }

  private static func texts<E: Executor>(
    _ range: Range<Int>,
    of pairs: EncodedPairs,
    _ model: Model,
    on executor: E
  ) -> E.Value {
    guard let text = model.text else { preconditionFailure("a pair needs a text encoder") }
    let context = pairs.ids.count / max(pairs.count, 1)
    return text.features(
      ids: Array(pairs.ids[range.lowerBound * context..<range.upperBound * context]),
      lengths: Array(pairs.lengths[range]),
      on: executor
    )
  }
}
