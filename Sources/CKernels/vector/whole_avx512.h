// Sixteen whole numbers of 32 bits without sign. Included after vector_avx512.h and mask_avx512.h.
#include <stdint.h>

typedef __m512i vu;

static inline vu u_set1(uint32_t x) { return _mm512_set1_epi32((int)x); }
// start, start + 1, …: the low words.
static inline vu u_count(uint64_t start) {
  vu lanes = _mm512_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15);
  return _mm512_add_epi32(u_set1((uint32_t)start), lanes);
}
static inline vu u_add(vu a, vu b) { return _mm512_add_epi32(a, b); }
static inline vu u_xor(vu a, vu b) { return _mm512_xor_si512(a, b); }
// The 64 bits of a · factor, in two words.
static inline void u_multiply(vu a, uint32_t factor, vu *high, vu *low) {
  vu f = u_set1(factor);
  vu even = _mm512_mul_epu32(a, f), odd = _mm512_mul_epu32(_mm512_srli_epi64(a, 32), f);
  *low = _mm512_mask_blend_epi32(0xAAAA, even, _mm512_slli_epi64(odd, 32));
  *high = _mm512_mask_blend_epi32(0xAAAA, _mm512_srli_epi64(even, 32), odd);
}
static inline vm m_at_least(vu a, vu b) { return _mm512_cmpge_epu32_mask(a, b); }
