// What a thread's arithmetic makes of subnormal numbers, those nearer to zero than 2⁻¹²⁶.
#pragma once

/// Bits of a processor's floating-point control word; 0 where subnormal numbers are numbers, as
/// IEEE 754 has it.
typedef unsigned long VBKFloatMode;

/// The mode in which subnormal operands and results are zeros; 0 on processors that can't.
VBKFloatMode vbk_flushing_float_mode(void);

/// The calling thread's mode.
VBKFloatMode vbk_float_mode(void);

/// Sets the calling thread's mode, one of those that the two other functions return, or 0.
void vbk_set_float_mode(VBKFloatMode mode);
