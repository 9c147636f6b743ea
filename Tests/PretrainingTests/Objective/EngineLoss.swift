import Autograd
import Pretraining
import Tensors
import TestSupport

/// The loss of a batch on a tape, with its gradients.
struct EngineLoss: Equatable {
  /// The loss.
  var value: Float
  /// Of the images' features, row by row.
  var images: [Float]
  /// Of the texts' features.
  var texts: [Float]
  /// Of the logarithm of the temperature.
  var scale: Float

  /// Pairs of features of `width` numbers, with their labels.
  struct Pairs {
    var images: [Float]
    var texts: [Float]
    var labels: [[Bool]]
    /// Which pairs they are; nil for others than all others.
    var samples: [Int]?

    /// Some of the pairs.
    func chosen(_ order: [Int], width: Int) -> Pairs {
      func rows(_ values: [Float]) -> [Float] {
        order.flatMap { values[$0 * width..<($0 + 1) * width] }
      }
      return Pairs(images: rows(images), texts: rows(texts), labels: order.map { labels[$0] })
    }
  }

  /// Runs the loss forth and back.
  ///
  /// - Parameters:
  ///   - batch: at least one pair.
  ///   - queue: newest first.
  ///   - targets: what the batch is compared with; nil for itself.
  ///   - keys: what the queue's entries are coupled with; nil for the batch itself.
  ///   - columns: how many labels there are.
  ///   - logitScale: the logarithm of the temperature.
  ///   - objective: which loss.
  ///   - device: where to run.
  init(
    _ batch: Pairs,
    queue: Pairs = Pairs(images: [], texts: [], labels: []),
    targets: (images: [Float], texts: [Float])? = nil,
    keys: (images: [Float], texts: [Float])? = nil,
    columns: Int,
    logitScale: Float = 1.5,
    _ objective: ContrastiveObjective,
    on device: Device
  ) {
    let width = batch.images.count / batch.labels.count
    func tensor(_ values: [Float]) -> Tensor {
      Tensor(values, shape: [values.count / width, width], on: device)
    }
    func trained(_ tensor: Tensor) -> Variable {
      Variable(tensor, gradient: Gradient(shape: tensor.shape))
    }
    let (images, texts) = (trained(tensor(batch.images)), trained(tensor(batch.texts)))
    let scale = trained(Tensor([logitScale], shape: [], on: device))
    let tape = Tape(on: device)
    let loss = contrastiveLoss(
      images: images,
      texts: texts,
      momentum: (targets ?? keys).map {
        MomentumFeatures(
          images: tensor($0.images),
          texts: tensor($0.texts),
          areTargets: targets != nil
        )
      },
      imageQueue: tensor(queue.images),
      textQueue: tensor(queue.texts),
      logitScale: scale,
      labels: LabelMatrix(batch.labels, columns: columns),
      queueLabels: LabelMatrix(queue.labels, columns: columns),
      samples: PairSamples(
        anchors: batch.samples ?? Array(batch.labels.indices),
        queue: queue.samples ?? queue.labels.indices.map { batch.labels.count + $0 }
      ),
      objective: objective,
      on: tape
    )
    value = loss.value.elements[0]
    precondition(loss.shape == [], "the loss is \(loss.shape)")
    tape.backward(from: loss)
    self.images = images.gradient?.sum?.elements ?? []
    self.texts = texts.gradient?.sum?.elements ?? []
    self.scale = scale.gradient?.sum?.elements.first ?? .nan
  }

  /// The loss of a recorded case.
  ///
  /// - Throws: what the case throws where something is missing.
  init(_ recorded: RecordedCase, on device: Device) throws {
    func momentum(_ name: String) throws -> (images: [Float], texts: [Float])? {
      guard recorded.has("image_\(name)") else { return nil }
      return (try recorded.floats("image_\(name)"), try recorded.floats("text_\(name)"))
    }
    self.init(
      Pairs(
        images: try recorded.floats("images"),
        texts: try recorded.floats("texts"),
        labels: try recorded.labels("labels")
      ),
      queue: Pairs(
        images: try recorded.floats("image_queue"),
        texts: try recorded.floats("text_queue"),
        labels: try recorded.labels("queue_labels")
      ),
      targets: try momentum("targets"),
      keys: try momentum("keys"),
      columns: try recorded.shape("labels")[1],
      logitScale: try recorded.floats("scale")[0],
      try recorded.objective(),
      on: device
    )
  }

  /// Loss and gradients, one after the other.
  var numbers: [Float] { [value, scale] + images + texts }
}
