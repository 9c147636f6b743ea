// The signatures that all variants share, and which windows an input lies in.
#pragma once
#include "../pooling/window.h"
#include "VBKPoolingGradient.h"

#define VBK_MAX_POOL_CELLS_ARGUMENTS                                                   \
  const VBKPoolShape *shape, size_t firstRow, size_t endRow, const float *x, float *y, \
      uint8_t *cells
#define VBK_MAX_POOL_GRADIENT_ARGUMENTS                                       \
  const VBKPoolShape *shape, size_t firstRow, size_t endRow, const float *dy, \
      const uint8_t *cells, int adds, float *dx
#define VBK_AVERAGE_POOL_GRADIENT_ARGUMENTS \
  const VBKPoolShape *shape, size_t firstRow, size_t endRow, const float *dy, int adds, float *dx

void vbk_max_pool_cells_f32__scalar(VBK_MAX_POOL_CELLS_ARGUMENTS);
void vbk_max_pool_cells_f32__avx2(VBK_MAX_POOL_CELLS_ARGUMENTS);
void vbk_max_pool_cells_f32__avx512(VBK_MAX_POOL_CELLS_ARGUMENTS);
void vbk_max_pool_gradient_f32__scalar(VBK_MAX_POOL_GRADIENT_ARGUMENTS);
void vbk_max_pool_gradient_f32__avx2(VBK_MAX_POOL_GRADIENT_ARGUMENTS);
void vbk_max_pool_gradient_f32__avx512(VBK_MAX_POOL_GRADIENT_ARGUMENTS);
void vbk_average_pool_gradient_f32__scalar(VBK_AVERAGE_POOL_GRADIENT_ARGUMENTS);
void vbk_average_pool_gradient_f32__avx2(VBK_AVERAGE_POOL_GRADIENT_ARGUMENTS);
void vbk_average_pool_gradient_f32__avx512(VBK_AVERAGE_POOL_GRADIENT_ARGUMENTS);

// The outputs first ..< end along one side whose windows hold input `index`.
typedef struct Outputs {
  size_t first, end;
} Outputs;

static inline Outputs outputs_of(size_t index, const VBKPoolShape *shape, size_t limit) {
  size_t place = index + shape->padding;
  size_t first = place + 1 > shape->window ? (place - shape->window) / shape->stride + 1 : 0;
  size_t end = place / shape->stride + 1;
  Outputs outputs = {first, end < limit ? end : limit};
  return outputs;
}

// How far input `index` lies behind the start of output `output`'s window.
static inline size_t offset_in(size_t index, size_t output, const VBKPoolShape *shape) {
  return index + shape->padding - output * shape->stride;
}

// 1 / the number of cells inside the image.
static inline float share_of(size_t row, size_t column, const VBKPoolShape *shape) {
  Window window = window_at(row, column, shape);
  return 1.0f /
         (float)((window.endRow - window.firstRow) * (window.endColumn - window.firstColumn));
}
