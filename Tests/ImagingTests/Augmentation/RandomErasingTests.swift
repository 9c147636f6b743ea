import Imaging
import Randomness
import Testing

@Suite struct RandomErasingTests {
  @Test(arguments: [(211, 160), (12, 20), (1, 1), (3, 90)])
  func rectanglesAreSmallerThanTheImage(_ width: Int, _ height: Int) {
    let erasing = RandomErasing(probability: 1, scale: 0.1...0.4, ratio: 0.3...3.3)
    for seed in 0..<300 {
      var source = RandomSource(seed: UInt64(seed))
      guard let box = erasing.rectangle(width: width, height: height, from: &source) else {
        #expect(min(width, height) < 10, "seed \(seed) of \(width) × \(height)")
        continue
      }
      let context = "seed \(seed): \(box) of \(width) × \(height)"
      #expect(box.width < width && box.left >= 0 && box.left + box.width <= width, "\(context)")
      #expect(box.height < height && box.top >= 0 && box.top + box.height <= height, "\(context)")
      guard width == 211 else { continue }
      let share = Double(box.width * box.height) / Double(width * height)
      #expect(share > 0.1 * 0.96 && share < 0.4 * 1.04, "\(context)")
      let ratio = Double(box.height) / Double(box.width)
      #expect(ratio > 0.3 * 0.95 && ratio < 3.3 * 1.05, "\(context)")
    }
  }

  @Test func somethingIsErasedAsOftenAsSaid() {
    let erasing = RandomErasing(probability: 0.25)
    let count = (0..<4000).count { seed in
      var source = RandomSource(seed: UInt64(seed))
      return erasing.rectangle(width: 224, height: 224, from: &source) != nil
    }
    // A deviation of 27: five of them.
    #expect(abs(count - 1000) < 137, "\(count) over seeds 0..<4000")
  }

  @Test(arguments: RandomErasing.Fill.allCases)
  func onlyTheRectangleIsErased(_ fill: RandomErasing.Fill) {
    let (width, height) = (60, 50)
    let box = PixelRectangle(left: 7, top: 11, width: 53, height: 39)
    var values = [Float](repeating: 9, count: width * height * 3)
    var source = RandomSource(seed: 8)
    var span = values.mutableSpan
    RandomErasing(probability: 1, fill: fill).erase(box, in: &span, width: width, noise: &source)
    var erased: [Float] = []
    for index in values.indices {
      let (row, column) = (index / 3 / width, index / 3 % width)
      if row >= 11 && column >= 7 {
        erased.append(values[index])
      } else {
        #expect(values[index] == 9, "row \(row), column \(column)")
      }
    }
    #expect(erased.count == 53 * 39 * 3)
    guard fill == .noise else {
      #expect(erased.allSatisfy { $0 == 0 })
      return
    }
    // 6,201 normal numbers: five deviations of their mean and of their variance.
    let mean = erased.reduce(0, +) / Float(erased.count)
    let variance = erased.map { $0 * $0 }.reduce(0, +) / Float(erased.count)
    #expect(abs(mean) < 5 * Float(1.0 / 6201).squareRoot(), "seed 8: mean \(mean)")
    #expect(abs(variance - 1) < 5 * Float(2.0 / 6201).squareRoot(), "seed 8: \(variance)")
  }
}
