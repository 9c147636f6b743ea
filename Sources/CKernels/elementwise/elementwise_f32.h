// The signatures that all variants share.
#pragma once
#include "VBKElementwise.h"

void vbk_add_f32__scalar(size_t count, const float *a, const float *b, float *y);
void vbk_add_row_f32__scalar(size_t rows, size_t columns, const float *x, const float *bias,
                             float *y);
void vbk_normalize_f32__scalar(size_t rows, size_t columns, const float *x, float *y);
void vbk_add_f32__avx2(size_t count, const float *a, const float *b, float *y);
void vbk_add_row_f32__avx2(size_t rows, size_t columns, const float *x, const float *bias,
                           float *y);
void vbk_normalize_f32__avx2(size_t rows, size_t columns, const float *x, float *y);
void vbk_add_f32__avx512(size_t count, const float *a, const float *b, float *y);
void vbk_add_row_f32__avx512(size_t rows, size_t columns, const float *x, const float *bias,
                             float *y);
void vbk_normalize_f32__avx512(size_t rows, size_t columns, const float *x, float *y);
