// The references: they scatter as the definitions say; double where sums are formed.
#include <math.h>

#include "pooling_gradient_f32.h"

void vbk_max_pool_cells_f32__scalar(VBK_MAX_POOL_CELLS_ARGUMENTS) {
  for (size_t row = firstRow; row < endRow; row++)
    for (size_t column = 0; column < shape->outputWidth; column++)
      for (size_t c = 0; c < shape->channels; c++) {
        Window window = window_at(row, column, shape);
        size_t output = (row * shape->outputWidth + column) * shape->channels + c;
        int isFirst = 1;
        for (size_t i = window.firstRow; i < window.endRow; i++)
          for (size_t j = window.firstColumn; j < window.endColumn; j++) {
            float value = x[(i * shape->width + j) * shape->channels + c];
            if (isFirst || value > y[output] || isnan(value)) {
              y[output] = value;
              cells[output] =
                  (uint8_t)(offset_in(i, row, shape) * shape->window + offset_in(j, column, shape));
            }
            isFirst = 0;
          }
      }
}

// What input (i, j, c) takes of all windows, with `cells` of those that chose it.
static double gradient_at(const VBKPoolShape *shape, size_t i, size_t j, size_t c, const float *dy,
                          const uint8_t *cells) {
  double sum = 0;
  for (size_t row = 0; row < shape->outputHeight; row++)
    for (size_t column = 0; column < shape->outputWidth; column++) {
      Window window = window_at(row, column, shape);
      size_t output = (row * shape->outputWidth + column) * shape->channels + c;
      size_t area = (window.endRow - window.firstRow) * (window.endColumn - window.firstColumn);
      if (i < window.firstRow || i >= window.endRow || j < window.firstColumn ||
          j >= window.endColumn)
        continue;
      size_t number = offset_in(i, row, shape) * shape->window + offset_in(j, column, shape);
      if (!cells)
        sum += (double)dy[output] / (double)area;
      else if (cells[output] == number)
        sum += dy[output];
    }
  return sum;
}

static void all_gradients(const VBKPoolShape *shape, size_t firstRow, size_t endRow,
                          const float *dy, const uint8_t *cells, int adds, float *dx) {
  for (size_t i = firstRow; i < endRow; i++)
    for (size_t j = 0; j < shape->width; j++)
      for (size_t c = 0; c < shape->channels; c++) {
        float *out = dx + (i * shape->width + j) * shape->channels + c;
        *out = (float)((adds ? *out : 0) + gradient_at(shape, i, j, c, dy, cells));
      }
}

void vbk_max_pool_gradient_f32__scalar(VBK_MAX_POOL_GRADIENT_ARGUMENTS) {
  all_gradients(shape, firstRow, endRow, dy, cells, adds, dx);
}

void vbk_average_pool_gradient_f32__scalar(VBK_AVERAGE_POOL_GRADIENT_ARGUMENTS) {
  all_gradients(shape, firstRow, endRow, dy, 0, adds, dx);
}
