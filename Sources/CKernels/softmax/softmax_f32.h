// The signature that all variants share.
#pragma once
#include "VBKSoftmax.h"

#define VBK_SOFTMAX_ARGUMENTS size_t rows, size_t columns, float factor, const float *x, float *y

void vbk_softmax_f32__scalar(VBK_SOFTMAX_ARGUMENTS);
void vbk_softmax_f32__avx2(VBK_SOFTMAX_ARGUMENTS);
void vbk_softmax_f32__avx512(VBK_SOFTMAX_ARGUMENTS);
