import Evaluation

/// Keeps what an evaluation says.
final class Recorder: EvaluationObserver {
  /// The labels of the work that began, with its size.
  private(set) var begun: [String] = []
  /// The remarks.
  private(set) var warnings: [String] = []
  /// How far each work came.
  private(set) var reached: [Int] = []
  private var isOpen = false

  /// Whether each work that began has ended.
  var isBalanced: Bool { !isOpen }

  func begin(_ label: String, unit: String, total: Int) {
    begun.append("\(label): \(total) \(unit)")
    reached.append(0)
    isOpen = true
  }

  func advance(to done: Int) { reached[reached.count - 1] = done }

  func end() { isOpen = false }

  func warn(_ text: String) { warnings.append(text) }
}
