// What a thread's arithmetic makes of subnormal numbers, those nearer to zero than 2⁻¹²⁶.
#pragma once

typedef enum VBKFloatMode {
  VBK_FLOAT_GRADUAL = 0,  // subnormal numbers are numbers, as IEEE 754 has it
  VBK_FLOAT_FLUSHED = 1,  // subnormal operands and results are zeros
} VBKFloatMode;

/// The calling thread's mode; flushed where operands and results are.
VBKFloatMode vbk_float_mode(void);

/// Sets the calling thread's mode. Processors that can't flush stay gradual.
void vbk_set_float_mode(VBKFloatMode mode);
