package import Kernels
import Parallelism
import Tensors

/// One of the maps over the same x whose outputs are joined.
package struct LinearPart {
  /// The matrix, in `order`.
  package let weight: Variable
  /// How the matrix lies.
  package let order: PreparedLinear.WeightOrder
  /// Which of the map's outputs are computed.
  package let outputs: Range<Int>
  /// One offset per output of the whole map; nil for none.
  package let bias: Variable?

  /// Puts a part together.
  ///
  /// - Parameters:
  ///   - weight: the matrix, in `order`.
  ///   - order: how the matrix lies.
  ///   - outputs: which of the map's outputs are computed.
  ///   - bias: one offset per output of the whole map; nil for none.
  package init(
    weight: Variable,
    order: PreparedLinear.WeightOrder,
    outputs: Range<Int>,
    bias: Variable?
  ) {
    let shape = weight.shape
    precondition(shape.count == 2, "a linear map with weights \(shape)")
    let count = order == .outputsByInputs ? shape[0] : shape[1]
    precondition(
      outputs.lowerBound >= 0 && outputs.upperBound <= count
        && (bias?.value.count ?? count) == count,
      "outputs \(outputs) of a linear map with weights \(shape), biases \(bias?.shape ?? [])"
    )
    self.weight = weight
    self.order = order
    self.outputs = outputs
    self.bias = bias
  }

  var inputCount: Int { weight.shape[order == .outputsByInputs ? 1 : 0] }
}

/// What the backward pass needs of a part.
private struct PartGradient {
  let weight: Tensor
  let order: PreparedLinear.WeightOrder
  let outputs: Range<Int>
  /// Which columns of the joined outputs are the part's.
  let columns: Range<Int>
  let dWeight: Gradient?
  let dBias: Gradient?

  /// [inputs, all outputs of the map] of memory that lies as the weights.
  func matrix(_ elements: MemoryView<Float>) -> Matrix {
    let plain = Matrix(elements, rows: weight.shape[0], columns: weight.shape[1])
    return order == .outputsByInputs ? plain.transposed : plain
  }
}

extension Tape {
  /// y = [x·W₁ᵀ + b₁ | x·W₂ᵀ + b₂ | …] + residual: maps over the same x, their outputs joined.
  ///
  /// With R rows: dx = Σ dyᵢ·Wᵢ, dWᵢ = dyᵢᵀ·x, dbᵢ the column sums of dyᵢ, and the residual's
  /// gradient is dy itself, shared. Each is 2·R·inputs·outputs operations; offsets, residual and
  /// earlier gradients are added within the products. Kept: x and the weights, both of which exist
  /// anyhow.
  ///
  /// - Parameters:
  ///   - x: [..., inputs].
  ///   - parts: the maps in the order of their outputs; at least one.
  ///   - residual: what is added, as y; nil for nothing.
  /// - Returns: [..., Σ outputs].
  package func linear(
    _ x: Variable,
    _ parts: [LinearPart],
    residual: Variable? = nil
  ) -> Variable {
    let inputs = x.value.columns
    let rows = x.shape.dropLast().reduce(1, *)
    let outputs = parts.reduce(0) { $0 + $1.outputs.count }
    let shape = x.shape.dropLast() + [outputs]
    precondition(
      !parts.isEmpty && parts.allSatisfy { $0.inputCount == inputs }
        && (residual?.shape ?? Array(shape)) == Array(shape),
      "linear maps of \(x.shape) with weights \(parts.map(\.weight.shape)), "
        + "residual \(residual?.shape ?? [])"
    )
    var first = 0
    let backward = parts.map { part in
      defer { first += part.outputs.count }
      return PartGradient(
        weight: part.weight.value,
        order: part.order,
        outputs: part.outputs,
        columns: first..<first + part.outputs.count,
        dWeight: part.weight.gradient,
        dBias: part.bias?.gradient
      )
    }
    let y = Tensor(uninitialized: Array(shape), on: device)
    for (part, place) in zip(parts, backward) {
      forward(x.value, bias: part.bias?.value, place, residual: residual?.value, into: y)
    }
    let gradients =
      [x.gradient, residual?.gradient] + backward.flatMap { [$0.dWeight, $0.dBias] }
    let (dx, dResidual) = (x.gradient, residual?.gradient)
    let needsInput = backward.contains { $0.dWeight != nil }
    let kept = needsInput ? x.value : nil
    return record("linear", y, gradients) { [device] dy in
      dResidual?.add(dy, on: device)
      for part in backward {
        part.add(dy, x: kept, on: device)
      }
      dx?.accumulate(on: device) { dx, adds in
        for (index, part) in backward.enumerated() {
          withViews(dy, part.weight) { dy, weight in
            device.compute.multiply(
              Matrix(dy, rows: rows, columns: outputs).columns(part.columns),
              part.matrix(weight).columns(part.outputs).transposed,
              adds: adds || index > 0,
              into: Matrix(dx, rows: rows, columns: inputs)
            )
          }
        }
      }
    }
  }

  /// One part's columns of y.
  private func forward(
    _ x: Tensor,
    bias: Tensor?,
    _ part: PartGradient,
    residual: Tensor?,
    into y: Tensor
  ) {
    let (rows, joined) = (y.rows, y.columns)
    withViews(x, part.weight, y) { view, weight, y in
      withOptionalView(bias) { bias in
        withOptionalView(residual) { residual in
          device.compute.multiply(
            Matrix(view, rows: rows, columns: x.columns),
            part.matrix(weight).columns(part.outputs),
            bias: bias?[part.outputs],
            addend: residual.map {
              Matrix($0, rows: rows, columns: joined).columns(part.columns)
            },
            into: Matrix(y, rows: rows, columns: joined).columns(part.columns)
          )
        }
      }
    }
  }
}

extension PartGradient {
  /// Adds to the gradients of the part's weights and offsets.
  ///
  /// - Parameters:
  ///   - dy: the gradient of all joined outputs.
  ///   - x: the maps' input; nil where no weights are trained.
  ///   - device: where to run.
  fileprivate func add(_ dy: Tensor, x: Tensor?, on device: Device) {
    let (rows, joined) = (dy.rows, dy.columns)
    dBias?.accumulate(on: device) { dBias, adds in
      clear(dBias, unless: adds, all: dBias.count)
      dy.withView {
        device.compute.sumRows(
          $0,
          stride: joined,
          columns: columns,
          adds: adds,
          into: dBias[outputs]
        )
      }
    }
    guard let dWeight, let x else { return }
    dWeight.accumulate(on: device) { dWeight, adds in
      let target = matrix(dWeight)
      clear(dWeight, unless: adds, all: target.columns)
      withViews(dy, x) { dy, view in
        let changes = Matrix(dy, rows: rows, columns: joined).columns(columns)
        let inputs = Matrix(view, rows: rows, columns: x.columns)
        let part = target.columns(outputs)
        if order == .outputsByInputs {
          device.compute.multiply(changes.transposed, inputs, adds: adds, into: part.transposed)
        } else {
          device.compute.multiply(inputs.transposed, changes, adds: adds, into: part)
        }
      }
    }
  }

  /// Sets a fresh gradient to zero where the part doesn't use all outputs.
  private func clear(_ gradient: MemoryView<Float>, unless adds: Bool, all: Int) {
    if !adds && outputs.count < all { gradient.fill(with: 0) }
  }
}
