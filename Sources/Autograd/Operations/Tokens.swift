import Kernels
import Parallelism
import Tensors

// B sequences or images, T tokens, C features.
extension Tape {
  /// One token of each sequence; nothing is kept.
  ///
  /// - Parameters:
  ///   - index: which token, in 0..<T.
  ///   - x: [B, T, C].
  /// - Returns: [B, C].
  package func token(_ index: Int, of x: Variable) -> Variable {
    let (dx, shape) = (x.gradient, x.shape)
    return record("token", x.value.token(index, on: device), [dx]) { [device] dy in
      let (size, width) = (shape[1] * shape[2], shape[2])
      dx?.accumulate(on: device) { sum, adds in
        if !adds { device.compute.fill(sum, with: 0) }
        dy.withView {
          device.compute.copyColumns(
            0..<width,
            of: $0,
            stride: width,
            into: sum,
            stride: size,
            at: index * width,
            adds: adds
          )
        }
      }
    }
  }

  /// All tokens of each sequence but the first; nothing is kept.
  ///
  /// - Parameter x: [B, T, C] with T at least 2.
  /// - Returns: [B, T − 1, C].
  package func tokensBehindFirst(of x: Variable) -> Variable {
    let (dx, shape) = (x.gradient, x.shape)
    let y = x.value.tokensBehindFirst(on: device)
    return record("tokens_behind_first", y, [dx]) { [device] dy in
      let (size, width) = (shape[1] * shape[2], shape[2])
      dx?.accumulate(on: device) { sum, adds in
        if !adds { device.compute.fill(sum, with: 0) }
        dy.withView {
          device.compute.copyColumns(
            0..<size - width,
            of: $0,
            stride: size - width,
            into: sum,
            stride: size,
            at: width,
            adds: adds
          )
        }
      }
    }
  }

  /// The mean of some tokens of each sequence; nothing is kept.
  ///
  /// - Parameters:
  ///   - x: [B, T, C].
  ///   - range: which tokens, inside 0..<T; at least one.
  /// - Returns: [B, C].
  package func meanToken(of x: Variable, over range: Range<Int>) -> Variable {
    let (dx, shape) = (x.gradient, x.shape)
    let y = x.value.meanToken(over: range, on: device)
    return record("mean_token", y, [dx]) { [device] dy in
      dx?.accumulate(on: device) { sum, adds in
        if !adds { device.compute.fill(sum, with: 0) }
        dy.withView {
          device.compute.addToRows(
            $0,
            stride: shape[2],
            times: 1 / Float(range.count),
            rows: range,
            of: sum,
            sequences: shape[0],
            width: shape[2]
          )
        }
      }
    }
  }

  /// A class token before the tokens of each image, positions added; nothing is kept.
  ///
  /// - Parameters:
  ///   - token: C floats.
  ///   - x: [B, T, C].
  ///   - positions: [1 + T, C], perhaps with leading dimensions of 1.
  /// - Returns: [B, 1 + T, C].
  package func prepend(_ token: Variable, to x: Variable, positions: Variable) -> Variable {
    let y = x.value.prepending(
      token: token.value.reshaped([-1]),
      positions: positions.value.reshaped([-1, x.value.columns]),
      on: device
    )
    let (dToken, dx, dPositions) = (token.gradient, x.gradient, positions.gradient)
    let width = x.value.columns
    return record("prepend", y, [dToken, dx, dPositions]) { [device] dy in
      let size = y.shape[1] * width
      dToken?.accumulate(on: device) { sum, adds in
        dy.withView {
          device.compute.sumRows($0, stride: size, columns: 0..<width, adds: adds, into: sum)
        }
      }
      dPositions?.accumulate(on: device) { sum, adds in
        dy.withView {
          device.compute.sumRows($0, stride: size, columns: 0..<size, adds: adds, into: sum)
        }
      }
      dx?.accumulateTokens(behindFirstOf: dy, on: device)
    }
  }

  /// The mean of the tokens before them, positions added; nothing is kept.
  ///
  /// - Parameters:
  ///   - x: [B, T, C].
  ///   - positions: [1 + T, C], perhaps with leading dimensions of 1.
  /// - Returns: [B, 1 + T, C].
  package func prependMean(to x: Variable, positions: Variable) -> Variable {
    let (width, tokens) = (x.value.columns, x.shape[1])
    let y = x.value.prependingMean(positions: positions.value.reshaped([-1, width]), on: device)
    let (dx, dPositions) = (x.gradient, positions.gradient)
    return record("prepend_mean", y, [dx, dPositions]) { [device] dy in
      let size = (1 + tokens) * width
      dPositions?.accumulate(on: device) { sum, adds in
        dy.withView {
          device.compute.sumRows($0, stride: size, columns: 0..<size, adds: adds, into: sum)
        }
      }
      guard let dx else { return }
      dx.accumulateTokens(behindFirstOf: dy, on: device)
      dx.accumulate(on: device) { sum, _ in
        dy.withView {
          device.compute.addToRows(
            $0,
            stride: size,
            times: 1 / Float(tokens),
            rows: 0..<tokens,
            of: sum,
            sequences: dx.shape[0],
            width: width
          )
        }
      }
    }
  }
}

extension Gradient {
  /// Adds dy[b, 1 + t] to the sum's [b, t].
  fileprivate func accumulateTokens(behindFirstOf dy: Tensor, on device: Device) {
    let (size, width) = (dy.shape[1] * dy.shape[2], dy.shape[2])
    accumulate(on: device) { sum, adds in
      dy.withView {
        device.compute.copyColumns(
          width..<size,
          of: $0,
          stride: size,
          into: sum,
          stride: size - width,
          at: 0,
          adds: adds
        )
      }
    }
  }
}
