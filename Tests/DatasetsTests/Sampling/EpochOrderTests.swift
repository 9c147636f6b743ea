import Datasets
import Randomness
import Testing

@Suite struct EpochOrderTests {
  @Test(arguments: [0, 1, 2, 17, 1000])
  func eachSampleComesOncePerEpoch(_ count: Int) {
    for seed in 0..<20 {
      for epoch in [0, 1, 7] {
        let order = EpochOrder.shuffled(count, seed: UInt64(seed), epoch: epoch)
        #expect(order.sorted() == Array(0..<count), "seed \(seed), epoch \(epoch)")
      }
    }
  }

  @Test func seedsAndEpochsHaveOrdersOfTheirOwn() {
    let orders = [UInt64(0), 1, 1 << 32].flatMap { seed in
      (0..<10).map { EpochOrder.shuffled(40, seed: seed, epoch: $0) }
    }
    #expect(Set(orders).count == 30)
    #expect(
      EpochOrder.shuffled(40, seed: 1, epoch: 3) == EpochOrder.shuffled(40, seed: 1, epoch: 3)
    )
  }

  @Test func firstPlacesAreUniform() {
    var counts = Array(repeating: 0, count: 8)
    for epoch in 0..<4000 { counts[EpochOrder.shuffled(8, seed: 11, epoch: epoch)[0]] += 1 }
    // 500 each on average with a deviation of 21: five of them.
    #expect(counts.allSatisfy { abs($0 - 500) < 105 }, "seed 11: \(counts)")
  }

  @Test func drawsFollowTheWeights() {
    let weights = [0, 3, 1, 0, 0, 6, 0]
    var counts = Array(repeating: 0, count: 7)
    for epoch in 0..<10 {
      let draws = EpochOrder.weighted(
        1000,
        weights: weights.map(Double.init),
        seed: 5,
        epoch: epoch
      )
      #expect(draws.count == 1000)
      for index in draws { counts[index] += 1 }
    }
    for (weight, count) in zip(weights, counts) {
      let share = Double(weight) / 10
      let deviation = (10_000 * share * (1 - share)).squareRoot()
      #expect(abs(Double(count) - 10_000 * share) <= 5 * deviation, "seed 5: \(counts)")
    }
  }

  @Test func drawsDependOnSeedAndEpochAlone() {
    let weights = (0..<50).map { Double($0 % 7) }
    func draws(_ seed: UInt64, _ epoch: Int) -> [Int] {
      EpochOrder.weighted(50, weights: weights, seed: seed, epoch: epoch)
    }
    #expect(draws(2, 4) == draws(2, 4))
    #expect(draws(2, 4) != draws(2, 5) && draws(2, 4) != draws(3, 4))
    let scaled = EpochOrder.weighted(50, weights: weights.map { $0 * 4 }, seed: 2, epoch: 4)
    #expect(scaled == draws(2, 4))
  }

  @Test func repetitionsCountWhatCameBefore() {
    #expect(EpochOrder.repetitions(in: [4, 2, 4, 4, 0, 2]) == [0, 0, 1, 2, 0, 1])
    #expect(
      EpochOrder.repetitions(in: EpochOrder.shuffled(9, seed: 1, epoch: 0)).allSatisfy { $0 == 0 }
    )
    #expect(EpochOrder.repetitions(in: []).isEmpty)
  }

  @Test func weightsOfNothingAreRefused() async {
    await #expect(processExitsWith: .failure) {
      _ = EpochOrder.weighted(1, weights: [0, 0], seed: 0, epoch: 0)
    }
    await #expect(processExitsWith: .failure) {
      _ = EpochOrder.weighted(1, weights: [1, -1], seed: 0, epoch: 0)
    }
  }
}
