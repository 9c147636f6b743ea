import Imaging
import Testing

/// Cutting out, putting back and flipping.
@Suite struct PlaneTests {
  private let plane = Plane(width: 5, height: 3, samples: Array(0..<15))

  @Test func aCropHoldsItsRectangle() {
    let rectangle = PixelRectangle(left: 2, top: 1, width: 3, height: 2)
    let part = plane.cropped(to: rectangle)
    #expect(part == Plane(width: 3, height: 2, samples: [7, 8, 9, 12, 13, 14]))
    #expect(part[2, 1] == 14 && plane[2, 1] == 7)
    let image = generatedImage(width: 11, height: 7)
    let cut = image.cropped(to: PixelRectangle(left: 3, top: 2, width: 6, height: 4))
    #expect(cut.width == 6 && cut.height == 4)
    for y in 0..<4 {
      for x in 0..<6 { #expect(cut[x, y] == image[x + 3, y + 2]) }
    }
  }

  @Test func whatWasCutOutGoesBack() {
    let rectangle = PixelRectangle(left: 1, top: 0, width: 2, height: 3)
    let back = plane.cropped(to: rectangle)
      .pasted(at: rectangle, width: 5, height: 3, background: -1)
    #expect(back.samples == [-1, 1, 2, -1, -1, -1, 6, 7, -1, -1, -1, 11, 12, -1, -1])
    #expect(back.width == 5 && back.height == 3)
  }

  @Test func flipsAreTheNamedOnes() {
    #expect(plane.flipped(.none) == plane)
    #expect(
      plane.flipped(.horizontal).samples == [4, 3, 2, 1, 0, 9, 8, 7, 6, 5, 14, 13, 12, 11, 10]
    )
    #expect(
      plane.flipped(.vertical).samples == [10, 11, 12, 13, 14, 5, 6, 7, 8, 9, 0, 1, 2, 3, 4]
    )
    #expect(plane.flipped(.both).samples == Array((0..<15).reversed()))
  }

  @Test(arguments: Flip.allCases)
  func aFlipUndoesItself(_ flip: Flip) {
    let image = generatedImage(width: 6, height: 5)
    let flipped = image.flipped(flip)
    #expect(flipped.flipped(flip) == image && (flipped == image) == (flip == .none))
    for (y, x) in [(0, 0), (1, 4), (4, 2)] {
      let column = flip == .horizontal || flip == .both ? 5 - x : x
      let row = flip == .vertical || flip == .both ? 4 - y : y
      #expect(flipped[x, y] == image[column, row])
    }
    let pixels = Array(0..<24)  // 3 × 2 pixels of 4 channels
    let result = flip.applied(to: pixels, width: 3, height: 2, channels: 4)
    #expect(flip.applied(to: result, width: 3, height: 2, channels: 4) == pixels)
    #expect(result.indices.allSatisfy { result[$0] % 4 == $0 % 4 })
  }

  @Test func mistakesStop() async {
    await #expect(processExitsWith: .failure) {
      _ = Plane(width: 3, height: 2, samples: [1, 2, 3, 4, 5])
    }
    await #expect(processExitsWith: .failure) {
      _ = Plane(width: 3, height: 2, samples: [1, 2, 3, 4, 5, 6])
        .cropped(to: PixelRectangle(left: 2, top: 0, width: 2, height: 2))
    }
    await #expect(processExitsWith: .failure) {
      _ = Plane(width: 3, height: 2, samples: [1, 2, 3, 4, 5, 6]).pasted(
        at: PixelRectangle(left: 0, top: 0, width: 2, height: 3),
        width: 9,
        height: 9,
        background: 0
      )
    }
  }
}
