// The kernels' C interface: one header per operation. A kernel allocates nothing, keeps no pointer,
// and takes sizes and strides in elements.
#pragma once
#include "VBKInstructionSet.h"
