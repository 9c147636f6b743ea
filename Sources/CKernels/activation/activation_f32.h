// The signatures that all variants share.
#pragma once
#include "VBKActivation.h"

void vbk_gelu_f32__scalar(size_t count, const float *x, float *y);
void vbk_gelu_f32__avx2(size_t count, const float *x, float *y);
void vbk_gelu_f32__avx512(size_t count, const float *x, float *y);
void vbk_quick_gelu_f32__scalar(size_t count, const float *x, float *y);
void vbk_quick_gelu_f32__avx2(size_t count, const float *x, float *y);
void vbk_quick_gelu_f32__avx512(size_t count, const float *x, float *y);
void vbk_relu_f32__scalar(size_t count, const float *x, float *y);
void vbk_relu_f32__avx2(size_t count, const float *x, float *y);
void vbk_relu_f32__avx512(size_t count, const float *x, float *y);
