// From a row of TIFF samples, as libtiff hands them over, to the samples of a VBCLayout.
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "CCodecs.h"

/// What the tags say of one sample.
typedef struct TIFFSamples {
  VBCLayout layout;
  uint16_t bits;          // 1, 2, 4, 8 or 16
  uint16_t per_pixel;     // in one row of the file: 1 where planes are separate
  int is_inverted;        // 0 is white
  int is_cmyk;            // four inks, 8 or 16 bits
  int has_premultiplied;  // an associated alpha follows the colours
} TIFFSamples;

/// Unpacks `width` pixels. `row` starts at a byte's boundary, 16-bit samples are in the machine's
/// byte order. Of a file with separate planes, `plane` says which one this is.
void vbc_tiff_unpack(const TIFFSamples *samples, const uint8_t *row, size_t width, uint16_t plane,
                     int is_separate, uint8_t *target);
