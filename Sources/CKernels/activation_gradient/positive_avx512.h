// A choice by sign; see vector/vector_avx512.h.

// a where x is above 0 or NaN, else 0.
static inline vf v_where_positive(vf x, vf a) {
  return _mm512_maskz_mov_ps(_mm512_cmp_ps_mask(x, _mm512_setzero_ps(), _CMP_NLE_UQ), a);
}
