// As the AVX2 variant, with 8 taps and 32 columns at a time. Masked loads end at the row's end, so
// that nothing outside the arguments is read.
#include <immintrin.h>
#include <string.h>

#include "resize_u8.h"
// The region's attribute applies to all that follows, helpers included.
#include "../support/target_avx512.h"

enum { ROW_GROUP = 8, TAPS = 8, PIXEL_BYTES = 24 };  // 8 RGB pixels

/// Widens 8 RGB pixels to 16-bit pairs, two pixels per lane: R0R1 G0G1 B0B1 0 | R2R3 …; bytes
/// outside the mask count as 0.
static inline __m512i spread(__mmask32 mask, const uint8_t *pixels) {
  // A lane's 6 bytes begin at byte 0, 6, 12 and 18: in doublewords 0, 1, 3 and 4.
  const __m512i words = _mm512_setr_epi32(0, 1, 0, 0, 1, 2, 0, 0, 3, 4, 0, 0, 4, 5, 0, 0);
  const __m512i places =
      _mm512_setr_epi32((int)0x80038000, (int)0x80048001, (int)0x80058002, (int)0x80808080,  //
                        (int)0x80058002, (int)0x80068003, (int)0x80078004, (int)0x80808080,  //
                        (int)0x80038000, (int)0x80048001, (int)0x80058002, (int)0x80808080,  //
                        (int)0x80058002, (int)0x80068003, (int)0x80078004, (int)0x80808080);
  __m256i bytes = _mm256_maskz_loadu_epi8(mask, pixels);
  __m512i lanes = _mm512_permutexvar_epi32(words, _mm512_castsi256_si512(bytes));
  return _mm512_shuffle_epi8(lanes, places);
}

/// The weights of 8 taps as pairs, each pair in all four doublewords of its lane.
static inline __m512i paired(const int16_t *weights) {
  const __m512i places = _mm512_setr_epi32(0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3);
  __m128i eight = _mm_loadu_si128((const __m128i *)weights);
  return _mm512_permutexvar_epi32(places, _mm512_castsi128_si512(eight));
}

static inline void store_pixel(uint8_t *target, __m512i high, __m512i low) {
  __m512i both = _mm512_add_epi32(_mm512_slli_epi32(high, VBK_RESIZE_LOW_BITS), low);
  __m256i halves =
      _mm256_add_epi32(_mm512_castsi512_si256(both), _mm512_extracti64x4_epi64(both, 1));
  __m128i sums = _mm_add_epi32(_mm256_castsi256_si128(halves), _mm256_extracti128_si256(halves, 1));
  sums = _mm_add_epi32(sums, _mm_set1_epi32(1 << (VBK_RESIZE_FRACTION_BITS - 1)));
  sums = _mm_srai_epi32(sums, VBK_RESIZE_FRACTION_BITS);
  sums = _mm_packs_epi32(sums, sums);
  uint32_t pixel = (uint32_t)_mm_cvtsi128_si32(_mm_packus_epi16(sums, sums));
  memcpy(target, &pixel, 3);
}

/// `count` ≤ ROW_GROUP rows; a constant in each of its uses, so that the loops unroll.
static inline __attribute__((always_inline)) void resize_row_group(
    const VBKResizeAxis *axis, size_t count, size_t width, const uint8_t *input,
    size_t input_stride, uint8_t *output, size_t output_stride) {
  for (size_t x = 0; x < axis->outputs; x++) {
    size_t start = (size_t)axis->starts[x], taps = (size_t)axis->counts[x];
    const int16_t *high = axis->high + x * axis->tap_stride;
    const int16_t *low = axis->low + x * axis->tap_stride;
    __m512i high_sums[ROW_GROUP], low_sums[ROW_GROUP];
    for (size_t row = 0; row < count; row++)
      high_sums[row] = low_sums[row] = _mm512_setzero_si512();
    for (size_t tap = 0; tap < taps; tap += TAPS) {
      __m512i high_pairs = paired(high + tap), low_pairs = paired(low + tap);
      size_t first = 3 * (start + tap), left = 3 * width - first;
      __mmask32 mask = (__mmask32)((1u << (left < PIXEL_BYTES ? left : PIXEL_BYTES)) - 1);
      for (size_t row = 0; row < count; row++) {
        __m512i pixels = spread(mask, input + row * input_stride + first);
        high_sums[row] = _mm512_add_epi32(high_sums[row], _mm512_madd_epi16(pixels, high_pairs));
        low_sums[row] = _mm512_add_epi32(low_sums[row], _mm512_madd_epi16(pixels, low_pairs));
      }
    }
    for (size_t row = 0; row < count; row++)
      store_pixel(output + row * output_stride + 3 * x, high_sums[row], low_sums[row]);
  }
}

void vbk_resize_rows_rgb8__avx512(VBK_RESIZE_ROWS_ARGUMENTS) {
  size_t row = 0;
  for (; row + ROW_GROUP <= rows; row += ROW_GROUP)
    resize_row_group(axis, ROW_GROUP, width, input + row * input_stride, input_stride,
                     output + row * output_stride, output_stride);
  for (; row < rows; row++)
    resize_row_group(axis, 1, width, input + row * input_stride, input_stride,
                     output + row * output_stride, output_stride);
}

/// Two weights below each other, as one 32-bit pair in every lane.
static inline __m512i pair_of(const int16_t *weights) {
  int32_t pair;
  memcpy(&pair, weights, sizeof pair);
  return _mm512_set1_epi32(pair);
}

static inline __m512i combined(__m512i high, __m512i low) {
  __m512i sums = _mm512_add_epi32(_mm512_slli_epi32(high, VBK_RESIZE_LOW_BITS), low);
  sums = _mm512_add_epi32(sums, _mm512_set1_epi32(1 << (VBK_RESIZE_FRACTION_BITS - 1)));
  return _mm512_srai_epi32(sums, VBK_RESIZE_FRACTION_BITS);
}

void vbk_resize_columns_u8__avx512(VBK_RESIZE_COLUMNS_ARGUMENTS) {
  for (size_t column = 0; column < columns; column += 32) {
    __mmask32 mask = columns - column < 32 ? (1u << (columns - column)) - 1 : 0xFFFFFFFFu;
    __m512i high_a = _mm512_setzero_si512(), high_b = high_a, low_a = high_a, low_b = high_a;
    for (size_t tap = 0; tap < taps; tap += 2) {
      const uint8_t *first = input + tap * stride + column;
      const uint8_t *second = tap + 1 < taps ? first + stride : first;  // its weight is 0 then
      __m512i upper = _mm512_cvtepu8_epi16(_mm256_maskz_loadu_epi8(mask, first));
      __m512i lower = _mm512_cvtepu8_epi16(_mm256_maskz_loadu_epi8(mask, second));
      __m512i a = _mm512_unpacklo_epi16(upper, lower), b = _mm512_unpackhi_epi16(upper, lower);
      __m512i high_pair = pair_of(high + tap), low_pair = pair_of(low + tap);
      high_a = _mm512_add_epi32(high_a, _mm512_madd_epi16(a, high_pair));
      high_b = _mm512_add_epi32(high_b, _mm512_madd_epi16(b, high_pair));
      low_a = _mm512_add_epi32(low_a, _mm512_madd_epi16(a, low_pair));
      low_b = _mm512_add_epi32(low_b, _mm512_madd_epi16(b, low_pair));
    }
    __m512i words = _mm512_packs_epi32(combined(high_a, low_a), combined(high_b, low_b));
    words = _mm512_max_epi16(words, _mm512_setzero_si512());  // the narrowing below is unsigned
    _mm256_mask_storeu_epi8(output + column, mask, _mm512_cvtusepi16_epi8(words));
  }
}
#include "../support/target_end.h"
