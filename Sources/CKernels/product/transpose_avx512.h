// Sixteen columns of sixteen floats become rows. Included after vector_avx512.h.
static inline void v_transpose(const vf *rows, vf *columns) {
  __m512 pairs[16], quads[16], eights[16];
#pragma clang loop unroll(full)
  for (int i = 0; i < 16; i += 2) {
    pairs[i] = _mm512_unpacklo_ps(rows[i], rows[i + 1]);
    pairs[i + 1] = _mm512_unpackhi_ps(rows[i], rows[i + 1]);
  }
#pragma clang loop unroll(full)
  for (int i = 0; i < 16; i += 4) {
#pragma clang loop unroll(full)
    for (int j = 0; j < 2; j++) {
      __m512d low = _mm512_castps_pd(pairs[i + j]), high = _mm512_castps_pd(pairs[i + 2 + j]);
      quads[i + 2 * j] = _mm512_castpd_ps(_mm512_unpacklo_pd(low, high));
      quads[i + 2 * j + 1] = _mm512_castpd_ps(_mm512_unpackhi_pd(low, high));
    }
  }
  // quads[4g + c] holds, in its 128-bit lane l, column 4l + c of rows 4g…4g+3.
#pragma clang loop unroll(full)
  for (int column = 0; column < 4; column++) {
    eights[column] = _mm512_shuffle_f32x4(quads[column], quads[4 + column], 0x88);
    eights[4 + column] = _mm512_shuffle_f32x4(quads[column], quads[4 + column], 0xdd);
    eights[8 + column] = _mm512_shuffle_f32x4(quads[8 + column], quads[12 + column], 0x88);
    eights[12 + column] = _mm512_shuffle_f32x4(quads[8 + column], quads[12 + column], 0xdd);
    columns[column] = _mm512_shuffle_f32x4(eights[column], eights[8 + column], 0x88);
    columns[8 + column] = _mm512_shuffle_f32x4(eights[column], eights[8 + column], 0xdd);
    columns[4 + column] = _mm512_shuffle_f32x4(eights[4 + column], eights[12 + column], 0x88);
    columns[12 + column] = _mm512_shuffle_f32x4(eights[4 + column], eights[12 + column], 0xdd);
  }
}
