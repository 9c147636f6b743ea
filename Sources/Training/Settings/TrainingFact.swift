/// A name and a value that a training depends on, as a record shows them.
package struct TrainingFact: Codable, Equatable, Sendable {
  /// Such as `learning rate`.
  package var name: String
  /// Such as `0.0001`.
  package var value: String

  /// States a fact.
  ///
  /// - Parameters:
  ///   - name: what it is called; one name stands for one fact.
  ///   - value: what it is.
  package init(_ name: String, _ value: String) {
    self.name = name
    self.value = value
  }
}

extension TrainingSettings {
  /// The settings that have an effect, each with the value that is used.
  package var facts: [TrainingFact] {
    var facts = [
      TrainingFact("epochs", "\(epochs)"),
      TrainingFact("batch size", "\(batchSize)"),
      TrainingFact("accumulation", "\(accumulation)"),
      TrainingFact("optimizer", optimizer.kind.rawValue),
    ]
    facts += optimizerFacts
    facts += [
      TrainingFact("learning rate", "\(learningRate)"),
      TrainingFact("layer decay", "\(layerDecay)"),
      TrainingFact("weight decay", "\(weightDecay)"),
    ]
    facts += scheduleFacts
    facts += [
      TrainingFact("gradient clip", gradientClip.map { "\($0)" } ?? "off"),
      TrainingFact("average decay", averageDecay.map { "\($0)" } ?? "off"),
      TrainingFact("label smoothing", "\(labelSmoothing)"),
      TrainingFact("patience", patience.map { "\($0)" } ?? "off"),
      TrainingFact("validation interval", "\(validationInterval)"),
      TrainingFact("sampling", sampling.rawValue),
      TrainingFact("class weights", classWeights.rawValue),
      TrainingFact("recomputed blocks", recomputesBlocks ? "yes" : "no"),
      TrainingFact("seed", "\(seed)"),
    ]
    return facts
  }

  private var optimizerFacts: [TrainingFact] {
    switch optimizer.kind {
    case .adamW, .lamb:
      [
        TrainingFact("beta 1", "\(optimizer.beta1)"),
        TrainingFact("beta 2", "\(optimizer.beta2)"),
        TrainingFact("epsilon", "\(optimizer.epsilon)"),
      ]
    case .sgd:
      [
        TrainingFact("momentum", "\(optimizer.momentum)"),
        TrainingFact("nesterov", optimizer.isNesterov ? "yes" : "no"),
      ]
    }
  }

  private var scheduleFacts: [TrainingFact] {
    var facts = [
      TrainingFact("schedule", schedule.kind.rawValue),
      TrainingFact("warm-up", "\(schedule.warmUpEpochs)"),
    ]
    switch schedule.kind {
    case .constant, .oneCycle: break
    case .cosine:
      facts.append(TrainingFact("final learning rate", "\(schedule.finalShare)"))
    case .step:
      facts.append(TrainingFact("drop interval", "\(schedule.dropInterval)"))
      facts.append(TrainingFact("drop factor", "\(schedule.dropFactor)"))
    }
    return facts
  }
}
