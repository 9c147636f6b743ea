// One pass over the input rows, which come from the first- or second-level cache when rows arrive a
// few at a time. A 32-bit weight times a byte is done as two 16-bit multiply-adds (the high and the
// low 15 bits), 16 products each, where vpmulld would give 8 at half the rate. The sums of the low
// halves may wrap around; shifted and added modulo 2^32 the total is right.
#include <immintrin.h>
#include <string.h>

#include "resize_u8.h"
// The region's attribute applies to all that follows, helpers included.
#include "../support/target_avx2.h"

enum { ROW_GROUP = 4, TAPS = 4, LOADED = 16 };  // bytes loaded for 4 RGB pixels: 12, and 4 more

/// Widens 4 RGB pixels to 16-bit pairs R0R1 G0G1 B0B1 0 | R2R3 G2G3 B2B3 0.
static inline __m256i spread(const uint8_t *pixels) {
  const __m256i places =
      _mm256_setr_epi8(0, -1, 3, -1, 1, -1, 4, -1, 2, -1, 5, -1, -1, -1, -1, -1, 6, -1, 9, -1, 7,
                       -1, 10, -1, 8, -1, 11, -1, -1, -1, -1, -1);
  __m128i bytes = _mm_loadu_si128((const __m128i *)pixels);
  return _mm256_shuffle_epi8(_mm256_broadcastsi128_si256(bytes), places);
}

/// The weights of 4 taps as pairs: w0w1 four times, w2w3 four times.
static inline __m256i paired(const int16_t *weights) {
  const __m256i places = _mm256_setr_epi32(0, 0, 0, 0, 1, 1, 1, 1);
  __m128i four = _mm_loadl_epi64((const __m128i *)weights);
  return _mm256_permutevar8x32_epi32(_mm256_castsi128_si256(four), places);
}

/// Rounds 4 sums and packs them to bytes in the low 32 bits.
static inline __m128i round4(__m128i sums) {
  sums = _mm_add_epi32(sums, _mm_set1_epi32(1 << (VBK_RESIZE_FRACTION_BITS - 1)));
  sums = _mm_srai_epi32(sums, VBK_RESIZE_FRACTION_BITS);
  sums = _mm_packs_epi32(sums, sums);
  return _mm_packus_epi16(sums, sums);
}

static inline void store_pixel(uint8_t *target, __m256i high, __m256i low) {
  __m256i both = _mm256_add_epi32(_mm256_slli_epi32(high, VBK_RESIZE_LOW_BITS), low);
  __m128i sums = _mm_add_epi32(_mm256_castsi256_si128(both), _mm256_extracti128_si256(both, 1));
  uint32_t pixel = (uint32_t)_mm_cvtsi128_si32(round4(sums));
  memcpy(target, &pixel, 3);
}

/// `count` ≤ ROW_GROUP rows; a constant in each of its two uses, so that the loops unroll.
static inline __attribute__((always_inline)) void resize_row_group(
    const VBKResizeAxis *axis, size_t count, size_t width, const uint8_t *input,
    size_t input_stride, uint8_t *output, size_t output_stride) {
  for (size_t x = 0; x < axis->outputs; x++) {
    size_t start = (size_t)axis->starts[x], taps = (size_t)axis->counts[x];
    const int16_t *high = axis->high + x * axis->tap_stride;
    const int16_t *low = axis->low + x * axis->tap_stride;
    __m256i high_sums[ROW_GROUP], low_sums[ROW_GROUP];
    for (size_t row = 0; row < count; row++)
      high_sums[row] = low_sums[row] = _mm256_setzero_si256();
    for (size_t tap = 0; tap < taps; tap += TAPS) {
      __m256i high_pairs = paired(high + tap), low_pairs = paired(low + tap);
      size_t first = 3 * (start + tap), left = 3 * width - first;
      for (size_t row = 0; row < count; row++) {
        const uint8_t *in = input + row * input_stride + first;
        uint8_t last[LOADED] = {0};
        if (left < LOADED) memcpy(last, in, left), in = last;
        __m256i pixels = spread(in);
        high_sums[row] = _mm256_add_epi32(high_sums[row], _mm256_madd_epi16(pixels, high_pairs));
        low_sums[row] = _mm256_add_epi32(low_sums[row], _mm256_madd_epi16(pixels, low_pairs));
      }
    }
    for (size_t row = 0; row < count; row++)
      store_pixel(output + row * output_stride + 3 * x, high_sums[row], low_sums[row]);
  }
}

void vbk_resize_rows_rgb8__avx2(VBK_RESIZE_ROWS_ARGUMENTS) {
  size_t row = 0;
  for (; row + ROW_GROUP <= rows; row += ROW_GROUP)
    resize_row_group(axis, ROW_GROUP, width, input + row * input_stride, input_stride,
                     output + row * output_stride, output_stride);
  for (; row < rows; row++)
    resize_row_group(axis, 1, width, input + row * input_stride, input_stride,
                     output + row * output_stride, output_stride);
}

/// Two weights below each other, as one 32-bit pair in every lane.
static inline __m256i pair_of(const int16_t *weights) {
  int32_t pair;
  memcpy(&pair, weights, sizeof pair);
  return _mm256_set1_epi32(pair);
}

static inline __m256i combined(__m256i high, __m256i low) {
  __m256i sums = _mm256_add_epi32(_mm256_slli_epi32(high, VBK_RESIZE_LOW_BITS), low);
  sums = _mm256_add_epi32(sums, _mm256_set1_epi32(1 << (VBK_RESIZE_FRACTION_BITS - 1)));
  return _mm256_srai_epi32(sums, VBK_RESIZE_FRACTION_BITS);
}

/// 16 columns. Pairs of rows are interleaved to words, so that one multiply-add takes two taps.
static inline void resize_16_columns(size_t taps, const int16_t *high, const int16_t *low,
                                     const uint8_t *input, size_t stride, uint8_t *output) {
  __m256i high_a = _mm256_setzero_si256(), high_b = high_a, low_a = high_a, low_b = high_a;
  for (size_t tap = 0; tap < taps; tap += 2) {
    const uint8_t *first = input + tap * stride;
    const uint8_t *second = tap + 1 < taps ? first + stride : first;  // its weight is 0 then
    __m256i upper = _mm256_cvtepu8_epi16(_mm_loadu_si128((const __m128i *)first));
    __m256i lower = _mm256_cvtepu8_epi16(_mm_loadu_si128((const __m128i *)second));
    __m256i a = _mm256_unpacklo_epi16(upper, lower), b = _mm256_unpackhi_epi16(upper, lower);
    __m256i high_pair = pair_of(high + tap), low_pair = pair_of(low + tap);
    high_a = _mm256_add_epi32(high_a, _mm256_madd_epi16(a, high_pair));
    high_b = _mm256_add_epi32(high_b, _mm256_madd_epi16(b, high_pair));
    low_a = _mm256_add_epi32(low_a, _mm256_madd_epi16(a, low_pair));
    low_b = _mm256_add_epi32(low_b, _mm256_madd_epi16(b, low_pair));
  }
  __m256i words = _mm256_packs_epi32(combined(high_a, low_a), combined(high_b, low_b));
  __m128i bytes =
      _mm_packus_epi16(_mm256_castsi256_si128(words), _mm256_extracti128_si256(words, 1));
  _mm_storeu_si128((__m128i *)output, bytes);
}

void vbk_resize_columns_u8__avx2(VBK_RESIZE_COLUMNS_ARGUMENTS) {
  if (columns < 16) {
    vbk_resize_columns_u8__scalar(taps, high, low, columns, input, stride, output);
    return;
  }
  for (size_t column = 0; column < columns; column += 16) {
    if (column + 16 > columns) column = columns - 16;  // some columns twice, to the same bytes
    resize_16_columns(taps, high, low, input + column, stride, output + column);
  }
}
#include "../support/target_end.h"
