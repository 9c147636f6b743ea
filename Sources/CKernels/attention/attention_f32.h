// The signature that all variants share.
#pragma once
#include "VBKAttention.h"

#define VBK_ATTENTION_ARGUMENTS                                                                 \
  const VBKAttentionShape *shape, float factor, const float *q, const float *k, const float *v, \
      float *scratch, float *output

// Queries that are worked on together.
enum { ATTENTION_ROWS = 6 };

void vbk_attention_f32__scalar(VBK_ATTENTION_ARGUMENTS);
void vbk_attention_f32__avx2(VBK_ATTENTION_ARGUMENTS);
void vbk_attention_f32__avx512(VBK_ATTENTION_ARGUMENTS);
