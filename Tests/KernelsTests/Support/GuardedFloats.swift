import Glibc
import Testing

/// Floats that end where readable memory ends, with sentinels before them.
///
/// Reading or writing one float too far stops the process; writing before the first is found by
/// `isIntact`.
@safe final class GuardedFloats {
  static let sentinel: Float = -12_345.75
  private static let margin = 32

  let count: Int
  private let region: UnsafeMutableRawPointer
  private let byteCount: Int
  /// The first float.
  let pointer: UnsafeMutablePointer<Float>

  /// Memory with given content.
  init(_ values: [Float]) {
    let page = Int(sysconf(Int32(_SC_PAGESIZE)))
    let needed = (values.count + Self.margin) * MemoryLayout<Float>.stride
    let usable = (needed + page - 1) / page * page
    count = values.count
    byteCount = usable + page
    let protection = PROT_READ | PROT_WRITE
    let mapped = unsafe mmap(nil, byteCount, protection, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0)
    guard let mapped = unsafe mapped, unsafe mapped != MAP_FAILED else {
      preconditionFailure("no memory for \(values.count) guarded floats")
    }
    unsafe region = unsafe mapped
    precondition(unsafe mprotect(mapped + usable, page, PROT_NONE) == 0, "a page stays readable")
    let all = unsafe mapped.bindMemory(
      to: Float.self,
      capacity: usable / MemoryLayout<Float>.stride
    )
    let first = usable / MemoryLayout<Float>.stride - values.count
    unsafe all.update(repeating: Self.sentinel, count: first)
    unsafe pointer = unsafe all + first
    for index in values.indices { unsafe pointer[index] = values[index] }
  }

  /// Memory full of sentinels, for a result.
  convenience init(count: Int) {
    self.init([Float](repeating: Self.sentinel, count: count))
  }

  deinit { unsafe _ = munmap(region, byteCount) }

  /// The floats.
  var values: [Float] { unsafe Array(UnsafeBufferPointer(start: pointer, count: count)) }

  /// Whether the sentinels before the first float are still there.
  var isIntact: Bool {
    (1...Self.margin).allSatisfy { unsafe pointer[-$0] == Self.sentinel }
  }
}
