import COpenBLAS
import Foundation

/// Tells the libraries with threads of their own to use the calling one only.
///
/// OpenBLAS's setting is the process's; OpenMP's (oneDNN's threads) is the calling thread's.
func prepareThread() {
  openblas_set_num_threads(1)
  typealias SetThreadCount = @convention(c) (CInt) -> Void
  guard let symbol = unsafe dlsym(nil, "omp_set_num_threads") else { return }
  unsafe unsafeBitCast(symbol, to: SetThreadCount.self)(1)
}

/// OpenBLAS's version, such as `0.3.21`.
var openBLASVersion: String {
  guard let text = unsafe openblas_get_config() else { return "unknown" }
  let words = unsafe String(cString: text).split(separator: " ")
  return words.count > 1 ? String(words[1]) : "unknown"
}
