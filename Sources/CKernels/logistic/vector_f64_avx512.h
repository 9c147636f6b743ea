// Eight doubles at a time, loaded from floats where said so; see vector/vector_avx512.h.
#include <stddef.h>

typedef __m512d vd;
// Doubles per vector; rows per tile of scores and vectors per tile of the gradient: 4 · 6
// accumulators, 4 operands and 1 weight fill 29 of 32 registers.
enum { VD = 8, SCORE_ROWS = 4, GRADIENT_VECTORS = 4 };

static inline __mmask8 vd_tail(size_t n) { return (__mmask8)((1u << n) - 1u); }
static inline vd vd_zero(void) { return _mm512_setzero_pd(); }
static inline vd vd_set1(double a) { return _mm512_set1_pd(a); }
static inline vd vd_load(const double *p) { return _mm512_loadu_pd(p); }
static inline vd vd_load_n(const double *p, size_t n) {
  return _mm512_maskz_loadu_pd(vd_tail(n), p);
}
static inline vd vd_load_f32(const float *p) { return _mm512_cvtps_pd(_mm256_loadu_ps(p)); }
static inline vd vd_load_f32_n(const float *p, size_t n) {
  return _mm512_cvtps_pd(_mm256_maskz_loadu_ps(vd_tail(n), p));
}
static inline void vd_store(double *p, vd a) { _mm512_storeu_pd(p, a); }
static inline void vd_store_n(double *p, size_t n, vd a) {
  _mm512_mask_storeu_pd(p, vd_tail(n), a);
}
static inline vd vd_fma(vd a, vd b, vd c) { return _mm512_fmadd_pd(a, b, c); }
static inline double vd_sum(vd a) { return _mm512_reduce_add_pd(a); }
