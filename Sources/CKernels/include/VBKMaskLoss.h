// Masks against logits: what cross-entropy and the soft Dice sum up, and the gradient of both.
#pragma once
#include <stdint.h>

#include "VBKVariants.h"

/// How far each class's truth and probability count in a gradient; one float per class.
typedef struct VBKMaskSlopes {
  const float *weights;  // of the cross-entropy, as in the sums; NULL for ones
  const float *overlap;  // a of the Dice's slope a·t + b
  const float *share;    // b
  float factor;          // what the cross-entropy's gradient is multiplied with
} VBKMaskSlopes;

/// Sums over `pixels` of `classes` (1…255) logits. The target 255 is ignored: it enters no sum and
/// has no gradient, whatever its logits are.
///
/// Sigmoid: p = σ(x), a target t in {0, 1} per logit, the cross-entropy −w_k·t·log p − (1 −
/// t)·log(1 − p) weighing 1 each. Softmax: p = softmax(x), a class y per pixel, t_k = [k = y], the
/// cross-entropy −w_y·log p_y weighing w_y. `weights` (w) may be NULL for ones.
///
/// `sums` receives 2 + 3·classes numbers: Σ of the cross-entropy and of its weights, then for each
/// class Σ p·t, Σ p and Σ t.
typedef void (*VBKMaskSumsF32)(size_t pixels, size_t classes, const float *x,
                               const uint8_t *targets, const float *weights, double *sums);
VBK_DECLARE_VARIANT_TYPE(VBKMaskSumsF32Variant, VBKMaskSumsF32);
VBK_DECLARE_VARIANTS(vbk_mask_sums_sigmoid_f32, VBKMaskSumsF32Variant);
VBK_DECLARE_VARIANTS(vbk_mask_sums_softmax_f32, VBKMaskSumsF32Variant);

/// dx = the gradient of factor · Σ cross-entropy + D with dD/dp = a_k·t + b_k, plus dx where
/// `adds`.
typedef void (*VBKMaskGradientF32)(size_t pixels, size_t classes, const float *x,
                                   const uint8_t *targets, const VBKMaskSlopes *slopes, int adds,
                                   float *dx);
VBK_DECLARE_VARIANT_TYPE(VBKMaskGradientF32Variant, VBKMaskGradientF32);
VBK_DECLARE_VARIANTS(vbk_mask_gradient_sigmoid_f32, VBKMaskGradientF32Variant);
VBK_DECLARE_VARIANTS(vbk_mask_gradient_softmax_f32, VBKMaskGradientF32Variant);
