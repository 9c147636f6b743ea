// A square of 16 × 16 floats in registers, transposed in place in four rounds of 16 shuffles.
static inline void v_transpose(vf x[VW]) {
  __m512d y[16];
#pragma clang loop unroll(full)
  for (size_t i = 0; i < 16; i += 2) {
    y[i] = _mm512_castps_pd(_mm512_unpacklo_ps(x[i], x[i + 1]));
    y[i + 1] = _mm512_castps_pd(_mm512_unpackhi_ps(x[i], x[i + 1]));
  }
#pragma clang loop unroll(full)
  for (size_t i = 0; i < 16; i += 4) {
    x[i] = _mm512_castpd_ps(_mm512_unpacklo_pd(y[i], y[i + 2]));
    x[i + 1] = _mm512_castpd_ps(_mm512_unpackhi_pd(y[i], y[i + 2]));
    x[i + 2] = _mm512_castpd_ps(_mm512_unpacklo_pd(y[i + 1], y[i + 3]));
    x[i + 3] = _mm512_castpd_ps(_mm512_unpackhi_pd(y[i + 1], y[i + 3]));
  }
  // Quarter j of x[4·i + c] now holds column 4·j + c of rows 4·i … 4·i + 3.
#pragma clang loop unroll(full)
  for (size_t c = 0; c < 4; c++) {
    vf low = _mm512_shuffle_f32x4(x[c], x[4 + c], 0x88);
    vf high = _mm512_shuffle_f32x4(x[c], x[4 + c], 0xdd);
    vf low2 = _mm512_shuffle_f32x4(x[8 + c], x[12 + c], 0x88);
    vf high2 = _mm512_shuffle_f32x4(x[8 + c], x[12 + c], 0xdd);
    x[c] = _mm512_shuffle_f32x4(low, low2, 0x88);
    x[4 + c] = _mm512_shuffle_f32x4(high, high2, 0x88);
    x[8 + c] = _mm512_shuffle_f32x4(low, low2, 0xdd);
    x[12 + c] = _mm512_shuffle_f32x4(high, high2, 0xdd);
  }
}
