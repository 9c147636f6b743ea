import Pretraining
import Tensors
import Testing

/// Features of earlier pairs: first in, first out.
struct FeatureQueueTests {
  private let device = Device(threadCount: 1)

  /// Pushes pairs whose numbers say which they are: images n, n + 0.5; texts −n, −n − 0.5.
  private func push(_ numbers: [Int], to queue: FeatureQueue) {
    let images: [Float] = numbers.flatMap { [Float($0), Float($0) + 0.5] }
    queue.push(
      images: images,
      texts: images.map { -$0 },
      labels: numbers.map(Self.labels),
      samples: numbers
    )
  }

  private static func labels(_ number: Int) -> [Bool] {
    [number % 2 == 1, number % 3 == 0, number % 5 == 2]
  }

  private func expect(
    _ numbers: [Int],
    in queue: FeatureQueue,
    sourceLocation: SourceLocation = #_sourceLocation
  ) {
    let contents = queue.contents(on: device)
    #expect(queue.count == numbers.count, sourceLocation: sourceLocation)
    #expect(contents.images.shape == [numbers.count, 2], sourceLocation: sourceLocation)
    let images: [Float] = numbers.flatMap { [Float($0), Float($0) + 0.5] }
    #expect(contents.images.elements == images, sourceLocation: sourceLocation)
    #expect(contents.samples == numbers, sourceLocation: sourceLocation)
    #expect(contents.texts.elements == images.map { -$0 }, sourceLocation: sourceLocation)
    #expect(
      contents.labels == LabelMatrix(numbers.map(Self.labels), columns: 3),
      sourceLocation: sourceLocation
    )
  }

  private func queue() -> FeatureQueue { FeatureQueue(capacity: 5, width: 2, labelCount: 3) }

  @Test func newestFirstAndTheOldestMakeRoom() {
    let queue = queue()
    expect([], in: queue)
    push([1, 2, 3], to: queue)
    expect([3, 2, 1], in: queue)
    #expect(!queue.isFull)
    push([4, 5], to: queue)
    expect([5, 4, 3, 2, 1], in: queue)
    #expect(queue.isFull)
    push([6, 7, 8], to: queue)
    expect([8, 7, 6, 5, 4], in: queue)
    push([], to: queue)
    expect([8, 7, 6, 5, 4], in: queue)
  }

  @Test func ofMorePairsThanRoomTheLastStay() {
    let queue = queue()
    push(Array(1...13), to: queue)
    expect([13, 12, 11, 10, 9], in: queue)
  }

  @Test("a restored queue is the same, and goes on alike", arguments: [0, 1, 3, 5, 7, 11])
  func restored(count: Int) throws {
    let queue = queue()
    push(Array(0..<count), to: queue)
    let saved = Dictionary(
      uniqueKeysWithValues: queue.state(on: device).map { ($0.name, $0.tensor) }
    )
    let other = self.queue()
    push([99, 98], to: other)
    try other.load(saved)
    #expect(other.count == queue.count && other.isFull == queue.isFull)
    expect(Array((0..<count).suffix(5).reversed()), in: other)
    push([20, 21], to: queue)
    push([20, 21], to: other)
    for (one, two) in zip(queue.state(on: device), other.state(on: device)) {
      #expect(one.name == two.name && one.tensor.elements == two.tensor.elements)
    }
  }

  @Test(arguments: ["queue/images", "queue/texts", "queue/labels", "queue/samples", "queue/places"])
  func aMissingOrMisshapenArrayIsNamed(name: String) throws {
    let queue = queue()
    push([1, 2], to: queue)
    let saved = Dictionary(
      uniqueKeysWithValues: queue.state(on: device).map { ($0.name, $0.tensor) }
    )
    let target = self.queue()
    push([7], to: target)
    var missing = saved
    missing[name] = nil
    #expect(throws: PretrainingError(.damagedState(detail: "\(name) is missing"))) {
      try target.load(missing)
    }
    let expected = try #require(saved[name]).shape
    var misshapen = saved
    misshapen[name] = Tensor([1, 2, 3], shape: [3], on: device)
    let detail = "\(name) has the shape [3], expected \(expected)"
    #expect(throws: PretrainingError(.damagedState(detail: detail))) { try target.load(misshapen) }
    // What was there is still there.
    expect([7], in: target)
  }

  @Test(arguments: [-1, 0.5, 16_777_216, Float.nan])
  func impossibleSamplesAreRefused(number: Float) {
    let queue = queue()
    push([1, 2], to: queue)
    var saved = Dictionary(
      uniqueKeysWithValues: queue.state(on: device).map { ($0.name, $0.tensor) }
    )
    saved["queue/samples"] = Tensor([1, number, 0, 0, 0], shape: [5], on: device)
    let detail = "queue/samples holds \(number)"
    #expect(throws: PretrainingError(.damagedState(detail: detail))) { try queue.load(saved) }
    expect([2, 1], in: queue)
  }

  @Test(
    arguments: [
      [-1, 0], [6, 0], [5, 5], [5, -1], [2, 3], [0.5, 0], [5, 1.5], [.nan, 0], [5, .infinity],
    ] as [[Float]]
  )
  func impossiblePlacesAreRefused(places: [Float]) {
    let queue = queue()
    push([1, 2], to: queue)
    var saved = Dictionary(
      uniqueKeysWithValues: queue.state(on: device).map { ($0.name, $0.tensor) }
    )
    saved["queue/places"] = Tensor(places, shape: [2], on: device)
    #expect {
      try queue.load(saved)
    } throws: {
      guard case .damagedState(let detail)? = ($0 as? PretrainingError)?.reason else {
        return false
      }
      return detail.contains("queue/places")
    }
    expect([2, 1], in: queue)
  }
}
