// Scaled dot-product attention in blocks, forward and backward: softmax(query keyᵀ scale + mask)
// value, without the matrix of scores (T. Dao et al., "FlashAttention", arXiv:2205.14135). A block
// of QUERIES meets the keys KEYS at a time; sums and outputs so far are rescaled when a larger score
// comes. Blocks of scores lie transposed, [keys, queries]: what belongs to one query is then one
// lane of vectors, and all operands of products are read where they lie. The backward pass computes
// the scores again. Sizes of blocks, and so the order of additions, do not depend on threads.
#include <string.h>

#include "coefficients.h"
#include "copy.h"
#include "vectors.h"

#define QUERIES 32
#define KEYS 128
#define MAX_FEATURES K_ATTENTION_FEATURES

K_INLINE int64_t k_maximum_of(int64_t a, int64_t b) { return a > b ? a : b; }

#define K_TEMPLATE "attention_types.inc"
#include "for_each_isa.h"

void k_attention(const KAttention *attention) {
  KType type = attention->type;
  int64_t blocks = (attention->queries + QUERIES - 1) / QUERIES;
  int64_t items = attention->batch * attention->heads * blocks;
  int64_t work = attention->keys * QUERIES * (attention->features + attention->value_features);
  k_range_task task =
      type == KTypeFloat32 ? K_PICK(attention_blocks_f32) : K_PICK(attention_blocks_f64);
  k_run_ranges(items, k_grain(work / 8), task, (void *)attention);
}

void k_attention_gradient(const KAttention *attention) {
  KType type = attention->type;
  int64_t heads = attention->batch * attention->heads;
  int64_t work = attention->queries * attention->keys *
                 (attention->features + attention->value_features);
  k_range_task task = type == KTypeFloat32 ? K_PICK(attention_gradient_heads_f32)
                                           : K_PICK(attention_gradient_heads_f64);
  k_run_ranges(heads, k_grain(work / 4), task, (void *)attention);
}
