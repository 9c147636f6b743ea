// The signature that all variants share, and the sizes of their blocks.
#pragma once
#include "../include/VBKProduct.h"

#define VBK_PRODUCT_ARGUMENTS                                                      \
  const VBKProductShape *shape, const float *a, const float *b, const float *bias, \
      const float *addend, float *scratch, float *c

enum {
  PRODUCT_DEPTH = 256,
  PRODUCT_COLUMNS = 768,
  PRODUCT_TILES = 4,
  // A block of B: PRODUCT_DEPTH × PRODUCT_COLUMNS floats, packed, in the second-level cache.
  // A block of A: PRODUCT_TILES tiles of so many rows; a tile is in the first-level cache.
  PRODUCT_MAXIMUM_ROWS = 14,
  // A row of a packed tile: an odd number of cache lines, so that rows don't fall on each other.
  PRODUCT_ROW = PRODUCT_DEPTH + 16,
  PRODUCT_TILE = PRODUCT_ROW * PRODUCT_MAXIMUM_ROWS + 16,
};

void vbk_product_f32__scalar(VBK_PRODUCT_ARGUMENTS);
void vbk_product_f32__avx2(VBK_PRODUCT_ARGUMENTS);
void vbk_product_f32__avx512(VBK_PRODUCT_ARGUMENTS);
