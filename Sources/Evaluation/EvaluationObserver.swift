package import Training

/// Who is told how far long work has come.
package protocol EvaluationObserver: AnyObject {
  /// Work begins.
  ///
  /// - Parameters:
  ///   - label: what is done, such as "encoding idrid-grading".
  ///   - unit: what is counted, such as "images".
  ///   - total: how many there are.
  func begin(_ label: String, unit: String, total: Int)
  /// So many are done.
  func advance(to done: Int)
  /// The work is over.
  func end()
  /// Something that a reader of a score must know, in one line.
  func warn(_ text: String)
  /// Who is told how a training goes; nil for nobody.
  ///
  /// - Parameter label: what is trained, such as "Training idrid-grading/dr-grade, seed 0".
  /// - Returns: the observer.
  func trainingObserver(_ label: String) -> (any TrainingObserver)?
}

extension EvaluationObserver {
  /// Nobody.
  package func trainingObserver(_ label: String) -> (any TrainingObserver)? { nil }
}

/// Tells nobody.
package final class SilentObserver: EvaluationObserver {
  /// Makes an observer.
  package init() {}
  /// Does nothing.
  package func begin(_ label: String, unit: String, total: Int) {}
  /// Does nothing.
  package func advance(to done: Int) {}
  /// Does nothing.
  package func end() {}
  /// Does nothing.
  package func warn(_ text: String) {}
}
