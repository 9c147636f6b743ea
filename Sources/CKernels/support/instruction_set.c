#include <stdlib.h>
#include <string.h>

#include "VBKInstructionSet.h"

static VBKInstructionSet machine_tier(void) {
  if (__builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") &&
      __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512vl"))
    return VBK_ISA_AVX512;
  if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma")) return VBK_ISA_AVX2;
  return VBK_ISA_SCALAR;
}

VBKInstructionSet vbk_best_instruction_set(void) {
  VBKInstructionSet best = machine_tier();
  const char *wish = getenv("VBENCH_ISA");
  if (!wish) return best;
  VBKInstructionSet wished = best;
  if (strcmp(wish, "scalar") == 0) wished = VBK_ISA_SCALAR;
  if (strcmp(wish, "avx2") == 0) wished = VBK_ISA_AVX2;
  return wished < best ? wished : best;
}
