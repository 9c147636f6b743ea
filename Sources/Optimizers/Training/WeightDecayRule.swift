/// Which parameters weight decay is for.
package enum WeightDecayRule {
  /// What a name's component may contain where the whole array holds positions or added tokens.
  private static let tokens = [
    "pos_embed", "position_embedding", "positional_embedding", "relative_position", "cls_token",
    "class_embedding", "mask_token", "register_token", "dist_token",
  ]

  /// Whether a parameter's weights should be drawn to 0.
  ///
  /// The usual rule of fine-tuning transformers (BEiT, MAE, open_clip): not norms, biases and other
  /// arrays of one dimension, nor position tables, class tokens and `logit_scale`.
  ///
  /// - Parameters:
  ///   - name: the name in PyTorch's state dict.
  ///   - shape: the shape there.
  /// - Returns: whether it decays.
  package static func decays(_ name: String, shape: [Int]) -> Bool {
    guard shape.count > 1 else { return false }
    let components = name.split(separator: ".")
    if components.last == "bias" || name.contains("logit_scale") { return false }
    return !components.contains { component in tokens.contains { component.contains($0) } }
  }
}
