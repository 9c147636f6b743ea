/// What `vbench demo` trains.
enum DemonstrationConfiguration {
  /// A small ViLReF on drawn photographs and their reports, in about two minutes on two cores.
  ///
  /// Of as many pairs, batches of 24 teach more than batches of 48. Zero-shot macro AUC is 0.88 with AVX-512
  /// kernels and 0.90 with AVX2; other seeds (0 to 2) and rates (3e-4 to 6e-4) gave 0.83 to 0.91, since a
  /// report names a disease at its end and a prompt nothing else. A cosine schedule learns less in so few
  /// steps.
  static let yaml = """
    name: demo
    model: { random: vilref-small, image_size: 64 }
    pairs: { dataset: synthetic-small }
    loss: { name: wsc, gamma: 1 }
    queue: { length: 0 }
    training:
      epochs: 4
      batch: 24
      learning_rate: 4e-4
      weight_decay: 0.05
      beta2: 0.98
      schedule: constant
      warm_up_epochs: 0.3
      augmentation: none
      validate_every: 4
    """
}
