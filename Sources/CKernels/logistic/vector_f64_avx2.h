// Four doubles at a time, loaded from floats where said so; see vector/vector_avx2.h.
#include <stddef.h>

typedef __m256d vd;
// As in vector_f64_avx512.h: 2 · 6 accumulators, 2 operands and 1 weight fill 15 of 16 registers.
enum { VD = 4, SCORE_ROWS = 2, GRADIENT_VECTORS = 2 };

static inline __m256i vd_tail(size_t n) {
  return _mm256_cmpgt_epi64(_mm256_set1_epi64x((long long)n), _mm256_setr_epi64x(0, 1, 2, 3));
}
static inline __m128i vd_tail_f32(size_t n) {
  return _mm_cmpgt_epi32(_mm_set1_epi32((int)n), _mm_setr_epi32(0, 1, 2, 3));
}
static inline vd vd_zero(void) { return _mm256_setzero_pd(); }
static inline vd vd_set1(double a) { return _mm256_set1_pd(a); }
static inline vd vd_load(const double *p) { return _mm256_loadu_pd(p); }
static inline vd vd_load_n(const double *p, size_t n) { return _mm256_maskload_pd(p, vd_tail(n)); }
static inline vd vd_load_f32(const float *p) { return _mm256_cvtps_pd(_mm_loadu_ps(p)); }
static inline vd vd_load_f32_n(const float *p, size_t n) {
  return _mm256_cvtps_pd(_mm_maskload_ps(p, vd_tail_f32(n)));
}
static inline void vd_store(double *p, vd a) { _mm256_storeu_pd(p, a); }
static inline void vd_store_n(double *p, size_t n, vd a) { _mm256_maskstore_pd(p, vd_tail(n), a); }
static inline vd vd_fma(vd a, vd b, vd c) { return _mm256_fmadd_pd(a, b, c); }
static inline double vd_sum(vd a) {
  __m128d two = _mm_add_pd(_mm256_castpd256_pd128(a), _mm256_extractf128_pd(a, 1));
  return _mm_cvtsd_f64(_mm_add_sd(two, _mm_unpackhi_pd(two, two)));
}
