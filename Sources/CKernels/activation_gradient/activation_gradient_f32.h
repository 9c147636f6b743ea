// The signatures that all variants share.
#pragma once
#include "VBKActivationGradient.h"

#define VBK_UNARY_GRADIENT_ARGUMENTS \
  size_t count, const float *x, const float *dy, int adds, float *dx
#define VBK_DECLARE_ACTIVATION_GRADIENTS(isa)                            \
  void vbk_gelu_gradient_f32__##isa(VBK_UNARY_GRADIENT_ARGUMENTS);       \
  void vbk_quick_gelu_gradient_f32__##isa(VBK_UNARY_GRADIENT_ARGUMENTS); \
  void vbk_relu_gradient_f32__##isa(VBK_UNARY_GRADIENT_ARGUMENTS);       \
  void vbk_sigmoid_gradient_f32__##isa(VBK_UNARY_GRADIENT_ARGUMENTS);    \
  void vbk_sigmoid_f32__##isa(size_t count, const float *x, float *y)

VBK_DECLARE_ACTIVATION_GRADIENTS(scalar);
VBK_DECLARE_ACTIVATION_GRADIENTS(avx2);
VBK_DECLARE_ACTIVATION_GRADIENTS(avx512);
