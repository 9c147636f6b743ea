// The signatures that all variants share.
#pragma once
#include "VBKArithmetic.h"

#define VBK_DECLARE_ARITHMETIC(isa)                                                           \
  size_t vbk_first_non_finite_f32__##isa(size_t count, const float *x);                       \
  double vbk_sum_f32__##isa(size_t count, const float *x);                                    \
  void vbk_scaled_f32__##isa(size_t count, float factor, const float *x, int adds, float *y); \
  void vbk_multiply_row_f32__##isa(size_t rows, size_t columns, const float *x,               \
                                   const float *factors, int adds, float *y)

VBK_DECLARE_ARITHMETIC(scalar);
VBK_DECLARE_ARITHMETIC(avx2);
VBK_DECLARE_ARITHMETIC(avx512);
