/// Which random changes a training image goes through, and how strong they are.
///
/// The steps, in order: crop and resize, flips, rotation, RandAugment, colour jitter and blur in 8 bits;
/// then the model's normalisation; then erasing. What is nil or 0 is off and draws no random numbers.
package struct AugmentationPolicy: Equatable, Sendable {
  /// A random part of the image, resized to the input; off: the whole image.
  package var crop: RandomCrop?
  /// The probability that left and right change places.
  package var horizontalFlip: Double
  /// The probability that top and bottom change places.
  package var verticalFlip: Double
  /// The largest angle, in degrees, by which the image is turned about its centre either way.
  ///
  /// The corners that come in are black, as what lies around a fundus photograph.
  package var rotation: Double
  /// A few random changes of shape and colour.
  package var randAugment: RandAugment?
  /// Random changes of colour.
  package var colorJitter: ColorJitter?
  /// Random blur.
  package var blur: RandomBlur?
  /// Random erasing.
  package var erasing: RandomErasing?

  /// States a policy.
  ///
  /// - Parameters:
  ///   - crop: a random part of the image.
  ///   - horizontalFlip: the probability that left and right change places.
  ///   - verticalFlip: the probability that top and bottom change places.
  ///   - rotation: the largest angle in degrees, `0...180`.
  ///   - randAugment: a few random changes of shape and colour.
  ///   - colorJitter: random changes of colour.
  ///   - blur: random blur.
  ///   - erasing: random erasing.
  package init(
    crop: RandomCrop? = nil,
    horizontalFlip: Double = 0,
    verticalFlip: Double = 0,
    rotation: Double = 0,
    randAugment: RandAugment? = nil,
    colorJitter: ColorJitter? = nil,
    blur: RandomBlur? = nil,
    erasing: RandomErasing? = nil
  ) {
    self.crop = crop
    self.horizontalFlip = horizontalFlip
    self.verticalFlip = verticalFlip
    self.rotation = rotation
    self.randAugment = randAugment
    self.colorJitter = colorJitter
    self.blur = blur
    self.erasing = erasing
  }

  /// What makes the values senseless, in one line; nil where nothing does.
  package var fault: String? {
    for (name, probability) in [("horizontal", horizontalFlip), ("vertical", verticalFlip)]
    where !(0...1).contains(probability) {
      return "a \(name) flip's probability of \(probability), expected 0...1"
    }
    guard (0...180).contains(rotation) else {
      return "a rotation of at most \(rotation) degrees, expected 0...180"
    }
    return crop?.fault ?? randAugment?.fault ?? colorJitter?.fault ?? blur?.fault
      ?? erasing?.fault
  }

  /// What makes the policy senseless for a model's input, in one line; nil where nothing does.
  ///
  /// - Parameters:
  ///   - width: the input's columns.
  ///   - height: the input's rows.
  /// - Returns: also what is wrong for any input.
  package func fault(forInputWidth width: Int, height: Int) -> String? {
    if let fault { return fault }
    guard let blur, blur.kernelSize / 2 >= min(width, height) else { return nil }
    return "a blur's kernel of \(blur.kernelSize) pixels for an input of \(width) × \(height), "
      + "expected at most \(2 * min(width, height) - 1)"
  }

  /// How many times larger than the model's input the images are kept that this policy crops.
  ///
  /// Resizing twice costs sharpness. On six IDRiD photographs at 224 px, a crop cut from an image
  /// that was first resized to k times the input has this share of the gradients of one cut from the
  /// photograph itself (and this PSNR against it):
  ///
  ///     smallest scale   k = 1           1.25           1.5            2              3
  ///     0.9              0.953 (50 dB)   1.004 (53)     1.013 (55)     0.999 (56)     1.004 (57)
  ///     0.7              0.921 (49)      0.994 (53)     1.008 (54)     1.002 (55)     1.003 (57)
  ///     0.2              0.821 (48)      0.911 (51)     0.961 (53)     0.997 (55)     1.004 (56)
  ///     0.08             0.766 (47)      0.856 (50)     0.914 (52)     0.968 (54)     0.997 (56)
  ///
  /// So k = 1.25 / √(smallest scale): the smallest crop still has more pixels than the input; at most
  /// 2, since memory grows with its square. Without a crop nothing is resized twice and k is 1.
  package var workingScale: Double {
    guard let crop else { return 1 }
    return min(1.25 / crop.scale.lowerBound.squareRoot(), 2)
  }
}

// MARK: JSON

extension AugmentationPolicy: Codable {
  private enum CodingKeys: String, CodingKey {
    case crop, horizontalFlip, verticalFlip, rotation, randAugment, colorJitter, blur, erasing
  }

  /// Reads the JSON form; an absent step is off.
  ///
  /// - Parameter decoder: where from.
  /// - Throws: `DecodingError`, also for values that make no sense.
  package init(from decoder: any Decoder) throws {
    let values = try decoder.container(keyedBy: CodingKeys.self)
    crop = try values.decodeIfPresent(RandomCrop.self, forKey: .crop)
    horizontalFlip = try values.decodeIfPresent(Double.self, forKey: .horizontalFlip) ?? 0
    verticalFlip = try values.decodeIfPresent(Double.self, forKey: .verticalFlip) ?? 0
    rotation = try values.decodeIfPresent(Double.self, forKey: .rotation) ?? 0
    randAugment = try values.decodeIfPresent(RandAugment.self, forKey: .randAugment)
    colorJitter = try values.decodeIfPresent(ColorJitter.self, forKey: .colorJitter)
    blur = try values.decodeIfPresent(RandomBlur.self, forKey: .blur)
    erasing = try values.decodeIfPresent(RandomErasing.self, forKey: .erasing)
    if let fault {
      throw DecodingError.dataCorrupted(
        DecodingError.Context(codingPath: decoder.codingPath, debugDescription: fault)
      )
    }
  }
}
