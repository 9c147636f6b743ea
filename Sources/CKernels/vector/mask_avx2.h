// Eight lanes' yes or no, kept as one byte. Included after vector_avx2.h.
#include <stdint.h>

typedef __m256 vm;

// Where x isn't below or equal to zero: positive numbers and NaN.
static inline vm m_positive(vf x) { return _mm256_cmp_ps(x, _mm256_setzero_ps(), _CMP_NLE_UQ); }
// Where a isn't below b; true for NaN.
static inline vm m_not_below(vf a, vf b) { return _mm256_cmp_ps(a, b, _CMP_NLT_UQ); }
static inline vm m_not_zero(vf x) { return _mm256_cmp_ps(x, _mm256_setzero_ps(), _CMP_NEQ_UQ); }
static inline vm m_equal(vf a, vf b) { return _mm256_cmp_ps(a, b, _CMP_EQ_OQ); }
// Where a is above b, or a is NaN.
static inline vm m_exceeds_or_nan(vf a, vf b) {
  return _mm256_or_ps(_mm256_cmp_ps(a, b, _CMP_GT_OQ), _mm256_cmp_ps(a, a, _CMP_UNORD_Q));
}
static inline vm m_all(void) { return _mm256_castsi256_ps(_mm256_set1_epi32(-1)); }
static inline vf v_select(vm m, vf a, vf b) { return _mm256_blendv_ps(b, a, m); }
static inline vf v_where(vm m, vf x) { return _mm256_and_ps(x, m); }
static inline void m_store(uint8_t *p, vm m) { *p = (uint8_t)_mm256_movemask_ps(m); }
static inline vm m_load(const uint8_t *p) {
  __m256i bits = _mm256_setr_epi32(1, 2, 4, 8, 16, 32, 64, 128);
  __m256i byte = _mm256_and_si256(_mm256_set1_epi32(*p), bits);
  return _mm256_castsi256_ps(_mm256_cmpeq_epi32(byte, bits));
}
