// How a kernel's variants are listed: a table, best first, the scalar reference last.
#pragma once
#include <stddef.h>

#include "VBKInstructionSet.h"

// A Swift 6 constant may hold a C function only if its type says that it may be called anywhere.
#define VBK_SENDABLE __attribute__((swift_attr("@Sendable")))

/// Declares `VBK<Type>Variant` and the table of one kernel's variants. `function` is the kernel's
/// signature as a function pointer type.
#define VBK_DECLARE_VARIANT_TYPE(Type, function_type) \
  typedef struct Type {                               \
    const char *name;                                 \
    VBKInstructionSet needs;                          \
    VBK_SENDABLE function_type run;                   \
  } Type

/// The table that `NAME_variants(&count)` returns lives as long as the process.
#define VBK_DECLARE_VARIANTS(name, Type) const Type *name##_variants(size_t *count)

/// Defines the table of a kernel with a scalar, an AVX2 and an AVX-512 variant.
#define VBK_DEFINE_VARIANTS(name, Type)                     \
  const Type *name##_variants(size_t *count) {              \
    static const Type table[] = {                           \
        {#name "__avx512", VBK_ISA_AVX512, name##__avx512}, \
        {#name "__avx2", VBK_ISA_AVX2, name##__avx2},       \
        {#name "__scalar", VBK_ISA_SCALAR, name##__scalar}, \
    };                                                      \
    *count = sizeof table / sizeof *table;                  \
    return table;                                           \
  }                                                         \
  typedef int name##_table_is_complete
