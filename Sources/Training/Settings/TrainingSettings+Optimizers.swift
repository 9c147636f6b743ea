import Layers
import Optimizers
import Tensors

extension TrainingSettings {
  /// The learning rate of each step.
  ///
  /// A warm-up of W steps rises evenly from 1/(W + 1) of the rate, so that no step is lost at rate 0.
  ///
  /// - Parameter stepsPerEpoch: how many steps an epoch has.
  /// - Returns: the schedule of all epochs.
  /// - Throws: `OptimizersError` for too few steps.
  func learningRates(stepsPerEpoch: Int) throws -> any LearningRateSchedule {
    let total = epochs * stepsPerEpoch
    let wanted = Int((schedule.warmUpEpochs * Double(stepsPerEpoch)).rounded())
    let warmUp = min(wanted, total - 1)
    let start = 1 / Double(warmUp + 1)
    switch schedule.kind {
    case .constant:
      return try StepSchedule(
        rate: learningRate,
        factor: 1,
        milestones: .at([]),
        warmupSteps: warmUp,
        warmupStart: start
      )
    case .cosine:
      return try WarmupCosineSchedule(
        rate: learningRate,
        warmupSteps: warmUp,
        totalSteps: total,
        warmupStart: start,
        endRate: learningRate * schedule.finalShare
      )
    case .oneCycle:
      return try OneCycleSchedule(
        rate: learningRate,
        totalSteps: total,
        risingShare: schedule.warmUpEpochs / Double(epochs)
      )
    case .step:
      return try StepSchedule(
        rate: learningRate,
        factor: schedule.dropFactor,
        milestones: .every(schedule.dropInterval * stepsPerEpoch),
        warmupSteps: warmUp,
        warmupStart: start
      )
    }
  }

  /// How a job's parameters are trained: decayed or not, at which share of the learning rate.
  ///
  /// - Parameter job: the job, its parameters loaded.
  /// - Returns: what the optimiser changes, in the job's order.
  /// - Throws: `OptimizersError` for settings out of range.
  func optimizedParameters(of job: any TrainingJob) throws -> [OptimizedParameter] {
    let rules = try ParameterGroupRules(weightDecay: weightDecay, layerDecay: layerDecay)
    let all = job.modelParameters
    let groups = Dictionary(
      zip(all.map(\.name), rules.groups(of: all.map { ($0.name, $0.shape) })),
      uniquingKeysWith: { first, _ in first }
    )
    return job.trained.map { parameter in
      guard var group = groups[parameter.name] else {
        preconditionFailure("\(parameter.name) is trained and none of the model's parameters")
      }
      group.learningRateFactor *= job.rateFactor(of: parameter)
      return OptimizedParameter(name: parameter.name, value: parameter.value, group: group)
    }
  }

  /// Makes the optimiser.
  ///
  /// - Parameters:
  ///   - parameters: what it changes.
  ///   - device: where its moments lie.
  /// - Returns: an optimiser that has made no step.
  /// - Throws: `OptimizersError` for options out of range.
  func makeOptimizer(
    of parameters: [OptimizedParameter],
    on device: Device
  ) throws -> any Optimizer {
    switch optimizer.kind {
    case .adamW:
      try AdamW(
        parameters,
        options: AdamW.Options(
          beta1: optimizer.beta1,
          beta2: optimizer.beta2,
          epsilon: optimizer.epsilon
        ),
        on: device
      )
    case .sgd:
      try SGD(
        parameters,
        options: SGD.Options(momentum: optimizer.momentum, isNesterov: optimizer.isNesterov),
        on: device
      )
    case .lamb:
      try LAMB(
        parameters,
        options: LAMB.Options(
          beta1: optimizer.beta1,
          beta2: optimizer.beta2,
          epsilon: optimizer.epsilon
        ),
        on: device
      )
    }
  }
}
