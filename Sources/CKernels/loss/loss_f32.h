// The signatures that all variants share.
#pragma once
#include "VBKLoss.h"

#define VBK_CROSS_ENTROPY_CLASSES_ARGUMENTS                                                  \
  size_t rows, size_t columns, const float *x, const VBKClassTargets *targets, float factor, \
      float *dx
#define VBK_CROSS_ENTROPY_TARGETS_ARGUMENTS                                                \
  size_t rows, size_t columns, const float *x, const float *targets, const float *weights, \
      float factor, float *dx
#define VBK_BINARY_CROSS_ENTROPY_ARGUMENTS                                                     \
  size_t count, const float *x, const float *targets, const float *weights, const float *mask, \
      float factor, float *dx

double vbk_cross_entropy_classes_f32__scalar(VBK_CROSS_ENTROPY_CLASSES_ARGUMENTS);
double vbk_cross_entropy_classes_f32__avx2(VBK_CROSS_ENTROPY_CLASSES_ARGUMENTS);
double vbk_cross_entropy_classes_f32__avx512(VBK_CROSS_ENTROPY_CLASSES_ARGUMENTS);
double vbk_cross_entropy_targets_f32__scalar(VBK_CROSS_ENTROPY_TARGETS_ARGUMENTS);
double vbk_cross_entropy_targets_f32__avx2(VBK_CROSS_ENTROPY_TARGETS_ARGUMENTS);
double vbk_cross_entropy_targets_f32__avx512(VBK_CROSS_ENTROPY_TARGETS_ARGUMENTS);
double vbk_binary_cross_entropy_f32__scalar(VBK_BINARY_CROSS_ENTROPY_ARGUMENTS);
double vbk_binary_cross_entropy_f32__avx2(VBK_BINARY_CROSS_ENTROPY_ARGUMENTS);
double vbk_binary_cross_entropy_f32__avx512(VBK_BINARY_CROSS_ENTROPY_ARGUMENTS);
