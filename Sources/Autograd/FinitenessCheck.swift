package import Tensors

/// Finds the first tensor of a step that holds a number which isn't finite.
package final class FinitenessCheck {
  /// What was found first, such as "the output of layer_norm at visual.ln_pre.weight: NaN at 17";
  /// nil while all is finite.
  package private(set) var finding: String?

  /// Makes a check that has found nothing.
  package init() {}

  /// Looks at a tensor, unless something was found before.
  ///
  /// - Parameters:
  ///   - tensor: the numbers.
  ///   - operation: what computed them.
  ///   - place: where, usually a parameter's name.
  ///   - isGradient: whether they are the gradient of the operation's output.
  ///   - device: where to run.
  package func look(
    at tensor: Tensor,
    _ operation: String,
    _ place: String,
    isGradient: Bool,
    on device: Device
  ) {
    guard finding == nil, let index = tensor.firstNonFinite(on: device) else { return }
    let what = isGradient ? "the gradient of the output" : "the output"
    let found = tensor.elements[index].isNaN ? "NaN" : "infinity"
    finding =
      "\(what) of \(operation)\(place.isEmpty ? "" : " at \(place)"), \(tensor.shape): "
      + "\(found) at element \(index)"
  }
}
