import Glibc

/// The natural logarithm, as libm computes it.
func logarithm(_ value: Double) -> Double { log(value) }

/// The cosine, as libm computes it.
func cosine(_ value: Double) -> Double { cos(value) }
