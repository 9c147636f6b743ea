// A choice by sign; see vector/vector_avx2.h.

// a where x is above 0 or NaN, else 0.
static inline vf v_where_positive(vf x, vf a) {
  return _mm256_and_ps(_mm256_cmp_ps(x, _mm256_setzero_ps(), _CMP_NLE_UQ), a);
}
