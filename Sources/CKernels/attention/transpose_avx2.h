// A square of 8 × 8 floats in registers, transposed in place in three rounds of 8 shuffles.
static inline void v_transpose(vf x[VW]) {
  __m256d y[8];
#pragma clang loop unroll(full)
  for (size_t i = 0; i < 8; i += 2) {
    y[i] = _mm256_castps_pd(_mm256_unpacklo_ps(x[i], x[i + 1]));
    y[i + 1] = _mm256_castps_pd(_mm256_unpackhi_ps(x[i], x[i + 1]));
  }
#pragma clang loop unroll(full)
  for (size_t i = 0; i < 8; i += 4) {
    x[i] = _mm256_castpd_ps(_mm256_unpacklo_pd(y[i], y[i + 2]));
    x[i + 1] = _mm256_castpd_ps(_mm256_unpackhi_pd(y[i], y[i + 2]));
    x[i + 2] = _mm256_castpd_ps(_mm256_unpacklo_pd(y[i + 1], y[i + 3]));
    x[i + 3] = _mm256_castpd_ps(_mm256_unpackhi_pd(y[i + 1], y[i + 3]));
  }
  // Half j of x[4·i + c] now holds column 4·j + c of rows 4·i … 4·i + 3.
#pragma clang loop unroll(full)
  for (size_t c = 0; c < 4; c++) {
    vf low = _mm256_permute2f128_ps(x[c], x[4 + c], 0x20);
    vf high = _mm256_permute2f128_ps(x[c], x[4 + c], 0x31);
    x[c] = low;
    x[4 + c] = high;
  }
}
