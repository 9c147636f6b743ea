package import Imaging
package import Parallelism
import Randomness

/// A collection of synthetic fundus photographs with labels, masks and reports.
///
/// A sample follows from the seed and its number alone: the same bits on any machine, in any order
/// and on any number of threads. Samples 2n and 2n + 1 are the right and left eye of patient n.
package struct SyntheticCollection: Sendable {
  /// What all random numbers come from.
  package let seed: UInt64
  /// How many samples there are; an odd number leaves the last patient with one eye.
  package let count: Int
  /// The width and height of the pictures in pixels.
  package let size: Int
  /// From 0, textbook lesions, to 1, faint ones and cups near the limit.
  package let difficulty: Double
  /// The share of patients without a disease, from 0 to 1: how many reports say the same.
  package let healthy: Double

  /// Raised when anything changes a sample's bits.
  package static let version = 1
  /// The sizes that pictures can have.
  package static let sizes = 32...4096
  /// The share of patients without a disease, where nobody asks for another.
  package static let usualHealthy = SyntheticPatient.healthy

  /// Describes a collection; nothing is drawn yet.
  ///
  /// - Parameters:
  ///   - seed: what all random numbers come from.
  ///   - count: how many samples, at least 0 and below 2³¹.
  ///   - size: the pictures' width and height, in `sizes`.
  ///   - difficulty: from 0 to 1.
  ///   - healthy: the share of patients without a disease, from 0 to 1.
  package init(
    seed: UInt64 = 20_260_101,
    count: Int,
    size: Int = 224,
    difficulty: Double = 0.5,
    healthy: Double = Self.usualHealthy
  ) {
    precondition(count >= 0 && count < 1 << 31, "a collection of \(count) samples")
    precondition(Self.sizes.contains(size), "pictures of \(size) pixels, not \(Self.sizes)")
    precondition((0...1).contains(difficulty), "a difficulty of \(difficulty), not 0…1")
    self.seed = seed
    self.count = count
    self.size = size
    precondition((0...1).contains(healthy), "a healthy share of \(healthy), not 0…1")
    self.difficulty = difficulty
    self.healthy = healthy
  }

  /// All that is known of a sample, without drawing its picture.
  ///
  /// - Parameter index: in `0..<count`.
  /// - Returns: the record.
  package func record(_ index: Int) -> SyntheticRecord {
    record(index, scene(index))
  }

  /// Draws a sample.
  ///
  /// - Parameter index: in `0..<count`.
  /// - Returns: the sample; drawn anew each time.
  package func sample(_ index: Int) -> SyntheticSample {
    let scene = scene(index)
    let painter = painter(index, scene)
    return SyntheticSample(
      record: record(index, scene),
      image: photograph(index, scene, painter),
      masks: painter.masks()
    )
  }

  /// The photograph of a sample.
  ///
  /// - Parameter index: in `0..<count`.
  /// - Returns: the pixels of `sample`; those that this process has drawn before are kept up to a
  ///   budget.
  package func photograph(_ index: Int) -> ImageBuffer {
    DrawnPhotographs.shared.photograph(DrawnPhotographs.Key(index, of: self)) {
      let scene = scene(index)
      return photograph(index, scene, painter(index, scene))
    }
  }

  /// Draws samples in parallel.
  ///
  /// - Parameters:
  ///   - indices: which ones, each in `0..<count`.
  ///   - pool: draws one sample per thread at a time.
  /// - Returns: the samples in the order of `indices`.
  package func samples(_ indices: Range<Int>, on pool: WorkerPool) -> [SyntheticSample] {
    pool.mapChunks(of: indices.count, grain: 1) { chunk in
      sample(indices.lowerBound + chunk.lowerBound)
    }
  }

  /// The numbers of the samples of one split, in ascending order.
  package func indices(of split: SyntheticSplit) -> [Int] {
    (0..<count).filter { self.split(ofPatient: $0 / 2) == split }
  }

  /// The split of a patient: of each five in a row three train, one validates, one tests.
  private func split(ofPatient patient: Int) -> SyntheticSplit {
    var random = RandomSource(seed: seed, patient: patient / 5, eye: nil, for: .split)
    var places = [0, 1, 2, 3, 4]
    random.shuffle(&places)
    switch places[patient % 5] {
    case 3: return .validation
    case 4: return .test
    default: return .train
    }
  }

  private func painter(_ index: Int, _ scene: SyntheticScene) -> SyntheticPainter {
    SyntheticPainter(
      scene,
      size: size,
      vessels: stream(index, .vessels),
      texture: stream(index, .texture)
    )
  }

  private func photograph(
    _ index: Int,
    _ scene: SyntheticScene,
    _ painter: SyntheticPainter
  ) -> ImageBuffer {
    SyntheticCamera(scene, size: size, stream(index, .camera))
      .photograph(painter.paint(), sensor: stream(index, .sensor))
  }

  private func stream(_ index: Int, _ purpose: SyntheticPurpose) -> RandomSource {
    RandomSource(seed: seed, patient: index / 2, eye: index % 2, for: purpose)
  }

  private func scene(_ index: Int) -> SyntheticScene {
    precondition((0..<count).contains(index), "sample \(index) of \(count)")
    return SyntheticScene(
      seed: seed,
      number: index / 2,
      eye: index % 2,
      difficulty: difficulty,
      healthy: healthy
    )
  }

  private func record(_ index: Int, _ scene: SyntheticScene) -> SyntheticRecord {
    let eye: SyntheticEye = index % 2 == 0 ? .right : .left
    let digits = String(index / 2)
    let patient = "P" + String(repeating: "0", count: max(0, 5 - digits.count)) + digits
    let findings = scene.findings
    return SyntheticRecord(
      index: index,
      id: "\(patient)-\(eye.rawValue)",
      patient: patient,
      eye: eye,
      split: split(ofPatient: index / 2),
      findings: findings,
      grade: scene.conditions.grade,
      cupToDiscRatio: scene.conditions.cupToDiscRatio,
      report: SyntheticReport.text(of: scene, findings, eye, stream(index, .report))
    )
  }
}
