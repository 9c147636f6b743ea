// The references: double arithmetic, read like the formulas.
#include <math.h>

#include "activation_gradient_f32.h"

static double gelu_slope(double x) {
  double density = 0.39894228040143268 * exp(-0.5 * x * x);
  return 0.5 * (1 + erf(x * 0.70710678118654752)) + x * density;
}

static double sigmoid(double x) { return 1 / (1 + exp(-x)); }

static double quick_gelu_slope(double x) {
  double s = sigmoid(1.702 * x);
  return s + 1.702 * x * s * (1 - s);
}

#define VBK_SCALAR(name, expression)                        \
  void name##__scalar(VBK_UNARY_GRADIENT_ARGUMENTS) {       \
    for (size_t i = 0; i < count; i++) {                    \
      double a = x[i], g = dy[i];                           \
      dx[i] = (float)((expression) + (adds ? dx[i] : 0.0)); \
    }                                                       \
  }

VBK_SCALAR(vbk_gelu_gradient_f32, g *gelu_slope(a))
VBK_SCALAR(vbk_quick_gelu_gradient_f32, g *quick_gelu_slope(a))
VBK_SCALAR(vbk_relu_gradient_f32, a <= 0 ? 0 : g)
VBK_SCALAR(vbk_sigmoid_gradient_f32, g *a *(1 - a))

void vbk_sigmoid_f32__scalar(size_t count, const float *x, float *y) {
  for (size_t i = 0; i < count; i++) y[i] = (float)sigmoid(x[i]);
}
