// The optimisers' steps, and what clipping and averaging need: one pass over memory each.
#pragma once
#include "VBKVariants.h"

/// One step of stochastic gradient descent: g' = gradientScale·g + decay·w, then
/// without momentum w −= rate·g'; with it b = momentum·b + g' and
/// w −= rate·(gradientShare·g' + bufferShare·b), the shares 0 and 1, or 1 and `momentum` for
/// Nesterov's.
typedef struct VBKSGDStep {
  float gradientScale;
  float decay;  // the weight decay, L2: part of the gradient
  float rate;
  float momentum;
  float gradientShare, bufferShare;
} VBKSGDStep;

/// A step without momentum: w[count] from g[count]. No aliasing.
typedef void (*VBKSGDF32)(const VBKSGDStep *step, size_t count, float *w, const float *g);
VBK_DECLARE_VARIANT_TYPE(VBKSGDF32Variant, VBKSGDF32);
VBK_DECLARE_VARIANTS(vbk_sgd_f32, VBKSGDF32Variant);

/// A step with momentum: w[count] and b[count] from g[count]. No aliasing.
typedef void (*VBKSGDMomentumF32)(const VBKSGDStep *step, size_t count, float *w, const float *g,
                                  float *b);
VBK_DECLARE_VARIANT_TYPE(VBKSGDMomentumF32Variant, VBKSGDMomentumF32);
VBK_DECLARE_VARIANTS(vbk_sgd_momentum_f32, VBKSGDMomentumF32Variant);

/// What Adam's moments and the steps made of them need. With g' = gradientScale·g:
/// m += firstShare·(g' − m), v = beta2·v + secondShare·g'², and the direction is
/// (firstCorrection·m) / (secondRoot·√v + epsilon).
typedef struct VBKAdamStep {
  float gradientScale;
  float firstShare;          // 1 − β₁
  float beta2, secondShare;  // β₂, 1 − β₂
  float firstCorrection;     // 1 / (1 − β₁ᵗ), times the learning rate in AdamW's step
  float secondRoot;          // 1 / √(1 − β₂ᵗ)
  float epsilon;
  float decay;  // AdamW: what w is multiplied with, 1 − rate·λ; LAMB: λ
} VBKAdamStep;

/// AdamW (Loshchilov and Hutter 2019, algorithm 2): w = decay·w − direction. Reads w, g, m, v and
/// writes w, m, v, each [count]. No aliasing.
typedef void (*VBKAdamWF32)(const VBKAdamStep *step, size_t count, float *w, const float *g,
                            float *m, float *v);
VBK_DECLARE_VARIANT_TYPE(VBKAdamWF32Variant, VBKAdamWF32);
VBK_DECLARE_VARIANTS(vbk_adamw_f32, VBKAdamWF32Variant);

/// LAMB's first pass (You et al. 2020, algorithm 2): new moments, and, added to `squares`, Σ w² and
/// Σ u² of the update u = direction + decay·w. No aliasing.
typedef void (*VBKLAMBMomentsF32)(const VBKAdamStep *step, size_t count, const float *w,
                                  const float *g, float *m, float *v, double squares[2]);
VBK_DECLARE_VARIANT_TYPE(VBKLAMBMomentsF32Variant, VBKLAMBMomentsF32);
VBK_DECLARE_VARIANTS(vbk_lamb_moments_f32, VBKLAMBMomentsF32Variant);

/// LAMB's second pass: w −= rate·u with u made of the moments again, the same bits as in the first
/// pass; `rate` is the learning rate times the trust ratio. No aliasing.
typedef void (*VBKLAMBApplyF32)(const VBKAdamStep *step, float rate, size_t count, float *w,
                                const float *m, const float *v);
VBK_DECLARE_VARIANT_TYPE(VBKLAMBApplyF32Variant, VBKLAMBApplyF32);
VBK_DECLARE_VARIANTS(vbk_lamb_apply_f32, VBKLAMBApplyF32Variant);

/// average = decay·average + share·w for `count` floats. No aliasing.
typedef void (*VBKMovingAverageF32)(size_t count, float decay, float share, const float *w,
                                    float *average);
VBK_DECLARE_VARIANT_TYPE(VBKMovingAverageF32Variant, VBKMovingAverageF32);
VBK_DECLARE_VARIANTS(vbk_moving_average_f32, VBKMovingAverageF32Variant);

/// Σ x² of `count` floats, in double: no square of a finite float overflows.
typedef double (*VBKSumOfSquaresF32)(size_t count, const float *x);
VBK_DECLARE_VARIANT_TYPE(VBKSumOfSquaresF32Variant, VBKSumOfSquaresF32);
VBK_DECLARE_VARIANTS(vbk_sum_of_squares_f32, VBKSumOfSquaresF32Variant);

/// x = factor·x for `count` floats.
typedef void (*VBKScaleInPlaceF32)(size_t count, float factor, float *x);
VBK_DECLARE_VARIANT_TYPE(VBKScaleInPlaceF32Variant, VBKScaleInPlaceF32);
VBK_DECLARE_VARIANTS(vbk_scale_in_place_f32, VBKScaleInPlaceF32Variant);

/// a = b + factor·c for `count` floats: the triad of STREAM (McCalpin 1995), by which the steps'
/// speed is measured, with the same stores as theirs. No aliasing.
typedef void (*VBKTriadF32)(size_t count, float factor, const float *b, const float *c, float *a);
VBK_DECLARE_VARIANT_TYPE(VBKTriadF32Variant, VBKTriadF32);
VBK_DECLARE_VARIANTS(vbk_triad_f32, VBKTriadF32Variant);
