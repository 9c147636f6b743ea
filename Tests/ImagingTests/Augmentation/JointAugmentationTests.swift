import Imaging
import Parallelism
import Testing

@Suite struct JointAugmentationTests {
  private static let rotating = AugmentationPolicy(
    crop: RandomCrop(scale: 0.4...1),
    horizontalFlip: 0.5,
    verticalFlip: 0.5,
    rotation: 180
  )

  private func joint(
    _ policy: AugmentationPolicy,
    cutsTiles: Bool = false,
    _ width: Int = 71,
    _ height: Int = 53,
    seed: UInt64 = 7
  ) -> JointAugmentation {
    JointAugmentation(
      policy,
      cutsTiles: cutsTiles,
      preprocessing: JointScene.preprocessing(width, height),
      seed: seed
    )
  }

  /// How many of some turned pixels may lie outside of a photograph and inside of its mask, or the other
  /// way round.
  ///
  /// Pillow looks for the place between pixels in 64-bit floats and for the nearest one in 65,536ths: the
  /// two are up to 1e-3 pixels apart, and so are their borders.
  private static func borders(_ count: Int) -> Int { count / 20_000 }

  /// The markers of the photograph and those of the mask are on the same pixels, whatever is drawn.
  @Test(arguments: [
    (AugmentationPolicy(crop: RandomCrop(scale: 0.3...0.9)), false),
    (AugmentationPolicy(horizontalFlip: 0.5, verticalFlip: 0.5), false),
    (AugmentationPolicy(rotation: 90), false), (rotating, false), (rotating, true),
    (AugmentationPolicy.none, true), (AugmentationPolicy.none, false),
  ])
  func imageAndMaskMoveTogether(_ policy: AugmentationPolicy, _ cutsTiles: Bool) {
    let joint = joint(policy, cutsTiles: cutsTiles)
    var (decided, wrong, whites) = (0, 0, 0)
    let count = 71 * 53
    for sample in 0..<40 {
      let (pixels, planes) = joint.changed(
        JointScene.photograph,
        [JointScene.markers],
        outside: 0,
        epoch: 2,
        sample: sample,
        repetition: 0
      )
      #expect(pixels.count == 3 * count && planes[0].width == 71 && planes[0].height == 53)
      for index in 0..<count {
        let value = pixels[3 * index]
        // Between the two a marker's edge crosses the pixel.
        guard value < 0.1 || value > 0.9 else { continue }
        decided += 1
        if (value > 0.9) != (planes[0].samples[index] == 1) { wrong += 1 }
        if value > 0.9 { whites += 1 }
      }
    }
    #expect(wrong <= (policy.rotation > 0 ? Self.borders(decided) : 0), "\(wrong) of \(decided)")
    #expect(decided > 40 * count * 8 / 10 && whites > 40 * count / 20, "\(decided), \(whites)")
  }

  /// Colour and blur change photographs; masks don't show them.
  @Test func colorsLeaveMasksAlone() {
    var policy = Self.rotating
    let plain = joint(policy)
    policy.colorJitter = ColorJitter(brightness: 0.5, contrast: 0.5)
    policy.blur = RandomBlur(probability: 1, kernelSize: 5)
    let colorful = joint(policy)
    for sample in 0..<10 {
      let results = [plain, colorful].map {
        $0.changed(
          JointScene.photograph,
          [JointScene.markers],
          outside: 9,
          epoch: 0,
          sample: sample,
          repetition: 0
        )
      }
      #expect(results[0].planes == results[1].planes && results[0].pixels != results[1].pixels)
    }
  }

  /// Threads, order and history have no part in a result; seed, epoch, sample and repetition have.
  @Test(arguments: [false, true])
  func bitsDependOnTheSampleAlone(_ cutsTiles: Bool) {
    func results(
      _ order: [Int],
      threads: Int,
      seed: UInt64 = 7,
      epoch: Int = 3,
      repetition: Int = 0
    )
      -> [Int: Changed]
    {
      let joint = joint(Self.rotating, cutsTiles: cutsTiles, seed: seed)
      let pool = WorkerPool(threadCount: threads)
      let made = pool.mapChunks(of: order.count, grain: 1) { range in
        Changed(
          joint.changed(
            JointScene.photograph,
            [JointScene.markers] + JointScene.places,
            outside: 255,
            epoch: epoch,
            sample: order[range.lowerBound],
            repetition: repetition
          )
        )
      }
      return Dictionary(uniqueKeysWithValues: zip(order, made))
    }
    let all = Array(0..<12)
    let reference = results(all, threads: 1)
    #expect(results(all.reversed(), threads: 4) == reference)
    #expect(results([7], threads: 2)[7] == reference[7])
    #expect(Set(reference.values.map(\.pixels)).count == all.count)
    let others = [
      results([7], threads: 1, seed: 8), results([7], threads: 1, epoch: 4),
      results([7], threads: 1, repetition: 1),
    ]
    for other in others { #expect(other[7] != reference[7]) }
  }

  private struct Changed: Equatable, Sendable {
    var pixels: [Float]
    var planes: [Plane<UInt8>]

    init(_ result: (pixels: [Float], planes: [Plane<UInt8>])) {
      (pixels, planes) = result
    }
  }

  /// The value of what lies outside comes up where a rotation brings it in, and nowhere else.
  @Test(arguments: [false, true])
  func outsideIsWhatRotationsBringIn(_ cutsTiles: Bool) {
    let white = ImageBuffer(
      width: 133,
      height: 97,
      pixels: [UInt8](repeating: 255, count: 133 * 97 * 3)
    )
    let whole = Plane(width: 133, height: 97, samples: [UInt8](repeating: 1, count: 133 * 97))
    var policy = Self.rotating
    var (found, wrong) = (0, 0)
    for rotation in [180.0, 0] {
      policy.rotation = rotation
      let joint = joint(policy, cutsTiles: cutsTiles)
      for sample in 0..<20 {
        let (pixels, planes) = joint.changed(
          white,
          [whole],
          outside: 255,
          epoch: 0,
          sample: sample,
          repetition: 0
        )
        let isOutside = planes[0].samples.map { $0 == 255 }
        wrong += isOutside.indices.count { isOutside[$0] != (pixels[3 * $0] == 0) }
        #expect(planes[0].samples.allSatisfy { $0 == 255 || $0 == 1 })
        found += isOutside.count { $0 }
        if rotation == 0 { #expect(!isOutside.contains(true)) }
      }
    }
    #expect(found > 20 * 71 * 53 / 20)
    #expect(wrong <= Self.borders(20 * 71 * 53), "\(wrong)")
  }

  /// Tiles are parts of the photograph, unscaled, of the input's size; every place comes up.
  @Test func tilesAreCutOut() {
    let photograph = generatedImage(width: 133, height: 97)
    let preprocessor = Preprocessor(JointScene.preprocessing(71, 53))
    // The policy's crop gives way to tiles.
    let joint = joint(AugmentationPolicy(crop: RandomCrop(scale: 0.1...0.2)), cutsTiles: true)
    var (lefts, tops): (Set<Int>, Set<Int>) = ([], [])
    for sample in 0..<600 {
      let (pixels, planes) = joint.changed(
        photograph,
        JointScene.places,
        outside: 0,
        epoch: 0,
        sample: sample,
        repetition: 0
      )
      let (left, top) = (Int(planes[0][0, 0]), Int(planes[1][0, 0]))
      let tile = PixelRectangle(left: left, top: top, width: 71, height: 53)
      #expect(planes == JointScene.places.map { $0.cropped(to: tile) }, "sample \(sample)")
      #expect(pixels == preprocessor.normalized(photograph.cropped(to: tile).pixels))
      lefts.insert(left)
      tops.insert(top)
    }
    // 63 columns and 45 rows to begin at; each is missed by 600 draws with 7e-5 and 1.4e-6.
    #expect(lefts == Set(0...62) && tops == Set(0...44), "\(lefts.count), \(tops.count)")
  }

  @Test func tilesOfTheWholeAndTooSmallPhotographs() async {
    let (pixels, planes) = joint(.none, cutsTiles: true, 133, 97).changed(
      JointScene.photograph,
      [JointScene.markers],
      outside: 0,
      epoch: 0,
      sample: 0,
      repetition: 0
    )
    #expect(planes == [JointScene.markers])
    #expect(pixels == JointScene.photograph.pixels.map { Float($0) / 255 })
    await #expect(processExitsWith: .failure) {
      let joint = JointAugmentation(
        .none,
        cutsTiles: true,
        preprocessing: JointScene.preprocessing(133, 98),
        seed: 1
      )
      _ = joint.changed(
        JointScene.photograph,
        [],
        outside: 0,
        epoch: 0,
        sample: 0,
        repetition: 0
      )
    }
  }

  /// What masks can't follow is refused, and so are senseless policies.
  @Test func refusals() async {
    #expect(AugmentationPolicy.none.jointFault == nil && Self.rotating.jointFault == nil)
    #expect(AugmentationPolicy.light.jointFault == nil)
    let operations = AugmentationPolicy(randAugment: RandAugment()).jointFault
    #expect(operations?.contains("RandAugment") == true)
    let erasing = AugmentationPolicy(erasing: AugmentationPolicy.strong.erasing).jointFault
    #expect(erasing?.contains("erasing") == true)
    #expect(AugmentationPolicy(rotation: 181).jointFault?.contains("181") == true)
    await #expect(processExitsWith: .failure) {
      _ = JointAugmentation(
        .retfound,
        cutsTiles: false,
        preprocessing: JointScene.preprocessing(8, 8),
        seed: 1
      )
    }
    await #expect(processExitsWith: .failure) {
      _ = JointAugmentation(
        AugmentationPolicy(erasing: AugmentationPolicy.strong.erasing),
        cutsTiles: true,
        preprocessing: JointScene.preprocessing(8, 8),
        seed: 1
      )
    }
  }
}
