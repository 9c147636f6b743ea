// The reference: one block of the generator per element.
#include "dropout_f32.h"

static uint32_t philox_word(uint64_t counter, uint64_t key, size_t word) {
  uint32_t state[4] = {(uint32_t)counter, (uint32_t)(counter >> 32), 0, 0};
  uint32_t low = (uint32_t)key, high = (uint32_t)(key >> 32);
  for (int round = 0; round < PHILOX_ROUNDS; round++) {
    uint64_t first = (uint64_t)PHILOX_MULTIPLIER_0 * state[0];
    uint64_t second = (uint64_t)PHILOX_MULTIPLIER_1 * state[2];
    uint32_t next[4] = {(uint32_t)(second >> 32) ^ state[1] ^ low, (uint32_t)second,
                        (uint32_t)(first >> 32) ^ state[3] ^ high, (uint32_t)first};
    for (int i = 0; i < 4; i++) state[i] = next[i];
    low += PHILOX_WEYL_0;
    high += PHILOX_WEYL_1;
  }
  return state[word];
}

void vbk_dropout_f32__scalar(VBK_DROPOUT_ARGUMENTS) {
  for (size_t i = 0; i < count; i++) {
    uint64_t element = first + i, place = element % 64;
    uint32_t draw = philox_word(element / 64 * 16 + place % 16, key, place / 16);
    y[i] = draw >= threshold ? x[i] * factor : 0;
  }
}
