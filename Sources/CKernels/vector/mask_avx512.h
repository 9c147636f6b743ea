// Sixteen lanes' yes or no, kept as two bytes. Included after vector_avx512.h.
#include <stdint.h>
#include <string.h>

typedef __mmask16 vm;

// Where x isn't below or equal to zero: positive numbers and NaN.
static inline vm m_positive(vf x) {
  return _mm512_cmp_ps_mask(x, _mm512_setzero_ps(), _CMP_NLE_UQ);
}
// Where a isn't below b; true for NaN.
static inline vm m_not_below(vf a, vf b) { return _mm512_cmp_ps_mask(a, b, _CMP_NLT_UQ); }
static inline vm m_not_zero(vf x) {
  return _mm512_cmp_ps_mask(x, _mm512_setzero_ps(), _CMP_NEQ_UQ);
}
static inline vm m_equal(vf a, vf b) { return _mm512_cmp_ps_mask(a, b, _CMP_EQ_OQ); }
// Where a is above b, or a is NaN.
static inline vm m_exceeds_or_nan(vf a, vf b) {
  return _mm512_cmp_ps_mask(a, b, _CMP_GT_OQ) | _mm512_cmp_ps_mask(a, a, _CMP_UNORD_Q);
}
static inline vm m_all(void) { return 0xFFFF; }
static inline vf v_select(vm m, vf a, vf b) { return _mm512_mask_mov_ps(b, m, a); }
static inline vf v_where(vm m, vf x) { return _mm512_maskz_mov_ps(m, x); }
static inline void m_store(uint8_t *p, vm m) {
  uint16_t bits = (uint16_t)m;
  memcpy(p, &bits, sizeof bits);
}
static inline vm m_load(const uint8_t *p) {
  uint16_t bits;
  memcpy(&bits, p, sizeof bits);
  return (vm)bits;
}
