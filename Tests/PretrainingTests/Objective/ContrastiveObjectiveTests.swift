import Foundation
import Pretraining
import Testing

/// The settings of contrastive losses.
struct ContrastiveObjectiveTests {
  @Test(arguments: [0.0, 1, 16])
  func goodGammas(gamma: Double) throws {
    try ContrastiveObjective(gamma: gamma).validate()
  }

  @Test(arguments: [-0.1, 16.1, .nan, .infinity])
  func badGammas(gamma: Double) {
    let wanted = PretrainingError.Reason.invalidSetting(
      name: "gamma",
      value: "\(gamma)",
      expected: "0 to 16"
    )
    #expect { try ContrastiveObjective(gamma: gamma).validate() } throws: {
      ($0 as? PretrainingError)?.reason == wanted
    }
  }

  @Test(arguments: [0, -1, 100.5, Double.nan])
  func badTemperatures(temperature: Double) {
    let wanted = PretrainingError.Reason.invalidSetting(
      name: "target temperature",
      value: "\(temperature)",
      expected: "0.01 to 100"
    )
    #expect { try ContrastiveObjective(targetTemperature: temperature).validate() } throws: {
      ($0 as? PretrainingError)?.reason == wanted
    }
  }

  /// The names that configurations and results hold.
  @Test func names() throws {
    #expect(
      ContrastiveLoss.allCases.map(\.rawValue) == ["wsc", "infonce", "soft-targets", "elimination"]
    )
    #expect(RefillRule.allCases.map(\.rawValue) == ["vacancies", "all", "none"])
    let objective = ContrastiveObjective(
      loss: .softTargets,
      gamma: 2,
      refill: .all,
      targetTemperature: 0.5
    )
    let coded = try JSONEncoder().encode(objective)
    #expect(try JSONDecoder().decode(ContrastiveObjective.self, from: coded) == objective)
  }
}
