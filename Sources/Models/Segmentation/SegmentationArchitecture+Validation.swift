package import Imaging

extension SegmentationArchitecture {
  /// Checks that the sizes make a network, before anything is built from them.
  ///
  /// - Throws: `ModelsError.impossibleArchitecture` that names the first size that doesn't fit.
  package func validate() throws {
    try unet.validate()
    try requireImages(width: imageSize, height: imageSize)
  }

  /// Checks that the network takes images of a size.
  ///
  /// - Parameters:
  ///   - width: pixels per row.
  ///   - height: rows.
  /// - Throws: `ModelsError.impossibleArchitecture` where it doesn't.
  package func requireImages(width: Int, height: Int) throws {
    let divisor = unet.divisor
    let isPossible = [width, height].allSatisfy { side in
      (1...8192).contains(side) && side % divisor == 0
    }
    try require(
      isPossible,
      "images of \(width) × \(height) pixels have sides in 1…8192 that \(divisor) divides, as "
        + "\(unet.widths.count) stages need"
    )
  }

  /// Checks that the network takes prepared photographs.
  ///
  /// - Parameter preprocessing: how they are prepared.
  /// - Throws: `ModelsError.impossibleArchitecture` where it takes other sizes or channels.
  package func requirePhotographs(_ preprocessing: Preprocessing) throws {
    try require(
      unet.inputChannels == 3,
      "inputChannels is 3, as photographs have, not \(unet.inputChannels)"
    )
    try requireImages(width: preprocessing.width, height: preprocessing.height)
  }

  /// The sizes of the network's U-Nets.
  package var unet: UNetArchitecture {
    switch network {
    case .uNet(let unet), .wNet(let unet): unet
    }
  }
}

extension UNetArchitecture {
  fileprivate func validate() throws {
    try require((1...10).contains(widths.count), "there are 1…10 stages, not \(widths.count)")
    let sizes = [("inputChannels", inputChannels), ("classes", classes)]
    for (name, value) in sizes + widths.map({ ("widths", $0) }) {
      try require((1...1 << 16).contains(value), "\(name) lies in 1…\(1 << 16), not \(value)")
    }
  }
}

private func require(_ condition: Bool, _ expectation: String) throws {
  guard condition else { throw ModelsError(.impossibleArchitecture(expected: expectation)) }
}
