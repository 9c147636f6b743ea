// The instruction-set tiers of the kernels' variants, and which of them this machine runs.
#pragma once

typedef enum VBKInstructionSet {
  VBK_ISA_SCALAR = 0,  // always there
  VBK_ISA_AVX2 = 1,    // AVX2, FMA, F16C
  VBK_ISA_AVX512 = 2,  // AVX-512 F, BW, DQ, VL on top of AVX2
} VBKInstructionSet;

/// The best tier that this machine runs; the environment variable VBENCH_ISA (scalar, avx2 or
/// avx512) can only lower it. The same answer in the whole life of a process.
VBKInstructionSet vbk_best_instruction_set(void);
