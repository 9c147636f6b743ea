import Kernels
import Testing

/// Operations that move and add tokens, against their definitions: equality.
struct TokenTests {
  private let context = ComputeContext(threadCount: 2)
  private let batch = 3
  private let tokens = 4
  private let width = 19

  @Test func classTokenBeforePatches() {
    let patches = uniforms(batch * tokens * width, seed: 80)
    let token = uniforms(width, seed: 81)
    let positions = uniforms((1 + tokens) * width, seed: 82)
    let y = computed([token, patches, positions], count: batch * positions.count) { input, y in
      context.prependToken(
        input[0],
        to: input[1],
        positions: input[2],
        images: batch,
        into: y
      )
    }
    var wanted: [Float] = []
    for image in 0..<batch {
      let own = patches[image * tokens * width..<(image + 1) * tokens * width]
      wanted += zip(token + own, positions).map { $0 + $1 }
    }
    expect(y, equal: wanted, "class token")
  }

  @Test func meanBeforeTokens() {
    let x = integers(batch * tokens * width, seed: 83)
    let positions = uniforms((1 + tokens) * width, seed: 84)
    let y = computed([x, positions], count: batch * positions.count) { input, y in
      context.prependMean(
        to: input[0],
        positions: input[1],
        sequences: batch,
        width: width,
        into: y
      )
    }
    var wanted: [Float] = []
    for image in 0..<batch {
      let own = Array(x[image * tokens * width..<(image + 1) * tokens * width])
      let mean = (0..<width).map { column in
        (0..<tokens).reduce(Float(0)) { $0 + own[$1 * width + column] } / 4
      }
      wanted += zip(mean + own, positions).map { $0 + $1 }
    }
    expect(y, equal: wanted, "mean token")
  }

  @Test func oneRowAndMeanOfSome() {
    let x = integers(batch * tokens * width, seed: 85)
    let row = computed([x], count: batch * width) { input, y in
      context.copyRow(2, of: input[0], sequences: batch, width: width, into: y)
    }
    let mean = computed([x], count: batch * width) { input, y in
      context.meanRow(over: 1..<3, of: input[0], sequences: batch, width: width, into: y)
    }
    for image in 0..<batch {
      for column in 0..<width {
        let features = (0..<tokens).map { x[(image * tokens + $0) * width + column] }
        #expect(row[image * width + column] == features[2])
        #expect(mean[image * width + column] == (features[1] + features[2]) / 2)
      }
    }
  }

  /// Images whose sides are no whole number of patches lose what is left.
  @Test func patchesInTheirOrder() {
    let (height, width, patch) = (7, 9, 2)
    let x = (0..<2 * height * width * 3).map { Float($0) }
    var wanted: [Float] = []
    for image in 0..<2 {
      for row in 0..<3 {
        for column in 0..<4 {
          for line in 0..<patch {
            for pixel in 0..<patch {
              let place = (image * height + row * patch + line) * width + column * patch + pixel
              wanted += (0..<3).map { Float(place * 3 + $0) }
            }
          }
        }
      }
    }
    let y = computed([x], count: wanted.count) { input, y in
      context.unfoldPatches(input[0], sizes: (2, height, width), patch: patch, into: y)
    }
    expect(y, equal: wanted, "patches")
  }

  @Test func rowsOfATableAdded() {
    let table = uniforms(5 * width, seed: 86)
    let before = uniforms(3 * width, seed: 87)
    let indices: [Int32] = [4, 4, 0]
    let rows = indices.flatMap { table[Int($0) * width..<(Int($0) + 1) * width] }
    let y = computed([table], into: before) { input, y in
      context.embed(indices, table: input[0], width: width, accumulating: true, into: y)
    }
    expect(y, equal: zip(before, rows).map { $0 + $1 }, "embedding")
  }
}
