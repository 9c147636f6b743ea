// Eight floats at a time: the vocabulary in which the kernels' bodies (*.inc) are written.
// Included inside a region that target_avx2.h begins. Tails are masked: nothing outside is read.
#include <stddef.h>

typedef __m256 vf;
enum { VW = 8 };

static inline __m256i v_tail(size_t n) {
  return _mm256_cmpgt_epi32(_mm256_set1_epi32((int)n), _mm256_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7));
}
static inline vf v_set1(float x) { return _mm256_set1_ps(x); }
static inline vf v_load(const float *p) { return _mm256_loadu_ps(p); }
static inline vf v_load_n(const float *p, size_t n) { return _mm256_maskload_ps(p, v_tail(n)); }
static inline vf v_load_or(const float *p, size_t n, float fill) {
  __m256i tail = v_tail(n);
  return _mm256_blendv_ps(_mm256_set1_ps(fill), _mm256_maskload_ps(p, tail),
                          _mm256_castsi256_ps(tail));
}
static inline void v_store(float *p, vf x) { _mm256_storeu_ps(p, x); }
static inline void v_store_n(float *p, size_t n, vf x) { _mm256_maskstore_ps(p, v_tail(n), x); }
static inline vf v_add(vf a, vf b) { return _mm256_add_ps(a, b); }
static inline vf v_sub(vf a, vf b) { return _mm256_sub_ps(a, b); }
static inline vf v_mul(vf a, vf b) { return _mm256_mul_ps(a, b); }
static inline vf v_div(vf a, vf b) { return _mm256_div_ps(a, b); }
static inline vf v_fma(vf a, vf b, vf c) { return _mm256_fmadd_ps(a, b, c); }
// Where either is NaN the result is b: operand order as in the instruction.
static inline vf v_max(vf a, vf b) { return _mm256_max_ps(a, b); }
static inline vf v_max_or_nan(vf a, vf b) {
  return _mm256_blendv_ps(_mm256_max_ps(a, b), a, _mm256_cmp_ps(a, a, _CMP_UNORD_Q));
}
static inline vf v_min(vf a, vf b) { return _mm256_min_ps(a, b); }
static inline vf v_round(vf a) { return _mm256_round_ps(a, 8); }
// x · 2^n for whole n in −252…254, in two steps so that subnormal results come out right.
static inline vf v_scale(vf x, vf n) {
  __m256i whole = _mm256_cvtps_epi32(n);
  __m256i half = _mm256_srai_epi32(whole, 1);
  __m256i rest = _mm256_sub_epi32(whole, half);
  __m256i bias = _mm256_set1_epi32(127);
  __m256 first = _mm256_castsi256_ps(_mm256_slli_epi32(_mm256_add_epi32(half, bias), 23));
  __m256 second = _mm256_castsi256_ps(_mm256_slli_epi32(_mm256_add_epi32(rest, bias), 23));
  return _mm256_mul_ps(_mm256_mul_ps(x, first), second);
}
static inline float v_sum(vf a) {
  __m128 four = _mm_add_ps(_mm256_castps256_ps128(a), _mm256_extractf128_ps(a, 1));
  __m128 two = _mm_add_ps(four, _mm_movehl_ps(four, four));
  return _mm_cvtss_f32(_mm_add_ss(two, _mm_shuffle_ps(two, two, 1)));
}
static inline float v_maximum(vf a) {
  __m128 four = _mm_max_ps(_mm256_castps256_ps128(a), _mm256_extractf128_ps(a, 1));
  __m128 two = _mm_max_ps(four, _mm_movehl_ps(four, four));
  return _mm_cvtss_f32(_mm_max_ss(two, _mm_shuffle_ps(two, two, 1)));
}
// Sets lanes n and above to zero.
static inline vf v_keep(vf a, size_t n) { return _mm256_and_ps(a, _mm256_castsi256_ps(v_tail(n))); }
static inline vf v_copysign(vf magnitude, vf sign) {
  return _mm256_or_ps(_mm256_andnot_ps(_mm256_set1_ps(-0.0f), magnitude),
                      _mm256_and_ps(_mm256_set1_ps(-0.0f), sign));
}
