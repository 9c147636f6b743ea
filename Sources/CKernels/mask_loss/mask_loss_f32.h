// The signatures that all variants share.
#pragma once
#include "VBKMaskLoss.h"

// The target that is ignored, and the most classes there are.
enum { VBK_MASK_IGNORED = 255, VBK_MASK_CLASSES = 255 };

#define VBK_MASK_SUMS_ARGUMENTS                                                                \
  size_t pixels, size_t classes, const float *x, const uint8_t *targets, const float *weights, \
      double *sums
#define VBK_MASK_GRADIENT_ARGUMENTS                                      \
  size_t pixels, size_t classes, const float *x, const uint8_t *targets, \
      const VBKMaskSlopes *slopes, int adds, float *dx

void vbk_mask_sums_sigmoid_f32__scalar(VBK_MASK_SUMS_ARGUMENTS);
void vbk_mask_sums_sigmoid_f32__avx2(VBK_MASK_SUMS_ARGUMENTS);
void vbk_mask_sums_sigmoid_f32__avx512(VBK_MASK_SUMS_ARGUMENTS);
void vbk_mask_sums_softmax_f32__scalar(VBK_MASK_SUMS_ARGUMENTS);
void vbk_mask_sums_softmax_f32__avx2(VBK_MASK_SUMS_ARGUMENTS);
void vbk_mask_sums_softmax_f32__avx512(VBK_MASK_SUMS_ARGUMENTS);
void vbk_mask_gradient_sigmoid_f32__scalar(VBK_MASK_GRADIENT_ARGUMENTS);
void vbk_mask_gradient_sigmoid_f32__avx2(VBK_MASK_GRADIENT_ARGUMENTS);
void vbk_mask_gradient_sigmoid_f32__avx512(VBK_MASK_GRADIENT_ARGUMENTS);
void vbk_mask_gradient_softmax_f32__scalar(VBK_MASK_GRADIENT_ARGUMENTS);
void vbk_mask_gradient_softmax_f32__avx2(VBK_MASK_GRADIENT_ARGUMENTS);
void vbk_mask_gradient_softmax_f32__avx512(VBK_MASK_GRADIENT_ARGUMENTS);
