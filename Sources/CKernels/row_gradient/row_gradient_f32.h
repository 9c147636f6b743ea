// The signatures that all variants share.
#pragma once
#include "VBKRowGradient.h"

#define VBK_SOFTMAX_GRADIENT_ARGUMENTS \
  size_t rows, size_t columns, float factor, const float *y, const float *dy, int adds, float *dx
#define VBK_NORMALIZE_GRADIENT_ARGUMENTS \
  size_t rows, size_t columns, const float *x, const float *dy, int adds, float *dx

void vbk_softmax_gradient_f32__scalar(VBK_SOFTMAX_GRADIENT_ARGUMENTS);
void vbk_softmax_gradient_f32__avx2(VBK_SOFTMAX_GRADIENT_ARGUMENTS);
void vbk_softmax_gradient_f32__avx512(VBK_SOFTMAX_GRADIENT_ARGUMENTS);
void vbk_normalize_gradient_f32__scalar(VBK_NORMALIZE_GRADIENT_ARGUMENTS);
void vbk_normalize_gradient_f32__avx2(VBK_NORMALIZE_GRADIENT_ARGUMENTS);
void vbk_normalize_gradient_f32__avx512(VBK_NORMALIZE_GRADIENT_ARGUMENTS);
