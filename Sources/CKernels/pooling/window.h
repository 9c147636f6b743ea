// The part of a pooling window that lies inside the image.
#pragma once
#include "VBKPooling.h"

typedef struct Window {
  size_t firstRow, endRow, firstColumn, endColumn;
} Window;

static inline size_t window_first(size_t index, const VBKPoolShape *shape) {
  size_t start = index * shape->stride;
  return start > shape->padding ? start - shape->padding : 0;
}

static inline size_t window_end(size_t index, const VBKPoolShape *shape, size_t limit) {
  size_t end = index * shape->stride + shape->window;
  end = end > shape->padding ? end - shape->padding : 0;
  return end < limit ? end : limit;
}

static inline Window window_at(size_t row, size_t column, const VBKPoolShape *shape) {
  Window inside = {window_first(row, shape), window_end(row, shape, shape->height),
                   window_first(column, shape), window_end(column, shape, shape->width)};
  return inside;
}
