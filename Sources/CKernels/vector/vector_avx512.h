// Sixteen floats at a time: the vocabulary in which the kernels' bodies (*.inc) are written.
// Included inside a region that target_avx512.h begins. Tails are masked: nothing outside is read.
#include <stddef.h>

typedef __m512 vf;
enum { VW = 16 };

static inline __mmask16 v_tail(size_t n) { return (__mmask16)((1u << n) - 1u); }
static inline vf v_set1(float x) { return _mm512_set1_ps(x); }
static inline vf v_load(const float *p) { return _mm512_loadu_ps(p); }
static inline vf v_load_n(const float *p, size_t n) { return _mm512_maskz_loadu_ps(v_tail(n), p); }
static inline vf v_load_or(const float *p, size_t n, float fill) {
  return _mm512_mask_loadu_ps(_mm512_set1_ps(fill), v_tail(n), p);
}
static inline void v_store(float *p, vf x) { _mm512_storeu_ps(p, x); }
static inline void v_store_n(float *p, size_t n, vf x) { _mm512_mask_storeu_ps(p, v_tail(n), x); }
static inline vf v_add(vf a, vf b) { return _mm512_add_ps(a, b); }
static inline vf v_sub(vf a, vf b) { return _mm512_sub_ps(a, b); }
static inline vf v_mul(vf a, vf b) { return _mm512_mul_ps(a, b); }
static inline vf v_div(vf a, vf b) { return _mm512_div_ps(a, b); }
static inline vf v_fma(vf a, vf b, vf c) { return _mm512_fmadd_ps(a, b, c); }
// Where either is NaN the result is b: operand order as in the instruction.
static inline vf v_max(vf a, vf b) { return _mm512_max_ps(a, b); }
static inline vf v_max_or_nan(vf a, vf b) {
  return _mm512_mask_mov_ps(_mm512_max_ps(a, b), _mm512_cmp_ps_mask(a, a, _CMP_UNORD_Q), a);
}
static inline vf v_min(vf a, vf b) { return _mm512_min_ps(a, b); }
static inline vf v_round(vf a) { return _mm512_roundscale_ps(a, 8); }
// x · 2^n for whole n.
static inline vf v_scale(vf x, vf n) { return _mm512_scalef_ps(x, n); }
static inline float v_sum(vf a) { return _mm512_reduce_add_ps(a); }
static inline float v_maximum(vf a) { return _mm512_reduce_max_ps(a); }
// Sets lanes n and above to zero.
static inline vf v_keep(vf a, size_t n) { return _mm512_maskz_mov_ps(v_tail(n), a); }
static inline vf v_copysign(vf magnitude, vf sign) {
  return _mm512_or_ps(_mm512_andnot_ps(_mm512_set1_ps(-0.0f), magnitude),
                      _mm512_and_ps(_mm512_set1_ps(-0.0f), sign));
}
