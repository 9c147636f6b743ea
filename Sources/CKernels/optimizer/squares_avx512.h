// Square roots, and sums of squares in double; see vector/vector_avx512.h.

static inline vf v_root(vf a) { return _mm512_sqrt_ps(a); }

// Sixteen sums, of lanes 0 to 7 and 8 to 15.
typedef struct vsquares {
  __m512d low, high;
} vsquares;

static inline vsquares vsquares_zero(void) {
  vsquares sums = {_mm512_setzero_pd(), _mm512_setzero_pd()};
  return sums;
}
static inline void vsquares_add(vsquares *sums, vf a) {
  __m512d low = _mm512_cvtps_pd(_mm512_castps512_ps256(a));
  __m512d high = _mm512_cvtps_pd(_mm512_extractf32x8_ps(a, 1));
  sums->low = _mm512_fmadd_pd(low, low, sums->low);
  sums->high = _mm512_fmadd_pd(high, high, sums->high);
}
static inline double vsquares_sum(vsquares sums) {
  return _mm512_reduce_add_pd(_mm512_add_pd(sums.low, sums.high));
}
