// Functions from here to target_end.h may use AVX2 and FMA.
// Include <immintrin.h> first. Only run where vbk_best_instruction_set() says so.
#pragma clang attribute push(__attribute__((target("avx2,fma,f16c"))), apply_to = function)
