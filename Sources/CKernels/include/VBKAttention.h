// Scaled dot-product attention of one head.
#pragma once
#include "VBKVariants.h"

/// One head of one sequence; strides are the distances between rows, in elements.
typedef struct VBKAttentionShape {
  size_t queries, keys, headWidth;
  size_t queryStride, keyStride, valueStride, outputStride;
} VBKAttentionShape;

/// How many floats of scratch memory one call of any variant needs.
size_t vbk_attention_f32_scratch(const VBKAttentionShape *shape);

/// output = softmax(factor · Q·Kᵀ)·V (Vaswani et al. 2017, eq. 1) with Q [queries, headWidth],
/// K and V [keys, headWidth]. Scratch memory grows linearly with the keys. `output` may be `q`
/// where their strides agree; nothing else may overlap.
typedef void (*VBKAttentionF32)(const VBKAttentionShape *shape, float factor, const float *q,
                                const float *k, const float *v, float *scratch, float *output);
VBK_DECLARE_VARIANT_TYPE(VBKAttentionF32Variant, VBKAttentionF32);
VBK_DECLARE_VARIANTS(vbk_attention_f32, VBKAttentionF32Variant);
