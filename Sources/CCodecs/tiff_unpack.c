// Pillow's unpackers for TIFF: 16-bit colours keep their high byte, 16-bit grey stays as it is.
#include "tiff_unpack.h"

#include "messages.h"

/// The sample at `index` of a row, its high byte where it has 16 bits.
static inline uint8_t byte_at(const TIFFSamples *samples, const uint8_t *row, size_t index) {
  return samples->bits == 16 ? row[2 * index + 1] : row[index];
}

/// Samples of 8 bits or less: grey scaled to 0...255, or palette indices.
static void unpack_single(const TIFFSamples *samples, const uint8_t *row, size_t width,
                          uint8_t *target) {
  unsigned bits = samples->bits, mask = (1u << bits) - 1;
  unsigned scale = samples->layout == VBC_INDEXED ? 1 : 255 / mask;
  for (size_t x = 0; x < width; ++x) {
    size_t position = x * samples->per_pixel * bits;
    unsigned value = (row[position / 8] >> (8 - bits - position % 8)) & mask;
    if (samples->is_inverted) value = mask - value;
    target[x] = (uint8_t)(value * scale);
  }
}

static void unpack_grey16(const TIFFSamples *samples, const uint8_t *row, size_t width,
                          uint8_t *target) {
  for (size_t x = 0; x < width; ++x) memcpy(target + 2 * x, row + 2 * x * samples->per_pixel, 2);
}

/// Pillow's division of a premultiplied colour by its alpha.
static inline uint8_t divided(unsigned color, unsigned alpha) {
  if (alpha == 0) return 0;
  unsigned value = color * 255 / alpha;
  return (uint8_t)(value > 255 ? 255 : value);
}

static void unpack_rgb(const TIFFSamples *samples, const uint8_t *row, size_t width,
                       uint8_t *target) {
  for (size_t x = 0; x < width; ++x, target += 3) {
    size_t first = x * samples->per_pixel;
    for (size_t channel = 0; channel < 3; ++channel) {
      target[channel] = byte_at(samples, row, first + channel);
      if (samples->has_premultiplied)
        target[channel] = divided(target[channel], byte_at(samples, row, first + 3));
    }
  }
}

static void unpack_cmyk(const TIFFSamples *samples, const uint8_t *row, size_t width,
                        uint8_t *target) {
  for (size_t x = 0; x < width; ++x, target += 3) {
    uint8_t cmyk[4];
    for (size_t ink = 0; ink < 4; ++ink)
      cmyk[ink] = byte_at(samples, row, x * samples->per_pixel + ink);
    vbc_cmyk_to_rgb(cmyk, target);
  }
}

void vbc_tiff_unpack(const TIFFSamples *samples, const uint8_t *row, size_t width, uint16_t plane,
                     int is_separate, uint8_t *target) {
  if (samples->layout == VBC_GREY16)
    unpack_grey16(samples, row, width, target);
  else if (samples->layout != VBC_RGB)
    unpack_single(samples, row, width, target);
  else if (is_separate)
    for (size_t x = 0; x < width; ++x) target[3 * x + plane] = byte_at(samples, row, x);
  else if (samples->is_cmyk)
    unpack_cmyk(samples, row, width, target);
  else
    unpack_rgb(samples, row, width, target);
}
