package import Tensors

/// The features of the last pairs, newest first, with their labels: first in, first out.
package final class FeatureQueue {
  /// How many pairs there is room for.
  package let capacity: Int
  /// How many numbers a feature has.
  package let width: Int
  /// How many labels a pair has.
  package let labelCount: Int
  /// How many pairs there are.
  package private(set) var count = 0
  /// Rings of `capacity` rows; the newest row is just before `next`.
  private var images: [Float]
  private var texts: [Float]
  private var labels: [Bool]
  private var samples: [Int]
  private var next = 0

  /// How many pairs can be told apart: states hold their numbers as float32, exactly.
  package static let sampleLimit = 1 << 24
  private static let samples = 0..<sampleLimit

  /// The pairs of a queue, newest first.
  package struct Contents {
    /// [Q, width], unit rows.
    package var images: Tensor
    /// [Q, width], unit rows.
    package var texts: Tensor
    /// Q label vectors.
    package var labels: LabelMatrix
    /// Q numbers of pairs.
    package var samples: [Int]
  }

  /// Makes an empty queue.
  ///
  /// - Parameters:
  ///   - capacity: how many pairs there is room for, at least 1.
  ///   - width: how many numbers a feature has.
  ///   - labelCount: how many labels a pair has.
  package init(capacity: Int, width: Int, labelCount: Int) {
    precondition(capacity > 0, "a queue of \(capacity) pairs")
    self.capacity = capacity
    self.width = width
    self.labelCount = labelCount
    images = Array(repeating: 0, count: capacity * width)
    texts = images
    labels = Array(repeating: false, count: capacity * labelCount)
    samples = Array(repeating: 0, count: capacity)
  }

  /// Whether there is no free room.
  package var isFull: Bool { count == capacity }

  /// Adds pairs; the oldest make room.
  ///
  /// Of more pairs than there is room for the last ones stay.
  ///
  /// - Parameters:
  ///   - images: N rows of `width`.
  ///   - texts: N rows of `width`.
  ///   - labels: N rows of `labelCount`.
  ///   - samples: which N pairs of the split they are, each below 2²⁴.
  package func push(images: [Float], texts: [Float], labels: [[Bool]], samples: [Int]) {
    precondition(
      samples.count == labels.count && samples.allSatisfy(Self.samples.contains),
      "numbers \(samples) of \(labels.count) pairs"
    )
    precondition(
      images.count == labels.count * width && texts.count == images.count,
      "\(images.count) and \(texts.count) numbers of \(labels.count) pairs of width \(width)"
    )
    for row in labels.indices {
      precondition(labels[row].count == labelCount, "\(labels[row].count) labels of \(labelCount)")
      for column in 0..<width {
        self.images[next * width + column] = images[row * width + column]
        self.texts[next * width + column] = texts[row * width + column]
      }
      self.labels.replaceSubrange(
        next * labelCount..<(next + 1) * labelCount,
        with: labels[row]
      )
      self.samples[next] = samples[row]
      next = (next + 1) % capacity
      count = min(count + 1, capacity)
    }
  }

  /// The pairs, newest first.
  ///
  /// - Parameter device: where the memory comes from.
  /// - Returns: copies.
  package func contents(on device: Device) -> Contents {
    let order = (0..<count).map { (next - 1 - $0 + capacity) % capacity }
    func rows(_ ring: [Float]) -> Tensor {
      var values: [Float] = []
      values.reserveCapacity(count * width)
      for row in order { values += ring[row * width..<(row + 1) * width] }
      return Tensor(values, shape: [count, width], on: device)
    }
    return Contents(
      images: rows(images),
      texts: rows(texts),
      labels: LabelMatrix(
        order.map { Array(labels[$0 * labelCount..<($0 + 1) * labelCount]) },
        columns: labelCount
      ),
      samples: order.map { samples[$0] }
    )
  }

  /// All that the queue is, under names of its own; of fixed shapes.
  ///
  /// - Parameter device: where the memory comes from.
  /// - Returns: arrays for `load`.
  package func state(on device: Device) -> [(name: String, tensor: Tensor)] {
    [
      ("queue/images", Tensor(images, shape: [capacity, width], on: device)),
      ("queue/texts", Tensor(texts, shape: [capacity, width], on: device)),
      (
        "queue/labels",
        Tensor(labels.map { $0 ? 1 : 0 }, shape: [capacity, labelCount], on: device)
      ),
      ("queue/samples", Tensor(samples.map { Float($0) }, shape: [capacity], on: device)),
      // Two numbers that float32 holds: capacities end below 2²⁴.
      ("queue/places", Tensor([Float(count), Float(next)], shape: [2], on: device)),
    ]
  }

  /// Continues from a saved queue.
  ///
  /// - Parameter state: arrays by name.
  /// - Throws: ``PretrainingError`` where one is missing, of another shape or holds impossible places;
  ///   nothing has changed then.
  package func load(_ state: [String: Tensor]) throws {
    let images = try take("queue/images", [capacity, width], of: state)
    let texts = try take("queue/texts", [capacity, width], of: state)
    let labels = try take("queue/labels", [capacity, labelCount], of: state)
    let samples = try take("queue/samples", [capacity], of: state)
      .map { number in
        guard let sample = Int(exactly: number), Self.samples.contains(sample) else {
          throw PretrainingError(.damagedState(detail: "queue/samples holds \(number)"))
        }
        return sample
      }
    let places = try take("queue/places", [2], of: state)
    guard let count = Int(exactly: places[0]), (0...capacity).contains(count),
      let next = Int(exactly: places[1]), (0..<capacity).contains(next),
      count == capacity || next == count
    else {
      throw PretrainingError(.damagedState(detail: "the places in queue/places are \(places)"))
    }
    self.images = images
    self.texts = texts
    self.labels = labels.map { $0 != 0 }
    self.samples = samples
    (self.count, self.next) = (count, next)
  }
}

/// A saved array of a shape that is known.
func take(_ name: String, _ shape: [Int], of state: [String: Tensor]) throws -> [Float] {
  guard let tensor = state[name] else {
    throw PretrainingError(.damagedState(detail: "\(name) is missing"))
  }
  guard tensor.shape == shape else {
    throw PretrainingError(
      .damagedState(detail: "\(name) has the shape \(tensor.shape), expected \(shape)")
    )
  }
  return tensor.elements
}
