import Crypto
import Foundation

/// A random order of samples that depends on their ids and a seed alone: not on the order of a
/// table, on which other samples there are, or on the machine.
struct SampleOrder {
  /// What the order is for; each purpose has an order of its own.
  enum Purpose: String {
    case validation, test, folds
    case fewShot = "few-shot"
  }

  /// A random rank.
  struct Rank: Comparable {
    let high: UInt64
    let low: UInt64

    static func < (left: Rank, right: Rank) -> Bool {
      (left.high, left.low) < (right.high, right.low)
    }
  }

  let seed: UInt64
  let purpose: Purpose

  /// The rank of a sample: the first 128 bits of the SHA-256 of purpose, seed and id.
  ///
  /// - Parameter id: a sample's or group's id.
  /// - Returns: the same on any machine.
  func rank(of id: String) -> Rank {
    let text = "vbench order 1\n\(purpose.rawValue)\n\(seed)\n\(id)"
    var words: [UInt64] = [0, 0]
    for (position, byte) in SHA256.hash(data: Data(text.utf8)).prefix(16).enumerated() {
      words[position / 8] = words[position / 8] << 8 | UInt64(byte)
    }
    return Rank(high: words[0], low: words[1])
  }

  /// Puts indices into random order.
  ///
  /// - Parameters:
  ///   - indices: in any order.
  ///   - ids: by index.
  /// - Returns: the same for the same set of ids.
  func sorted(_ indices: [Int], ids: [String]) -> [Int] {
    indices.map { (index: $0, rank: rank(of: ids[$0])) }
      .sorted { $0.rank < $1.rank }
      .map(\.index)
  }
}
