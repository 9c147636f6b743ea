// Sixteen lanes' yes or no, kept as two bytes. Included after vector_avx512.h.
#include <stdint.h>
#include <string.h>

typedef __mmask16 vm;

// Where x isn't below or equal to zero: positive numbers and NaN.
static inline vm m_positive(vf x) {
  return _mm512_cmp_ps_mask(x, _mm512_setzero_ps(), _CMP_NLE_UQ);
}
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
