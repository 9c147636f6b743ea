/// What makes each parameter's group: weight decay and layer-wise decay of the learning rate.
package struct ParameterGroupRules: Equatable, Sendable {
  /// λ of the parameters that decay, at least 0.
  package var weightDecay: Double
  /// What the learning rate is multiplied with from each layer to the one below it, in 0...1, not 0;
  /// 1 for the same rate everywhere.
  package var layerDecay: Double

  /// States the rules.
  ///
  /// - Parameters:
  ///   - weightDecay: λ of the parameters that decay, at least 0.
  ///   - layerDecay: the learning rate's factor from layer to layer, above 0 and at most 1.
  /// - Throws: ``OptimizersError`` for a setting out of its range.
  package init(weightDecay: Double, layerDecay: Double = 1) throws {
    try check(weightDecay, in: 0..<Double.infinity, "weight decay")
    guard layerDecay > 0, layerDecay <= 1 else {
      throw OptimizersError(
        .invalidSetting(
          name: "layer-wise decay",
          value: "\(layerDecay)",
          expected: "above 0 and at most 1"
        )
      )
    }
    self.weightDecay = weightDecay
    self.layerDecay = layerDecay
  }

  /// The groups of a model's parameters.
  ///
  /// - Parameter parameters: names and shapes of the whole model's state dict, frozen parameters
  ///   too: the depth of an encoder is read from the names.
  /// - Returns: one group per parameter, in their order.
  package func groups(of parameters: [(name: String, shape: [Int])]) -> [ParameterGroup] {
    let depths = LayerDepths(names: parameters.map(\.name))
    return parameters.map { name, shape in
      ParameterGroup(
        learningRateFactor: depths.learningRateFactor(of: name, decay: layerDecay),
        weightDecay: WeightDecayRule.decays(name, shape: shape) ? weightDecay : 0
      )
    }
  }
}
