import Foundation
import Randomness
import TestSupport
import Testing

/// The draws that `Tests/Fixtures/generate/randomness.py` computed from another Philox.
private struct Reference: Decodable {
  struct KnownAnswer: Decodable {
    let counter: [UInt32]
    let key: [UInt32]
    let output: [UInt32]
  }

  struct Stream: Decodable {
    let seed: String
    let indices: [UInt32]
    let bits: [String]
    let uniforms: [Double]
    let below: [[Int]]
    let normals: [Double]
    let shuffled: [Int]

    /// The same stream of ours, at its start.
    func source() throws -> RandomSource {
      let seed = try #require(UInt64(seed, radix: 16))
      return switch indices.count {
      case 0: RandomSource(seed: seed)
      case 1: RandomSource(seed: seed, indices[0])
      default: RandomSource(seed: seed, indices[0], indices[1])
      }
    }
  }

  let bounds: [Int]
  let knownAnswers: [KnownAnswer]
  let streams: [Stream]

  static func load() throws -> Self {
    let url = Fixtures.directory.appending(path: "Randomness/streams.json")
    return try JSONDecoder().decode(Self.self, from: Data(contentsOf: url))
  }
}

/// Equality with Random123's known answers and with draws computed elsewhere.
struct ReferenceTests {
  @Test func blocksEqualTheKnownAnswers() throws {
    let answers = try Reference.load().knownAnswers
    #expect(answers.count == 3)
    for answer in answers {
      let block = philox(SIMD4(answer.counter), SIMD2(answer.key))
      #expect((0..<4).map { block[$0] } == answer.output)
    }
  }

  @Test func bitsAndUniformsEqualTheReference() throws {
    for stream in try Reference.load().streams {
      var bits = try stream.source()
      #expect(stream.bits.map { _ in String(bits.next(), radix: 16) } == stream.bits)
      var uniforms = try stream.source()
      #expect(stream.uniforms.map { _ in uniforms.nextUniform() } == stream.uniforms)
    }
  }

  @Test func indicesEqualTheReferenceRejectionsIncluded() throws {
    let reference = try Reference.load()
    for stream in reference.streams {
      var source = try stream.source()
      let drawn = stream.below.map { _ in reference.bounds.map { source.nextIndex(below: $0) } }
      #expect(drawn == stream.below, "seed \(stream.seed), indices \(stream.indices)")
    }
  }

  @Test func shufflesEqualTheReference() throws {
    for stream in try Reference.load().streams {
      var source = try stream.source()
      var items = Array(0..<stream.shuffled.count)
      source.shuffle(&items)
      #expect(items == stream.shuffled)
    }
  }

  @Test func normalsEqualSixtyDigits() throws {
    let tolerance = Tolerance(
      absolute: 0,
      relative: 4 * 0x1p-53,
      reason: "logarithm, root, cosine and product each round once, by at most 1 ulp"
    )
    for stream in try Reference.load().streams {
      var source = try stream.source()
      let drawn = stream.normals.map { _ in source.nextNormal() }
      let difference = mismatch(drawn, stream.normals, within: tolerance, context: stream.seed)
      #expect(difference == nil, "\(difference ?? "")")
    }
  }
}
