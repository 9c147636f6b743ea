import Foundation
import Imaging

extension MaskReader {
  /// Reads a sample and tells all that keeps it from being used.
  ///
  /// - Parameter sample: a sample of the task.
  /// - Returns: what is wrong with each file, with its name and a remedy; empty where nothing is. Where
  ///   the photograph can't be decoded, nothing is said of its masks.
  package func faults(of sample: SegmentationSample) -> [String] {
    do {
      _ = try read(sample)
      return []
    } catch {
      // Reading ends at the first bad file; the others should be told, too.
      guard let image = try? photograph(of: sample).image else { return ["\(error)"] }
      let all = maskFaults(sample, image)
      return all.isEmpty ? ["\(error)"] : all
    }
  }

  private func maskFaults(_ sample: SegmentationSample, _ image: ImageBuffer) -> [String] {
    var files: [URL] = []
    switch sample.masks.source {
    case .file(let url): files = [url]
    case .files(let urls): files = urls.compactMap(\.self)
    case .boxes, .drawn: break
    }
    var faults = files.compactMap { url in fault { _ = try labels(url, image, task.values) } }
    if case .file(let url) = sample.masks.field {
      if let fault = fault({ _ = try field(url, image) }) { faults.append(fault) }
    }
    return faults
  }

  private func fault(_ body: () throws -> Void) -> String? {
    do {
      try body()
      return nil
    } catch {
      return "\(error)"
    }
  }
}
