package import Tensors

/// Changes a model's parameters after each batch, by the gradients of its loss.
///
/// A step equals PyTorch's `torch.optim` to float32's rounding. Arrays are updated in place in one
/// pass over memory, the same bits for any number of threads.
package protocol Optimizer: AnyObject {
  /// What is trained, in the order in which gradients are given.
  var parameters: [OptimizedParameter] { get }

  /// The most steps that a parameter has taken.
  var stepCount: Int { get }

  /// How many bytes the moments take, beside weights and gradients.
  var momentBytes: Int { get }

  /// Changes each parameter that has a gradient.
  ///
  /// A parameter without one stays as it is, its moments and the number of its steps too, as in
  /// PyTorch. A gradient that isn't finite makes what it touches so: look at `GradientNorm` first.
  ///
  /// - Parameters:
  ///   - gradients: one per parameter, of its shape; nil where there is none.
  ///   - learningRate: the schedule's rate, which groups multiply.
  ///   - gradientScale: what gradients are multiplied with first, from clipping and accumulation.
  ///   - device: where to run.
  func step(gradients: [Tensor?], learningRate: Double, gradientScale: Double, on device: Device)

  /// All that the next step depends on beside parameters and gradients, under names such as
  /// `exp_avg/visual.proj` and, for how many steps that parameter has taken, `step/visual.proj`.
  ///
  /// The tensors share the optimiser's memory: write or copy them before the next step.
  var state: [(name: String, tensor: Tensor)] { get }

  /// Continues from a state that was exported.
  ///
  /// - Parameter state: what `state` gave, in any order; arrays of other kinds are ignored.
  /// - Throws: ``OptimizersError`` that names the array which is missing, mis-shaped or
  ///   unasked for; nothing has changed then.
  func load(_ state: [(name: String, tensor: Tensor)]) throws
}
