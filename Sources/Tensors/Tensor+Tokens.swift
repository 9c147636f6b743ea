package import Kernels

extension Tensor {
  /// One token of each sequence.
  ///
  /// - Parameters:
  ///   - index: which token, of a tensor [B, T, C].
  ///   - device: where to run.
  /// - Returns: [B, C].
  package func token(_ index: Int, on device: Device) -> Tensor {
    precondition(shape.count == 3 && (0..<shape[1]).contains(index), "token \(index) of \(shape)")
    let y = Tensor(uninitialized: [shape[0], shape[2]], on: device)
    withViews(self, y) {
      device.compute.copyRow(index, of: $0, sequences: shape[0], width: shape[2], into: $1)
    }
    return y
  }

  /// All tokens of each sequence but the first.
  ///
  /// - Parameter device: where to run.
  /// - Returns: [B, T − 1, C] of a tensor [B, T, C].
  package func tokensBehindFirst(on device: Device) -> Tensor {
    precondition(shape.count == 3 && shape[1] > 1, "tokens behind the first of \(shape)")
    let (size, width) = (shape[1] * shape[2], shape[2])
    let y = Tensor(uninitialized: [shape[0], shape[1] - 1, width], on: device)
    withViews(self, y) {
      device.compute.copyColumns(
        width..<size,
        of: $0,
        stride: size,
        into: $1,
        stride: size - width,
        at: 0
      )
    }
    return y
  }

  /// Tensors of the same rows side by side.
  ///
  /// - Parameters:
  ///   - parts: at least one; all dimensions but the last are alike.
  ///   - device: where to run.
  /// - Returns: as the parts, the last dimension being the sum of theirs.
  package static func concatenating(_ parts: [Tensor], on device: Device) -> Tensor {
    guard let first = parts.first else { preconditionFailure("nothing to concatenate") }
    precondition(
      parts.allSatisfy { $0.shape.dropLast() == first.shape.dropLast() },
      "\(parts.map(\.shape)) side by side"
    )
    if parts.count == 1 { return first }
    let width = parts.reduce(0) { $0 + $1.columns }
    let y = Tensor(uninitialized: first.shape.dropLast() + [width], on: device)
    var offset = 0
    for part in parts {
      withViews(part, y) { x, y in
        device.compute.copyColumns(
          0..<part.columns,
          of: x,
          stride: part.columns,
          into: y,
          stride: width,
          at: offset
        )
      }
      offset += part.columns
    }
    return y
  }

  /// The mean of some tokens of each sequence.
  ///
  /// - Parameters:
  ///   - range: which tokens, of a tensor [B, T, C].
  ///   - device: where to run.
  /// - Returns: [B, C].
  package func meanToken(over range: Range<Int>, on device: Device) -> Tensor {
    precondition(shape.count == 3, "mean tokens of \(shape)")
    let y = Tensor(uninitialized: [shape[0], shape[2]], on: device)
    withViews(self, y) {
      device.compute.meanRow(over: range, of: $0, sequences: shape[0], width: shape[2], into: $1)
    }
    return y
  }

  /// A class token before the patches of each image, positions added.
  ///
  /// - Parameters:
  ///   - token: C floats.
  ///   - positions: [1 + T, C].
  ///   - device: where to run.
  /// - Returns: [B, 1 + T, C] for patches [B, T, C].
  package func prepending(token: Tensor, positions: Tensor, on device: Device) -> Tensor {
    precondition(
      shape.count == 3 && positions.shape == [shape[1] + 1, shape[2]] && token.count == shape[2],
      "a token \(token.shape) before \(shape) with positions \(positions.shape)"
    )
    let y = Tensor(uninitialized: [shape[0], shape[1] + 1, shape[2]], on: device)
    withViews(self, token, positions, y) {
      device.compute.prependToken($1, to: $0, positions: $2, images: shape[0], into: $3)
    }
    return y
  }

  /// The mean of the tokens before them, positions added.
  ///
  /// - Parameters:
  ///   - positions: [1 + T, C].
  ///   - device: where to run.
  /// - Returns: [B, 1 + T, C] for tokens [B, T, C].
  package func prependingMean(positions: Tensor, on device: Device) -> Tensor {
    precondition(
      shape.count == 3 && positions.shape == [shape[1] + 1, shape[2]],
      "the mean before \(shape) with positions \(positions.shape)"
    )
    let y = Tensor(uninitialized: [shape[0], shape[1] + 1, shape[2]], on: device)
    withViews(self, positions, y) {
      device.compute.prependMean(
        to: $0,
        positions: $1,
        sequences: shape[0],
        width: shape[2],
        into: $2
      )
    }
    return y
  }

  /// The patches of images as rows.
  ///
  /// - Parameters:
  ///   - patch: a patch's side in pixels.
  ///   - device: where to run.
  /// - Returns: [N, H/patch · W/patch, patch·patch·3] for images [N, H, W, 3].
  package func patches(_ patch: Int, on device: Device) -> Tensor {
    precondition(shape.count == 4 && shape[3] == 3, "patches of \(shape)")
    let (rows, columns) = (shape[1] / patch, shape[2] / patch)
    let y = Tensor(uninitialized: [shape[0], rows * columns, patch * patch * 3], on: device)
    withViews(self, y) {
      device.compute.unfoldPatches(
        $0,
        sizes: (shape[0], shape[1], shape[2]),
        patch: patch,
        into: $1
      )
    }
    return y
  }

  /// Pools feature maps.
  ///
  /// - Parameters:
  ///   - kind: what is taken of each window.
  ///   - window: the window.
  ///   - device: where to run.
  /// - Returns: [N, H', W', C] for x [N, H, W, C].
  package func pooled(_ kind: PoolingKind, _ window: PoolingShape, on device: Device) -> Tensor {
    precondition(shape.count == 4, "pooling of \(shape)")
    let y = Tensor(
      uninitialized: [
        shape[0], window.outputSize(shape[1]), window.outputSize(shape[2]), shape[3],
      ],
      on: device
    )
    withViews(self, y) {
      device.compute.pool(
        kind,
        $0,
        sizes: (shape[0], shape[1], shape[2], shape[3]),
        shape: window,
        into: $1
      )
    }
    return y
  }
}
