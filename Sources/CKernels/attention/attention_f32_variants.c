#include "attention_f32.h"

static size_t padded(size_t n) { return (n + 15) / 16 * 16; }

size_t vbk_attention_f32_scratch(const VBKAttentionShape *shape) {
  size_t rows = attention_rows(shape->queries), width = padded(shape->headWidth);
  return padded(shape->keys) * shape->headWidth + shape->keys * width +
         rows * (attention_score_stride(shape->keys) + width);
}

VBK_DEFINE_VARIANTS(vbk_attention_f32, VBKAttentionF32Variant);
