// Functions from here to target_end.h may use AVX2 and FMA.
// Include <immintrin.h> first. The includer must only be run where vbk_machine_has(VBK_ISA_AVX2).
#pragma clang attribute push(__attribute__((target("avx2,fma,f16c"))), apply_to = function)
