// The kernels' C interface: one header per operation. A kernel allocates nothing, keeps no pointer,
// and takes sizes and strides in elements.
#pragma once
#include "VBKActivation.h"
#include "VBKArithmetic.h"
#include "VBKAttention.h"
#include "VBKBatchNorm.h"
#include "VBKElementwise.h"
#include "VBKEmbedding.h"
#include "VBKInstructionSet.h"
#include "VBKLayerNorm.h"
#include "VBKLogistic.h"
#include "VBKOptimizer.h"
#include "VBKPooling.h"
#include "VBKResize.h"
#include "VBKSoftmax.h"
#include "VBKVariants.h"
