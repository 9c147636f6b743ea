// The references: double arithmetic, rounded where memory is float; read like the formulas.
#include <math.h>

#include "optimizer_f32.h"

void vbk_sgd_f32__scalar(const VBKSGDStep *step, size_t count, float *w, const float *g) {
  for (size_t i = 0; i < count; i++) {
    double gradient = (double)step->gradientScale * g[i] + (double)step->decay * w[i];
    w[i] = (float)(w[i] - step->rate * gradient);
  }
}

void vbk_sgd_momentum_f32__scalar(const VBKSGDStep *step, size_t count, float *w, const float *g,
                                  float *b) {
  for (size_t i = 0; i < count; i++) {
    double gradient = (double)step->gradientScale * g[i] + (double)step->decay * w[i];
    double buffer = (double)step->momentum * b[i] + gradient;
    b[i] = (float)buffer;
    w[i] =
        (float)(w[i] - step->rate * (step->gradientShare * gradient + step->bufferShare * buffer));
  }
}

// New moments of one element.
static void moments(const VBKAdamStep *step, float g, float *m, float *v) {
  double gradient = (double)step->gradientScale * g;
  *m = (float)(*m + step->firstShare * (gradient - *m));
  *v = (float)((double)step->beta2 * *v + step->secondShare * gradient * gradient);
}

static double direction(const VBKAdamStep *step, float m, float v) {
  return (double)step->firstCorrection * m / (step->secondRoot * sqrt(v) + step->epsilon);
}

void vbk_adamw_f32__scalar(const VBKAdamStep *step, size_t count, float *w, const float *g,
                           float *m, float *v) {
  for (size_t i = 0; i < count; i++) {
    moments(step, g[i], m + i, v + i);
    w[i] = (float)((double)step->decay * w[i] - direction(step, m[i], v[i]));
  }
}

static double lamb_update(const VBKAdamStep *step, float w, float m, float v) {
  return direction(step, m, v) + (double)step->decay * w;
}

void vbk_lamb_moments_f32__scalar(const VBKAdamStep *step, size_t count, const float *w,
                                  const float *g, float *m, float *v, double squares[2]) {
  for (size_t i = 0; i < count; i++) {
    moments(step, g[i], m + i, v + i);
    double update = lamb_update(step, w[i], m[i], v[i]);
    squares[0] += (double)w[i] * w[i];
    squares[1] += update * update;
  }
}

void vbk_lamb_apply_f32__scalar(const VBKAdamStep *step, float rate, size_t count, float *w,
                                const float *m, const float *v) {
  for (size_t i = 0; i < count; i++)
    w[i] = (float)(w[i] - rate * lamb_update(step, w[i], m[i], v[i]));
}

void vbk_moving_average_f32__scalar(size_t count, float decay, float share, const float *w,
                                    float *average) {
  for (size_t i = 0; i < count; i++)
    average[i] = (float)((double)decay * average[i] + (double)share * w[i]);
}

double vbk_sum_of_squares_f32__scalar(size_t count, const float *x) {
  double sum = 0;
  for (size_t i = 0; i < count; i++) sum += (double)x[i] * x[i];
  return sum;
}

void vbk_scale_in_place_f32__scalar(size_t count, float factor, float *x) {
  for (size_t i = 0; i < count; i++) x[i] *= factor;
}

void vbk_triad_f32__scalar(size_t count, float factor, const float *b, const float *c, float *a) {
  for (size_t i = 0; i < count; i++) a[i] = (float)(b[i] + (double)factor * c[i]);
}
