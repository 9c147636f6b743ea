// Pooling of NHWC feature maps.
#pragma once
#include "VBKVariants.h"

/// The geometry of one image's pooling. Window cells outside the image take part in no maximum and
/// count for no average (an average divides by the cells inside).
typedef struct VBKPoolShape {
  size_t height, width, channels;  // of the input
  size_t outputHeight, outputWidth;
  size_t window, stride, padding;
} VBKPoolShape;

/// y[H', W', C] from x[H, W, C], output rows firstRow ..< endRow only. No aliasing.
typedef void (*VBKPoolF32)(const VBKPoolShape *shape, size_t firstRow, size_t endRow,
                           const float *x, float *y);
VBK_DECLARE_VARIANT_TYPE(VBKPoolF32Variant, VBKPoolF32);
/// The mean of each window.
VBK_DECLARE_VARIANTS(vbk_average_pool_f32, VBKPoolF32Variant);
/// The largest value of each window; NaN where it holds one.
VBK_DECLARE_VARIANTS(vbk_max_pool_f32, VBKPoolF32Variant);
