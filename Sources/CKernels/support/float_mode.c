#include "VBKFloatMode.h"

#if defined(__x86_64__)
#include <xmmintrin.h>
typedef unsigned Control;

// Bits of MXCSR: flush to zero, denormals are zeros.
static const Control flushes = 0x8040;

static Control control(void) { return _mm_getcsr(); }

static void set_control(Control bits) { _mm_setcsr(bits); }

#elif defined(__aarch64__)
#include <stdint.h>
typedef uint64_t Control;

// Bit of FPCR: flush to zero, operands and results.
static const Control flushes = 1 << 24;

static Control control(void) {
  Control bits;
  __asm__ volatile("mrs %0, fpcr" : "=r"(bits));
  return bits;
}

static void set_control(Control bits) { __asm__ volatile("msr fpcr, %0" : : "r"(bits)); }

#else
typedef unsigned Control;

static const Control flushes = 0;

static Control control(void) { return 0; }

static void set_control(Control bits) { (void)bits; }
#endif

VBKFloatMode vbk_flushing_float_mode(void) { return flushes; }

VBKFloatMode vbk_float_mode(void) { return control() & flushes; }

void vbk_set_float_mode(VBKFloatMode mode) {
  set_control((control() & ~flushes) | ((Control)mode & flushes));
}
