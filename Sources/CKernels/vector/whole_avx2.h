// Eight whole numbers of 32 bits without sign. Included after vector_avx2.h and mask_avx2.h.
#include <stdint.h>

typedef __m256i vu;

static inline vu u_set1(uint32_t x) { return _mm256_set1_epi32((int)x); }
// start, start + 1, …: the low words.
static inline vu u_count(uint64_t start) {
  return _mm256_add_epi32(u_set1((uint32_t)start), _mm256_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7));
}
static inline vu u_add(vu a, vu b) { return _mm256_add_epi32(a, b); }
static inline vu u_xor(vu a, vu b) { return _mm256_xor_si256(a, b); }
// The 64 bits of a · factor, in two words.
static inline void u_multiply(vu a, uint32_t factor, vu *high, vu *low) {
  vu f = u_set1(factor);
  vu even = _mm256_mul_epu32(a, f), odd = _mm256_mul_epu32(_mm256_srli_epi64(a, 32), f);
  *low = _mm256_blend_epi32(even, _mm256_slli_epi64(odd, 32), 0xAA);
  *high = _mm256_blend_epi32(_mm256_srli_epi64(even, 32), odd, 0xAA);
}
static inline vm m_at_least(vu a, vu b) {
  return _mm256_castsi256_ps(_mm256_cmpeq_epi32(_mm256_max_epu32(a, b), a));
}
