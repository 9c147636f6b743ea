import Parallelism
import Tensors
import Testing

/// The pool of tensors' memory.
struct StorageTests {
  private let device = Device(threadCount: 1)
  private var statistics: StorageStatistics { device.storage.statistics }

  private func tensor(_ count: Int) -> Tensor { Tensor(uninitialized: [count], on: device) }

  @Test func memoryComesBackWithTheLastTensor() {
    #expect(statistics.allocations == 0 && statistics.reservedBytes == 0)
    do {
      let x = tensor(5000)
      let shared = x.reshaped([50, 100])
      let other = tensor(10)
      withExtendedLifetime((x, shared, other)) {
        #expect(statistics.livePieces == 2)
        #expect(statistics.liveBytes == 20_480 + 4096)
      }
    }
    #expect(statistics.livePieces == 0 && statistics.liveBytes == 0)
    #expect(statistics.peakBytes == 20_480 + 4096)
    #expect(statistics.reservedBytes == 20_480 + 4096)
  }

  /// Memory of the same size class is used again; of another class it isn't.
  @Test func reuse() {
    for _ in 0..<10 {
      let x = tensor(5000)
      withExtendedLifetime(x) { #expect(statistics.livePieces == 1) }
    }
    #expect(statistics.allocations == 1)
    do { _ = tensor(5120) }
    #expect(statistics.allocations == 1, "20,480 bytes are the same class")
    do { _ = tensor(5121) }
    #expect(statistics.allocations == 2, "20,484 bytes are the next class")
    do {
      let pair = [tensor(5000), tensor(5000)]
      withExtendedLifetime(pair) { #expect(statistics.livePieces == 2) }
    }
    #expect(statistics.allocations == 3, "two at once need a second piece")
  }

  /// A class is large enough, and wastes an eighth at most from 4 kB on.
  @Test func sizeClasses() {
    var last = 0
    for count in [0, 1, 1023, 1024, 1025, 1152, 1153, 2048, 2049, 2304, 2305, 99_991, 1 << 20] {
      let x = tensor(count)
      let bytes = withExtendedLifetime(x) { statistics.liveBytes }
      #expect(bytes >= 4 * count && bytes >= last, "\(count) floats in \(bytes) bytes")
      #expect(bytes == 4096 || 8 * bytes <= 36 * count, "\(count) in \(bytes)")
      last = bytes
    }
    #expect(statistics.liveBytes == 0)
  }

  @Test func releasingUnusedMemory() {
    let kept = tensor(2000)
    do { _ = tensor(5000) }
    #expect(statistics.reservedBytes == 8192 + 20_480)
    device.storage.releaseUnused()
    #expect(statistics.reservedBytes == 8192)
    do { _ = tensor(5000) }
    #expect(statistics.allocations == 3, "what was freed is allocated anew")
    withExtendedLifetime(kept) { #expect(statistics.liveBytes == 8192) }
  }

  /// A piece that went back is not given out while the next one is in use.
  @Test func piecesDoNotOverlap() {
    do { _ = tensor(3000) }
    let pieces = (0..<4).map { index in
      let x = tensor(3000)
      x.withView { $0.fill(with: Float(index)) }
      return x
    }
    for (index, piece) in pieces.enumerated() {
      #expect(piece.elements.allSatisfy { $0 == Float(index) })
    }
  }

  /// Operations leave nothing behind but their results.
  @Test func operationsLeakNothing() {
    do {
      let x = Tensor([Float](repeating: 1, count: 4000), shape: [10, 400], on: device)
      let y = x.softmax(on: device).adding(x, on: device).normalized(on: device)
      withExtendedLifetime((x, y)) { #expect(statistics.livePieces == 2) }
    }
    #expect(statistics.livePieces == 0)
  }
}
