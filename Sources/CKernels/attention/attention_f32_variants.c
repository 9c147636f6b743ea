#include "attention_f32.h"

static size_t padded(size_t n) { return (n + 15) / 16 * 16; }

size_t vbk_attention_f32_scratch(const VBKAttentionShape *shape) {
  return padded(shape->keys) * shape->headWidth + shape->keys * padded(shape->headWidth) +
         ATTENTION_ROWS * (padded(shape->keys) + padded(shape->headWidth));
}

VBK_DEFINE_VARIANTS(vbk_attention_f32, VBKAttentionF32Variant);
