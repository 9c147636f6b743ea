// Sixteen whole numbers in 0…255, kept as bytes. Included after vector_avx512.h.
#include <stdint.h>

static inline void v_store_bytes(uint8_t *p, size_t n, vf x) {
  _mm512_mask_cvtusepi32_storeu_epi8(p, v_tail(n), _mm512_cvtps_epi32(x));
}
static inline vf v_load_bytes(const uint8_t *p, size_t n) {
  return _mm512_cvtepi32_ps(_mm512_cvtepu8_epi32(_mm_maskz_loadu_epi8(v_tail(n), p)));
}
