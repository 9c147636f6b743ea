// The signature that all variants share.
#pragma once
#include "VBKLayerNormGradient.h"

#define VBK_LAYER_NORM_GRADIENT_ARGUMENTS                                                          \
  size_t rows, size_t columns, const float *x, const float *scale, float epsilon, const float *dy, \
      int adds, float *dx, float *dScale, float *dShift

void vbk_layer_norm_gradient_f32__scalar(VBK_LAYER_NORM_GRADIENT_ARGUMENTS);
void vbk_layer_norm_gradient_f32__avx2(VBK_LAYER_NORM_GRADIENT_ARGUMENTS);
void vbk_layer_norm_gradient_f32__avx512(VBK_LAYER_NORM_GRADIENT_ARGUMENTS);
