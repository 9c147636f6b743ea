#include "embedding_f32.h"

void vbk_embedding_f32__scalar(VBK_EMBEDDING_ARGUMENTS) {
  for (size_t row = 0; row < rows; row++)
    for (size_t i = 0; i < columns; i++) {
      float value = table[(size_t)indices[row] * columns + i];
      y[row * columns + i] = accumulate ? y[row * columns + i] + value : value;
    }
}
