// Eight whole numbers in 0…255, kept as bytes. Included after vector_avx2.h.
#include <stdint.h>
#include <string.h>

static inline void v_store_bytes(uint8_t *p, size_t n, vf x) {
  __m256i whole = _mm256_cvtps_epi32(x);
  __m128i words =
      _mm_packus_epi32(_mm256_castsi256_si128(whole), _mm256_extracti128_si256(whole, 1));
  uint64_t bytes = (uint64_t)_mm_cvtsi128_si64(_mm_packus_epi16(words, words));
  memcpy(p, &bytes, n);
}
static inline vf v_load_bytes(const uint8_t *p, size_t n) {
  uint64_t bytes = 0;
  memcpy(&bytes, p, n);
  return _mm256_cvtepi32_ps(_mm256_cvtepu8_epi32(_mm_cvtsi64_si128((long long)bytes)));
}
