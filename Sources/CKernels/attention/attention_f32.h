// The signature that all variants share.
#pragma once
#include "VBKAttention.h"

#define VBK_ATTENTION_ARGUMENTS                                                                 \
  const VBKAttentionShape *shape, float factor, const float *q, const float *k, const float *v, \
      float *scratch, float *output, float *logSums

// Rows that a tile keeps in registers, and queries whose scores are held at once, at most.
enum { TILE_ROWS = 6, ATTENTION_ROWS = 11 * TILE_ROWS };

// How many queries a block has: blocks as equal as they can be, of whole tiles.
static inline size_t attention_rows(size_t queries) {
  size_t blocks = (queries + ATTENTION_ROWS - 1) / ATTENTION_ROWS;
  if (blocks == 0) return 0;
  return ((queries + blocks - 1) / blocks + TILE_ROWS - 1) / TILE_ROWS * TILE_ROWS;
}

// The distance between rows of scores: an odd number of cache lines, so that the rows of one column
// lie in all sets of the first-level cache.
static inline size_t attention_score_stride(size_t keys) { return (keys + 15) / 32 * 32 + 16; }

void vbk_attention_f32__scalar(VBK_ATTENTION_ARGUMENTS);
void vbk_attention_f32__avx2(VBK_ATTENTION_ARGUMENTS);
void vbk_attention_f32__avx512(VBK_ATTENTION_ARGUMENTS);
