// The signature that all variants share.
#pragma once
#include "VBKEmbedding.h"

#define VBK_EMBEDDING_ARGUMENTS \
  size_t rows, size_t columns, const int32_t *indices, const float *table, int accumulate, float *y

void vbk_embedding_f32__scalar(VBK_EMBEDDING_ARGUMENTS);
void vbk_embedding_f32__avx2(VBK_EMBEDDING_ARGUMENTS);
void vbk_embedding_f32__avx512(VBK_EMBEDDING_ARGUMENTS);
