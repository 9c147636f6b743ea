#include "embedding_f32.h"

VBK_DEFINE_VARIANTS(vbk_embedding_f32, VBKEmbeddingF32Variant);
