/// What `vbench demo` trains.
enum DemonstrationConfiguration {
  /// A small ViLReF on drawn photographs and their reports: six epochs in about two minutes.
  static let yaml = """
    name: demo
    model: { random: vilref-small, image_size: 64 }
    pairs: { dataset: synthetic-small }
    loss: { name: wsc, gamma: 1 }
    queue: { length: 0 }
    training:
      epochs: 6
      batch: 48
      learning_rate: 4e-4
      weight_decay: 0.05
      beta2: 0.98
      schedule: constant
      warm_up_epochs: 0.3
      augmentation: none
      validate_every: 2
    """
}
