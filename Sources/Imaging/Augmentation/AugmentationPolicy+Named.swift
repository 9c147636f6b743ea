extension AugmentationPolicy {
  /// No change: what a model is tested on.
  package static let none = AugmentationPolicy()

  /// Fine-tuning's default: crops of 90 to 100 % of the area, horizontal flips, a little colour.
  package static let light = AugmentationPolicy(
    crop: RandomCrop(scale: 0.9...1),
    horizontalFlip: 0.5,
    colorJitter: ColorJitter(brightness: 0.1, contrast: 0.1, saturation: 0.1)
  )

  /// For small sets: crops of 70 to 100 %, both flips, any angle up to 30°, colour, blur, erasing.
  package static let strong = AugmentationPolicy(
    crop: RandomCrop(scale: 0.7...1),
    horizontalFlip: 0.5,
    verticalFlip: 0.5,
    rotation: 30,
    colorJitter: ColorJitter(brightness: 0.3, contrast: 0.3, saturation: 0.2, hue: 0.02),
    blur: RandomBlur(probability: 0.2),
    erasing: RandomErasing(probability: 0.25)
  )

  /// What RETFound is fine-tuned with (main_finetune.py's defaults, timm 0.3.2's
  /// `create_transform`): crops of 8 to 100 %, horizontal flips, `rand-m9-mstd0.5-inc1`, erasing with noise.
  package static let retfound = AugmentationPolicy(
    crop: RandomCrop(scale: 0.08...1),
    horizontalFlip: 0.5,
    randAugment: RandAugment(),
    erasing: RandomErasing(
      probability: 0.25,
      scale: 0.02...1.0 / 3,
      ratio: 0.3...1 / 0.3,
      fill: .noise
    )
  )

  /// The policies that have a name, by it.
  package static let named: [String: AugmentationPolicy] = [
    "none": none, "light": light, "strong": strong, "retfound": retfound,
  ]
}

extension AugmentationPolicy {
  /// A text that is the same for equal policies and different for others, in every version: part of
  /// a result's record.
  package var identifier: String {
    func range(_ values: ClosedRange<Double>) -> String {
      "\(values.lowerBound)...\(values.upperBound)"
    }
    var parts = ["1"]
    if let crop { parts.append("crop=\(range(crop.scale)),ratio=\(range(crop.ratio))") }
    if horizontalFlip > 0 { parts.append("horizontalFlip=\(horizontalFlip)") }
    if verticalFlip > 0 { parts.append("verticalFlip=\(verticalFlip)") }
    if rotation > 0 { parts.append("rotation=\(rotation)") }
    if let steps = randAugment {
      parts.append(
        "randAugment=\(steps.operations),p=\(steps.probability),m=\(steps.magnitude),"
          + "mstd=\(steps.magnitudeDeviation)"
      )
    }
    if let colorJitter {
      parts.append(
        "colorJitter=\(colorJitter.brightness),\(colorJitter.contrast),"
          + "\(colorJitter.saturation),\(colorJitter.hue)"
      )
    }
    if let blur {
      parts.append("blur=\(blur.probability),\(blur.kernelSize),\(range(blur.sigma))")
    }
    if let erasing {
      parts.append(
        "erasing=\(erasing.probability),\(range(erasing.scale)),ratio=\(range(erasing.ratio)),"
          + erasing.fill.rawValue
      )
    }
    return parts.joined(separator: ";")
  }
}
