// Eight columns of eight floats become rows. Included after vector_avx2.h.
static inline void v_transpose(const vf *rows, vf *columns) {
  __m256 pairs[8], quads[8];
#pragma clang loop unroll(full)
  for (int i = 0; i < 8; i += 2) {
    pairs[i] = _mm256_unpacklo_ps(rows[i], rows[i + 1]);
    pairs[i + 1] = _mm256_unpackhi_ps(rows[i], rows[i + 1]);
  }
#pragma clang loop unroll(full)
  for (int i = 0; i < 8; i += 4) {
#pragma clang loop unroll(full)
    for (int j = 0; j < 2; j++) {
      __m256d low = _mm256_castps_pd(pairs[i + j]), high = _mm256_castps_pd(pairs[i + 2 + j]);
      quads[i + 2 * j] = _mm256_castpd_ps(_mm256_unpacklo_pd(low, high));
      quads[i + 2 * j + 1] = _mm256_castpd_ps(_mm256_unpackhi_pd(low, high));
    }
  }
#pragma clang loop unroll(full)
  for (int column = 0; column < 4; column++) {
    columns[column] = _mm256_permute2f128_ps(quads[column], quads[4 + column], 0x20);
    columns[4 + column] = _mm256_permute2f128_ps(quads[column], quads[4 + column], 0x31);
  }
}
