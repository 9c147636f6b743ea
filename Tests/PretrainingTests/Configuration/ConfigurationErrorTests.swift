import Datasets
import Pretraining
import Testing

/// What a configuration may not hold is an error with its line.
struct ConfigurationErrorTests {
  /// What stands in the third line on, and what the error's message holds.
  struct Fault: Sendable, CustomTestStringConvertible {
    var text: String
    var line: Int
    var parts: [String]

    init(_ text: String, line: Int = 3, _ parts: String...) {
      (self.text, self.line, self.parts) = (text, line, parts)
    }

    var testDescription: String { text }
  }

  private static let model = "model: { random: vilref-small }"
  private static let pairs = "pairs: { dataset: drawn }"

  private func expect(
    _ yaml: String,
    line: Int?,
    _ parts: [String],
    sourceLocation: SourceLocation = #_sourceLocation
  ) {
    #expect(sourceLocation: sourceLocation) {
      try PretrainingConfiguration(yaml: yaml, path: "run.yaml")
    } throws: {
      guard let error = $0 as? DatasetsError else { return false }
      let isPlaced = error.path == "run.yaml" && error.line == line
      let isTold = parts.allSatisfy { error.description.contains($0) }
      if !isPlaced || !isTold { print("\(error)") }
      return isPlaced && isTold
    }
  }

  @Test(arguments: [
    Fault("modle: { random: vilref-small }", "‘modle’", "a pre-training", "model"),
    Fault("loss: { gama: 1 }", "‘gama’", "loss", "gamma"),
    Fault("queue: { size: 1 }", "‘size’", "queue", "length"),
    Fault("labels: { table: a.yaml }", "‘table’", "labels", "findings"),
    Fault("training:\n  epochs: 2\n  optimiser: adamw", line: 5, "‘optimiser’", "optimizer"),
    Fault("ablation: { datasets: [a], seed: 3 }", "‘seed’", "ablation", "seeds"),
  ])
  func unknownKeys(fault: Fault) {
    expect(
      "\(Self.model) # first\nname: a\n\(fault.text)\n\(Self.pairs)",
      line: fault.line,
      fault.parts
    )
  }

  @Test(arguments: [
    Fault("seed: -1", "‘seed’", "0 and above"),
    Fault("seed: soon", "‘seed’", "a whole number"),
    Fault("loss: wsc", "‘loss’", "a mapping"),
    Fault("loss: { name: clip }", "‘name’", "infonce"),
    Fault("loss: { gamma: -1 }", "‘gamma’", "0.0…16.0"),
    Fault("loss: { gamma: [1] }", "‘gamma’", "a number"),
    Fault(
      "loss: { name: soft-targets, target_temperature: 0 }",
      "‘target_temperature’",
      "0.01…100.0"
    ),
    Fault("queue: 512", "‘queue’", "a mapping"),
    Fault("queue: { length: 1.5 }", "‘length’", "a whole number"),
    Fault("queue: { length: -1 }", "‘length’", "0 and above"),
    Fault("queue: { length: 2000000 }", "‘length’", "1048576"),
    Fault("loss: { name: infonce, gamma: 2 }", "‘gamma’", "no place", "wsc"),
    Fault("loss: { name: wsc, target_temperature: 2 }", "‘target_temperature’", "soft-targets"),
    Fault("training: { optimizer: sgd, beta2: 0.9 }", "‘beta2’", "adamw"),
    Fault("queue: { refill: all }\nablation: { datasets: [a] }", "‘refill’", "without `ablation`"),
    Fault("loss: { name: wsc }\nablation: { datasets: [a] }", "‘name’", "without `ablation`"),
    Fault("queue: { momentum: 1 }", "‘momentum’", "0.0…0.999999"),
    Fault("queue: { warm_up_steps: -2 }", "‘warm_up_steps’", "0 and above"),
    Fault("queue: { targets: both }", "‘targets’", "online, momentum"),
    Fault("queue: { refill: some }", "‘refill’", "vacancies, all, none"),
    Fault("labels: { counts_suspected: maybe }", "‘counts_suspected’", "true or false"),
    Fault("labels: [a.yaml]", "‘labels’", "a mapping"),
    Fault("training: { epochs: 0 }", "‘epochs’", "1 and above"),
    Fault("training: { batch: 1 }", "‘batch’", "2 and above"),
    Fault("training: { chunk: 1 }", "‘chunk’", "2 and above"),
    Fault("training: { learning_rate: 0 }", "‘learning_rate’"),
    Fault("training: { learning_rate: fast }", "‘learning_rate’", "a number"),
    Fault("training: { layer_decay: 1.5 }", "‘layer_decay’"),
    Fault("training: { weight_decay: -1 }", "‘weight_decay’"),
    Fault("training: { beta1: 1 }", "‘beta1’"),
    Fault("training: { beta2: 1 }", "‘beta2’"),
    Fault("training: { epsilon: 0 }", "‘epsilon’"),
    Fault("training: { schedule: linear }", "‘schedule’", "cosine"),
    Fault("training: { warm_up_epochs: -1 }", "‘warm_up_epochs’"),
    Fault("training: { gradient_clip: -1 }", "‘gradient_clip’"),
    Fault("training: { augmentation: heavy }", "‘augmentation’", "light, none, retfound, strong"),
    Fault("training: { recompute: 1 }", "‘recompute’", "true or false"),
    Fault("training: { average_decay: 1 }", "‘average_decay’"),
    Fault("training: { validate_every: 0 }", "‘validate_every’"),
    Fault("training: { patience: 0 }", "‘patience’"),
    Fault("ablation: { losses: [wsc] }", "lacks the key ‘datasets’"),
    Fault("ablation: { datasets: [] }", "‘datasets’", "at least one"),
    Fault("ablation: { datasets: [a], losses: [wsc, wsc] }", "a repeated arm"),
    Fault("ablation: { datasets: [a], queue: [on, on] }", "a repeated arm"),
    Fault("ablation: { datasets: [a], queue: [true] }", "‘queue’", "off, on, all"),
    Fault("ablation: { datasets: [a], seeds: 0 }", "‘seeds’"),
    Fault("loss: { gamma: 1, gamma: 2 }", "repeated key"),
    Fault(
      "queue: { length: 0 }\nablation: { datasets: [a], queue: [off, on] }",
      "‘length’ is ‘0’",
      "1…1048576",
      "`off` in `ablation`"
    ),
    Fault("queue: { momentum: 0.9 }\nablation: { datasets: [a], queue: [off] }", "‘queue’ has no"),
    Fault(
      "loss: { gamma: 2 }\nablation: { datasets: [a], losses: [soft-targets] }",
      "‘gamma’",
      "wsc"
    ),
    Fault(
      "loss: { target_temperature: 2 }\nablation: { datasets: [a], losses: [wsc, infonce] }",
      "‘target_temperature’",
      "soft-targets"
    ),
  ])
  func wrongTypesAndRanges(fault: Fault) {
    expect("name: a\n\(Self.model)\n\(fault.text)\n\(Self.pairs)", line: fault.line, fault.parts)
  }

  @Test(arguments: [
    Fault("model: { checkpoint: a.h5, random: vilref-small }", "‘random’", "`checkpoint`"),
    Fault("model: { checkpoint: a.h5, vocabulary: v.txt }", "‘vocabulary’", "`checkpoint`"),
    Fault("model: { checkpoint: a.h5, image_size: 64 }", "‘image_size’", "`checkpoint`"),
    Fault("model: { image_size: 64 }", "lacks the key ‘random’"),
    Fault("model: { random: vilref-small, image_size: 13 }", "‘image_size’"),
    Fault("model: { random: vilref-small, size: 64 }", "‘size’", "image_size"),
    Fault("model: vilref-small", "‘model’", "a mapping"),
    Fault("model: { random: vilref-smal }", "‘random’", "vilref-small"),
    Fault("model: { random: resnet50 }", "‘random’", "vilref-rn50"),
  ])
  func models(fault: Fault) {
    expect("name: a\n\(Self.pairs)\n\(fault.text)", line: fault.line, fault.parts)
  }

  @Test(arguments: [
    Fault("pairs: { dataset: a, table: b.csv }", "‘table’", "`dataset`"),
    Fault("pairs: { dataset: a, images: b }", "‘images’", "`dataset`"),
    Fault("pairs: { dataset: a, validation_share: 0.1 }", "‘validation_share’", "`dataset`"),
    Fault("pairs: { dataset: a, group_column: b }", "‘group_column’", "`dataset`"),
    Fault("pairs: { table: b.csv }", "lacks the key ‘images’"),
    Fault("pairs: { images: b }", "lacks the key ‘table’"),
    Fault("pairs: { table: b.csv, images: b, validation_share: 1 }", "‘validation_share’"),
    Fault("pairs: { table: b.csv, images: b, eye_column: c }", "‘eye_column’", "image_column"),
    Fault("pairs: { dataset: A b }", "‘dataset’", "small letters"),
  ])
  func pairs(fault: Fault) {
    expect("name: a\n\(Self.model)\n\(fault.text)", line: fault.line, fault.parts)
  }

  @Test func whatMustBeThere() {
    expect("\(Self.model)\n\(Self.pairs)", line: 1, ["lacks the key ‘name’"])
    expect("name: a\n\(Self.pairs)", line: 1, ["lacks the key ‘model’"])
    expect("name: a\n\(Self.model)", line: 1, ["lacks the key ‘pairs’"])
    expect("name: ../up\n\(Self.model)\n\(Self.pairs)", line: 1, ["‘name’", "small letters"])
    expect("# nothing\n", line: nil, ["the file is empty"])
    expect("- a\n- b\n", line: 1, ["a mapping"])
  }
}
