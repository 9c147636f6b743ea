// Products of two matrices.
#pragma once
#include "VBKVariants.h"

/// Sizes and strides of C = A·B, in elements; of each of A's and B's two strides one is 1.
typedef struct VBKProductShape {
  size_t rows, columns, depth;
  size_t aRowStride, aDepthStride;
  size_t bDepthStride, bColumnStride;
  size_t addendRowStride, cRowStride;
} VBKProductShape;

/// How many floats of scratch memory one call of any variant needs, whatever the sizes.
size_t vbk_product_f32_scratch(void);

/// C = A·B + bias + addend with A [rows, depth], B [depth, columns], C [rows, columns]; `bias` (one
/// float per column) and `addend` (as C) may be null. `addend` may be `c` itself, with its stride;
/// nothing else may overlap. An element's sum runs over the depth in an order that depends on the
/// depth alone: a matrix cut into blocks of rows or columns gives the same bits.
typedef void (*VBKProductF32)(const VBKProductShape *shape, const float *a, const float *b,
                              const float *bias, const float *addend, float *scratch, float *c);
VBK_DECLARE_VARIANT_TYPE(VBKProductF32Variant, VBKProductF32);
VBK_DECLARE_VARIANTS(vbk_product_f32, VBKProductF32Variant);
