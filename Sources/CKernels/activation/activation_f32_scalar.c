// The references: double arithmetic, read like the formulas.
#include <math.h>

#include "activation_f32.h"

#define VBK_SCALAR(name, expression)                            \
  void name##__scalar(size_t count, const float *x, float *y) { \
    for (size_t i = 0; i < count; i++) {                        \
      double a = x[i];                                          \
      y[i] = (float)(expression);                               \
    }                                                           \
  }

VBK_SCALAR(vbk_gelu_f32, 0.5 * a * (1 + erf(a * 0.70710678118654752)))
VBK_SCALAR(vbk_quick_gelu_f32, a / (1 + exp(-1.702 * a)))
VBK_SCALAR(vbk_relu_f32, a < 0 ? 0 : a)
