import Metrics
import Testing

@Suite("Reasons to mistrust predictions")
struct MistrustTests {
  @Test("Scores and decisions that vary give none")
  func none() throws {
    let binary = try BinaryPredictions(scores: [0.2, 0.8], labels: [true, true])
    #expect(mistrustReasons(binary) == [])
    let multiclass = try MulticlassPredictions(
      scores: [0.2, 0.8, 0.7, 0.3],
      labels: [0, 0],
      classNames: ["a", "b"]
    )
    #expect(mistrustReasons(multiclass) == [])
    let multilabel = try MultilabelPredictions(
      scores: [0.2, 0.8, 0.7, 0.3],
      labels: [true, true, true, true],
      classNames: ["a", "b"]
    )
    #expect(mistrustReasons(multilabel) == [])
  }

  @Test("Equal scores, equal decisions")
  func binary() throws {
    let constant = try BinaryPredictions(scores: [0.5, 0.5, 0.5], labels: [true, false, true])
    #expect(
      mistrustReasons(constant) == [
        "all 3 samples have the same score",
        "all 3 samples are predicted as class \"positive\"",
      ]
    )
    let low = try BinaryPredictions(scores: [0.1, 0.2], labels: [true, false])
    #expect(mistrustReasons(low) == ["all 2 samples are predicted as class \"negative\""])
  }

  @Test("One class's scores equal, all predicted alike")
  func multiclass() throws {
    let predictions = try MulticlassPredictions(
      scores: [0.2, 0.7, 0.1, 0.1, 0.8, 0.1],
      labels: [0, 2],
      classNames: ["none", "mild", "severe"]
    )
    let reasons = [
      "all samples have the same score for class \"severe\"",
      "all 2 samples are predicted as class \"mild\"",
    ]
    #expect(mistrustReasons(predictions) == reasons)
    #expect(MetricSuite.evaluate(predictions, bootstrap: nil).mistrustReasons == reasons)
    let constant = try MulticlassPredictions(
      scores: [0.2, 0.8, 0.2, 0.8],
      labels: [0, 1],
      classNames: ["none", "mild"]
    )
    #expect(mistrustReasons(constant).first == "all samples have the same scores")
  }

  @Test("Nothing shown, everything shown")
  func multilabel() throws {
    func reasons(_ scores: [Double]) throws -> [String] {
      mistrustReasons(
        try MultilabelPredictions(
          scores: scores,
          labels: [true, false, false, true],
          classNames: ["a", "b"]
        )
      )
    }
    #expect(
      try reasons([0.1, 0.2, 0.3, 0.4]) == ["no sample of 2 is predicted to show any class"]
    )
    #expect(
      try reasons([0.5, 0.6, 0.7, 0.8]) == ["all 2 samples are predicted to show every class"]
    )
    #expect(
      try reasons([0.1, 0.6, 0.1, 0.8]) == ["all samples have the same score for class \"a\""]
    )
  }

  @Test("One sample gives no reason")
  func single() throws {
    #expect(mistrustReasons(try BinaryPredictions(scores: [0.5], labels: [true])) == [])
  }
}
