// The signature that all variants share.
#pragma once
#include "attention_f32.h"

#define VBK_ATTENTION_BACKWARD_ARGUMENTS                                                        \
  const VBKAttentionShape *shape, float factor, const float *q, const float *k, const float *v, \
      const float *output, const float *logSums, const float *dOutput, float *scratch,          \
      const VBKAttentionGradients *gradients

void vbk_attention_backward_f32__scalar(VBK_ATTENTION_BACKWARD_ARGUMENTS);
void vbk_attention_backward_f32__avx2(VBK_ATTENTION_BACKWARD_ARGUMENTS);
void vbk_attention_backward_f32__avx512(VBK_ATTENTION_BACKWARD_ARGUMENTS);
