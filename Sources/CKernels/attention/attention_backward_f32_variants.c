#include "attention_backward_f32.h"

static size_t padded(size_t n) { return (n + 15) / 16 * 16; }

size_t vbk_attention_backward_f32_scratch(const VBKAttentionShape *shape) {
  size_t rows = attention_rows(shape->queries);
  size_t keys = padded(shape->keys), width = padded(shape->headWidth);
  size_t fast = 2 * keys * shape->headWidth + 3 * shape->keys * width + 3 * rows * width +
                2 * rows * attention_score_stride(shape->keys);
  size_t reference = 2 * shape->queries;
  return fast > reference ? fast : reference;
}

VBK_DEFINE_VARIANTS(vbk_attention_backward_f32, VBKAttentionBackwardF32Variant);
