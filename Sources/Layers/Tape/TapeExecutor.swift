package import Autograd
package import Kernels
package import Tensors

/// Runs models on a tape, so that the gradients of trained parameters can be had.
///
/// What depends on no trained parameter is computed and not noted: frozen blocks cost a forward pass
/// and no memory.
package final class TapeExecutor: Executor {
  /// What operations are noted on.
  package let tape: Tape
  /// What is trained.
  package let gradients: ParameterGradients
  private let options: Options

  /// How layers behave while training.
  package struct Options {
    /// How fast running statistics follow those of batches; nil where all batch normalisations keep
    /// the statistics that they have.
    package var statisticsMomentum: Float?
    /// Whether blocks keep only their inputs and run again in the backward pass.
    package var recomputesBlocks: Bool
    /// Changes of linear maps; nil for none.
    package var adapters: LowRankAdapters?
    /// What is dropped of residual branches; nil for nothing.
    package var branchDrop: BranchDrop?

    /// Puts options together.
    ///
    /// - Parameters:
    ///   - statisticsMomentum: how fast running statistics follow those of batches; nil to keep
    ///     them. A batch normalisation that isn't trained keeps its statistics, too.
    ///   - recomputesBlocks: whether blocks keep only their inputs.
    ///   - adapters: changes of linear maps.
    ///   - branchDrop: how residual branches are dropped.
    package init(
      statisticsMomentum: Float? = 0.1,
      recomputesBlocks: Bool = false,
      adapters: LowRankAdapters? = nil,
      branchDrop: BranchDrop? = nil
    ) {
      self.statisticsMomentum = statisticsMomentum
      self.recomputesBlocks = recomputesBlocks
      self.adapters = adapters
      self.branchDrop = branchDrop
    }
  }

  /// Makes an executor for one step.
  ///
  /// - Parameters:
  ///   - tape: an empty tape.
  ///   - gradients: what is trained.
  ///   - options: how layers behave.
  package init(
    _ tape: Tape,
    gradients: ParameterGradients,
    options: Options = Options()
  ) {
    self.tape = tape
    self.gradients = gradients
    self.options = options
  }

  /// How fast running statistics follow those of batches; nil to keep them.
  var statisticsMomentum: Float? { options.statisticsMomentum }

  /// A parameter as an operation's input.
  package func variable(_ parameter: Parameter) -> Variable {
    Variable(parameter.value, gradient: gradients[parameter])
  }

  package func constant(_ tensor: Tensor) -> Variable { Variable(tensor) }

  package func shape(of value: Variable) -> [Int] { value.shape }

  package func reshaped(_ x: Variable, _ shape: [Int]) -> Variable { tape.reshaped(x, shape) }

  package func segment(_ x: inout Variable, _ body: @escaping (inout Variable) -> Void) {
    guard options.recomputesBlocks else { return body(&x) }
    x = tape.segment(x) { x in
      var y = x
      body(&y)
      return y
    }
  }
}

// MARK: - Linear maps

extension TapeExecutor {
  package func linear(_ x: Variable, _ layer: Linear, activation: Activation?) -> Variable {
    let y = mapped(x, layer, residual: nil)
    guard let activation else { return y }
    return tape.activation(activation, y)
  }

  package func addLinear(_ x: Variable, _ layer: Linear, to residual: inout Variable) {
    guard let drop = options.branchDrop?[layer] else {
      residual = mapped(x, layer, residual: residual)
      return
    }
    let branch = mapped(x, layer, residual: nil)
    switch drop {
    case .elements(let rate): residual = tape.add(residual, tape.dropout(branch, rate: rate))
    case .samples(let rate): residual = tape.add(residual, tape.dropPath(branch, rate: rate))
    }
  }

  /// All parts of a layer, its scale applied, and what is added.
  private func mapped(_ x: Variable, _ layer: Linear, residual: Variable?) -> Variable {
    tape.place = layer.parts[0].weight.name
    let parts = layer.keptParts
    let adapters = options.adapters
    let isAdapted = parts.contains { adapters?[$0.part.weight] != nil }
    guard isAdapted || layer.scale != nil else {
      return tape.linear(x, parts.map { variable($0.part, $0.outputs) }, residual: residual)
    }
    let pieces = isAdapted ? parts.map { [$0] } : [parts]
    let outputs = pieces.map { piece in
      let change = adapters?[piece[0].part.weight].map { adapter in
        tape.linear(
          tape.scaled(
            tape.linear(x, [whole(adapter.down)]),
            by: adapters?.factor ?? 0
          ),
          [whole(adapter.up, piece[0].outputs)]
        )
      }
      return tape.linear(x, piece.map { variable($0.part, $0.outputs) }, residual: change)
    }
    var y = outputs.count == 1 ? outputs[0] : tape.concatenated(outputs)
    if let scale = layer.scale {
      let columns = variable(scale)
      y = tape.multiplied(
        y,
        columns: layer.outputs.count == scale.count
          ? columns : tape.columns(layer.outputs, of: columns)
      )
    }
    return residual.map { tape.add($0, y) } ?? y
  }

  private func variable(_ part: Linear.Part, _ outputs: Range<Int>) -> LinearPart {
    LinearPart(
      weight: variable(part.weight),
      order: part.order,
      outputs: outputs,
      bias: part.bias.map(variable)
    )
  }

  private func whole(_ weight: Parameter, _ outputs: Range<Int>? = nil) -> LinearPart {
    LinearPart(
      weight: variable(weight),
      order: .outputsByInputs,
      outputs: outputs ?? 0..<weight.shape[0],
      bias: nil
    )
  }
}
