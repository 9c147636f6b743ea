// The references: double accumulators, read like the definitions.
#include <math.h>

#include "pooling_f32.h"
#include "window.h"

#define VBK_SCALAR_POOL(name, start, combine, finish)                                     \
  void name##__scalar(VBK_POOL_ARGUMENTS) {                                               \
    for (size_t row = firstRow; row < endRow; row++)                                      \
      for (size_t column = 0; column < shape->outputWidth; column++)                      \
        for (size_t c = 0; c < shape->channels; c++) {                                    \
          Window window = window_at(row, column, shape);                                  \
          double a = start, cells = 0;                                                    \
          for (size_t i = window.firstRow; i < window.endRow; i++)                        \
            for (size_t j = window.firstColumn; j < window.endColumn; j++, cells++)       \
              a = combine(a, (double)x[(i * shape->width + j) * shape->channels + c]);    \
          y[(row * shape->outputWidth + column) * shape->channels + c] = (float)(finish); \
        }                                                                                 \
  }

#define SUM(a, b) ((a) + (b))
#define LARGER_OR_NAN(a, b) ((a) > (b) || isnan(a) ? (a) : (b))
VBK_SCALAR_POOL(vbk_average_pool_f32, 0, SUM, a / cells)
VBK_SCALAR_POOL(vbk_max_pool_f32, -INFINITY, LARGER_OR_NAN, a + 0 * cells)
