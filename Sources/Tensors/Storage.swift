import Parallelism

/// Memory that tensors borrow and give back, so that it is touched for the first time only once.
package final class StoragePool: Sendable {
  // Guarded by itself.
  private let state = Monitor(State())

  private struct State {
    var free: [Int: [AlignedMemory]] = [:]
    var statistics = StorageStatistics()
  }

  /// Makes an empty pool.
  package init() {}

  /// What the pool has handed out so far.
  package var statistics: StorageStatistics { state.withLock { $0.statistics } }

  /// Forgets the peak so far: `peakBytes` begins again at what tensors hold now.
  package func restartPeak() {
    state.withLock { $0.statistics.restartPeak() }
  }

  /// Memory for so many floats; its content is undefined.
  ///
  /// A free piece of the same size class is used again; else memory is allocated.
  func take(count: Int) -> AlignedMemory {
    let bytes = Self.sizeClass(count * MemoryLayout<Float>.stride)
    return state.withLock { state in
      state.statistics.note(taken: bytes)
      if let known = state.free[bytes]?.popLast() { return known }
      state.statistics.note(allocated: bytes)
      return AlignedMemory(byteCount: bytes)
    }
  }

  /// Takes memory back.
  func give(_ memory: AlignedMemory) {
    state.withLock { state in
      state.statistics.note(returned: memory.byteCount)
      state.free[memory.byteCount, default: []].append(memory)
    }
  }

  /// Frees the memory that no tensor uses.
  package func releaseUnused() {
    state.withLock { state in
      let bytes = state.free.reduce(0) { $0 + $1.key * $1.value.count }
      state.free.removeAll()
      state.statistics.note(freed: bytes)
    }
  }

  /// Eight classes per power of two from 4 kB on: at most an eighth is wasted.
  static func sizeClass(_ bytes: Int) -> Int {
    guard bytes > 4096 else { return 4096 }
    let step = 1 << (Int.bitWidth - 1 - (bytes - 1).leadingZeroBitCount - 3)
    return (bytes + step - 1) / step * step
  }
}

/// What a pool has handed out.
package struct StorageStatistics: Equatable, Sendable {
  /// How many pieces tensors hold now.
  package private(set) var livePieces = 0
  /// How many bytes tensors hold now.
  package private(set) var liveBytes = 0
  /// The most bytes that tensors have held at once, or have since the peak was restarted.
  package private(set) var peakBytes = 0
  /// How many bytes the pool has allocated and not freed.
  package private(set) var reservedBytes = 0
  /// How many pieces were allocated rather than used again.
  package private(set) var allocations = 0

  mutating func restartPeak() {
    peakBytes = liveBytes
  }

  mutating func note(taken bytes: Int) {
    livePieces += 1
    liveBytes += bytes
    peakBytes = max(peakBytes, liveBytes)
  }

  mutating func note(returned bytes: Int) {
    livePieces -= 1
    liveBytes -= bytes
  }

  mutating func note(allocated bytes: Int) {
    allocations += 1
    reservedBytes += bytes
  }

  mutating func note(freed bytes: Int) {
    reservedBytes -= bytes
  }
}

/// The memory of one tensor or of several that share it; goes back to its pool with the last.
final class Storage {
  private let memory: AlignedMemory
  private let pool: StoragePool
  /// The floats.
  let view: MemoryView<Float>

  init(count: Int, pool: StoragePool) {
    self.pool = pool
    memory = pool.take(count: count)
    view = memory.view(of: Float.self)[0..<count]
  }

  deinit {
    pool.give(memory)
  }
}
