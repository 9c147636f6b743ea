// The signatures that all variants share.
#pragma once
#include "VBKPooling.h"

#define VBK_POOL_ARGUMENTS \
  const VBKPoolShape *shape, size_t firstRow, size_t endRow, const float *x, float *y

void vbk_average_pool_f32__scalar(VBK_POOL_ARGUMENTS);
void vbk_max_pool_f32__scalar(VBK_POOL_ARGUMENTS);
void vbk_average_pool_f32__avx2(VBK_POOL_ARGUMENTS);
void vbk_max_pool_f32__avx2(VBK_POOL_ARGUMENTS);
void vbk_average_pool_f32__avx512(VBK_POOL_ARGUMENTS);
void vbk_max_pool_f32__avx512(VBK_POOL_ARGUMENTS);
