// Square roots, and sums of squares in double; see vector/vector_avx2.h.

static inline vf v_root(vf a) { return _mm256_sqrt_ps(a); }

// Eight sums, of lanes 0 to 3 and 4 to 7.
typedef struct vsquares {
  __m256d low, high;
} vsquares;

static inline vsquares vsquares_zero(void) {
  vsquares sums = {_mm256_setzero_pd(), _mm256_setzero_pd()};
  return sums;
}
static inline void vsquares_add(vsquares *sums, vf a) {
  __m256d low = _mm256_cvtps_pd(_mm256_castps256_ps128(a));
  __m256d high = _mm256_cvtps_pd(_mm256_extractf128_ps(a, 1));
  sums->low = _mm256_fmadd_pd(low, low, sums->low);
  sums->high = _mm256_fmadd_pd(high, high, sums->high);
}
static inline double vsquares_sum(vsquares sums) {
  __m256d four = _mm256_add_pd(sums.low, sums.high);
  __m128d two = _mm_add_pd(_mm256_castpd256_pd128(four), _mm256_extractf128_pd(four, 1));
  return _mm_cvtsd_f64(_mm_add_sd(two, _mm_unpackhi_pd(two, two)));
}
