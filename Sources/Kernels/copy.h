// Copies of matrices with strides on the reading side.
#ifndef COPY_H
#define COPY_H
#include "split.h"

/// out[r * out_row + c] = x[r * x_row + c * x_column] for r < rows and c < columns, on one thread. Fast
/// where x_row is 1 (a transpose) or x_column is 1 (rows). Steps are in items of 1, 4 or 8 bytes.
void k_copy_matrix(size_t item_size, void *out, int64_t out_row, const void *x, int64_t x_row,
                   int64_t x_column, int64_t rows, int64_t columns);

/// out[i * out_stride] = x[i * x_stride].
K_INLINE void k_copy_run(size_t item_size, void *out, int64_t out_stride, const void *x,
                         int64_t x_stride, int64_t count) {
  if (item_size == 4) {
    uint32_t *to = out;
    const uint32_t *from = x;
    for (int64_t i = 0; i < count; i++) to[i * out_stride] = from[i * x_stride];
  } else if (item_size == 8) {
    uint64_t *to = out;
    const uint64_t *from = x;
    for (int64_t i = 0; i < count; i++) to[i * out_stride] = from[i * x_stride];
  } else {
    uint8_t *to = out;
    const uint8_t *from = x;
    for (int64_t i = 0; i < count; i++) to[i * out_stride] = from[i * x_stride];
  }
}

#endif
