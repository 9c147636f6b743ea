// The signatures that all variants share.
#pragma once
#include "VBKOptimizer.h"

#define VBK_DECLARE_OPTIMIZER(isa)                                                                 \
  void vbk_sgd_f32__##isa(const VBKSGDStep *step, size_t count, float *w, const float *g);         \
  void vbk_sgd_momentum_f32__##isa(const VBKSGDStep *step, size_t count, float *w, const float *g, \
                                   float *b);                                                      \
  void vbk_adamw_f32__##isa(const VBKAdamStep *step, size_t count, float *w, const float *g,       \
                            float *m, float *v);                                                   \
  void vbk_lamb_moments_f32__##isa(const VBKAdamStep *step, size_t count, const float *w,          \
                                   const float *g, float *m, float *v, double squares[2]);         \
  void vbk_lamb_apply_f32__##isa(const VBKAdamStep *step, float rate, size_t count, float *w,      \
                                 const float *m, const float *v);                                  \
  void vbk_moving_average_f32__##isa(size_t count, float decay, float share, const float *w,       \
                                     float *average);                                              \
  double vbk_sum_of_squares_f32__##isa(size_t count, const float *x);                              \
  void vbk_scale_in_place_f32__##isa(size_t count, float factor, float *x);                        \
  void vbk_triad_f32__##isa(size_t count, float factor, const float *b, const float *c, float *a)

VBK_DECLARE_OPTIMIZER(scalar);
VBK_DECLARE_OPTIMIZER(avx2);
VBK_DECLARE_OPTIMIZER(avx512);
