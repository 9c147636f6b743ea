package import Results

/// The metrics that a suite reports; how classes are averaged is told beside them.
package enum Metric: String, CaseIterable, Sendable {
  /// The area under the ROC curve.
  case areaUnderROC = "auc"
  /// Average precision; its mean over classes is called mAP.
  case averagePrecision = "ap"
  /// The harmonic mean of precision and sensitivity.
  case f1
  /// The share of right decisions; of samples with all labels right in a multi-label task.
  case accuracy
  /// The mean over classes of their sensitivities.
  case balancedAccuracy = "balanced-accuracy"
  /// Cohen's kappa.
  case kappa
  /// Cohen's kappa with quadratic weights.
  case quadraticKappa = "quadratic-kappa"
  /// Matthews' correlation coefficient.
  case matthewsCorrelation = "mcc"
  /// The recall of the positives.
  case sensitivity
  /// The recall of the negatives.
  case specificity
  /// The positive predictive value.
  case precision
  /// The mean negative log-probability of the label, in nats.
  case logLoss = "log-loss"
  /// The share of images whose text is the most similar one.
  case imageToTextRecallAt1 = "image-to-text-recall-at-1"
  /// The share of images whose text is among the 5 most similar.
  case imageToTextRecallAt5 = "image-to-text-recall-at-5"
  /// The share of images whose text is among the 10 most similar.
  case imageToTextRecallAt10 = "image-to-text-recall-at-10"
  /// The median over images of their text's rank.
  case imageToTextMedianRank = "image-to-text-median-rank"
  /// The share of texts whose image is the most similar one.
  case textToImageRecallAt1 = "text-to-image-recall-at-1"
  /// The share of texts whose image is among the 5 most similar.
  case textToImageRecallAt5 = "text-to-image-recall-at-5"
  /// The share of texts whose image is among the 10 most similar.
  case textToImageRecallAt10 = "text-to-image-recall-at-10"
  /// The median over texts of their image's rank.
  case textToImageMedianRank = "text-to-image-median-rank"

  /// The name in code and files.
  package var identifier: String { rawValue }

  /// The name in tables; the averaging stands beside it.
  ///
  /// - Parameter averaging: how classes were put together.
  /// - Returns: the name, such as `mAP` for the mean of average precisions over classes.
  package func displayName(_ averaging: Averaging) -> String {
    switch self {
    case .areaUnderROC: "AUC"
    case .averagePrecision: averaging == .macro ? "mAP" : "AP"
    case .f1: "F1"
    case .accuracy: "Accuracy"
    case .balancedAccuracy: "Balanced accuracy"
    case .kappa: "Kappa"
    case .quadraticKappa: "Quadratic kappa"
    case .matthewsCorrelation: "MCC"
    case .sensitivity: "Sensitivity"
    case .specificity: "Specificity"
    case .precision: "Precision"
    case .logLoss: "Log loss"
    case .imageToTextRecallAt1: "Image-to-text R@1"
    case .imageToTextRecallAt5: "Image-to-text R@5"
    case .imageToTextRecallAt10: "Image-to-text R@10"
    case .imageToTextMedianRank: "Image-to-text median rank"
    case .textToImageRecallAt1: "Text-to-image R@1"
    case .textToImageRecallAt5: "Text-to-image R@5"
    case .textToImageRecallAt10: "Text-to-image R@10"
    case .textToImageMedianRank: "Text-to-image median rank"
    }
  }

  /// Whether more is better.
  package var higherIsBetter: Bool {
    switch self {
    case .logLoss, .imageToTextMedianRank, .textToImageMedianRank: false
    default: true
    }
  }

  /// The unit; nil for plain numbers.
  package var unit: String? { self == .logLoss ? "nat" : nil }
}
