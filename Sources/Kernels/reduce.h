// The reduction of one contiguous row, for kernels that reduce as a part of what they do.
#ifndef REDUCE_H
#define REDUCE_H
#include "isa.h"

/// The same bits as k_reduce with outer = inner = 1, on the calling thread. n > 0.
void k_reduce_row(KReduce op, KType type, void *out, const void *x, int64_t n);

#endif
