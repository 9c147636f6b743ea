import Imaging
import Randomness
import Testing

@Suite struct RandomCropTests {
  @Test(arguments: [(211, 160), (64, 64), (9, 300), (300, 9), (1, 1)])
  func rectanglesLieInsideAndKeepTheirRanges(_ width: Int, _ height: Int) {
    let crop = RandomCrop(scale: 0.3...0.8, ratio: 0.75...4.0 / 3)
    for seed in 0..<200 {
      var source = RandomSource(seed: UInt64(seed))
      let box = crop.rectangle(width: width, height: height, from: &source)
      let context = "seed \(seed): \(box) of \(width) × \(height)"
      #expect(box.left >= 0 && box.left + box.width <= width && box.width >= 1, "\(context)")
      #expect(box.top >= 0 && box.top + box.height <= height && box.height >= 1, "\(context)")
      guard min(width, height) >= 64 else { continue }
      // Rounding a side moves it by half a pixel.
      let share = Double(box.width * box.height) / Double(width * height)
      #expect(share > 0.3 * 0.97 && share < 0.8 * 1.03, "\(context)")
      let ratio = Double(box.width) / Double(box.height)
      #expect(ratio > 0.75 * 0.97 && ratio < 4.0 / 3 * 1.03, "\(context)")
    }
  }

  @Test func areasAndPlacesAreUniform() {
    let crop = RandomCrop(scale: 0.2...0.6, ratio: 1...1)
    let rectangles = (0..<4000).map { seed in
      var source = RandomSource(seed: UInt64(seed))
      return crop.rectangle(width: 1000, height: 1000, from: &source)
    }
    // Means of 4,000 uniform numbers in 0...1 have a deviation of 0.0046: five of them.
    let bound = 5 / (12.0 * 4000).squareRoot()
    let areas = rectangles.map { (Double($0.width * $0.height) / 1e6 - 0.2) / 0.4 }
    let places = rectangles.map { Double($0.left) / Double(1000 - $0.width) }
    let rows = rectangles.map { Double($0.top) / Double(1000 - $0.height) }
    for (name, values) in [("area", areas), ("left", places), ("top", rows)] {
      let mean = values.reduce(0, +) / 4000
      #expect(abs(mean - 0.5) < bound, "\(name): mean \(mean) over seeds 0..<4000")
    }
  }

  /// Values of torchvision's `RandomResizedCrop.get_params` where no try fits.
  @Test func centralRectanglesEqualTorchvisions() {
    let crop = RandomCrop(scale: 0.9...1, ratio: 3.0 / 4...4.0 / 3)
    #expect(
      crop.central(width: 9, height: 300)
        == PixelRectangle(left: 0, top: 144, width: 9, height: 12)
    )
    #expect(
      crop.central(width: 301, height: 9)
        == PixelRectangle(left: 144, top: 0, width: 12, height: 9)
    )
    #expect(
      crop.central(width: 31, height: 30)
        == PixelRectangle(left: 0, top: 0, width: 31, height: 30)
    )
  }
}
