// The signature that all variants share.
#pragma once
#include "VBKLayerNorm.h"

#define VBK_LAYER_NORM_ARGUMENTS                                                       \
  size_t rows, size_t columns, const float *x, const float *scale, const float *shift, \
      float epsilon, float *y

void vbk_layer_norm_f32__scalar(VBK_LAYER_NORM_ARGUMENTS);
void vbk_layer_norm_f32__avx2(VBK_LAYER_NORM_ARGUMENTS);
void vbk_layer_norm_f32__avx512(VBK_LAYER_NORM_ARGUMENTS);
