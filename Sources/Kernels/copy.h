// Copies of matrices with strides on the reading side.
#ifndef COPY_H
#define COPY_H
#include "split.h"

/// out[r * out_row + c] = x[r * x_row + c * x_column] for r < rows and c < columns, on one thread.
/// Fast where x_row is 1 (a transpose) or x_column is 1 (rows). Steps are in items of 1, 4 or 8
/// bytes.
void k_copy_matrix(size_t item_size, void *out, int64_t out_row, const void *x, int64_t x_row,
                   int64_t x_column, int64_t rows, int64_t columns);

// Copied as integers, whatever they are.
typedef uint8_t __attribute__((may_alias)) Item1;
typedef uint32_t __attribute__((may_alias)) Item4;
typedef uint64_t __attribute__((may_alias)) Item8;

#define COPY_RUN(Item)                                                         \
  Item *to = out;                                                              \
  const Item *from = x;                                                        \
  for (int64_t i = 0; i < count; i++) to[i * out_stride] = from[i * x_stride]

/// out[i * out_stride] = x[i * x_stride].
K_INLINE void k_copy_run(size_t item_size, void *out, int64_t out_stride, const void *x,
                         int64_t x_stride, int64_t count) {
  if (item_size == 4) {
    COPY_RUN(Item4);
  } else if (item_size == 8) {
    COPY_RUN(Item8);
  } else {
    COPY_RUN(Item1);
  }
}
#undef COPY_RUN

// Vectors do not pay for the checks before them in rows of a few items.
#define COPY_SHORT_ROWS(Item)                                                     \
  Item *to = out;                                                                 \
  const Item *from = x;                                                           \
  for (int64_t r = 0; r < rows; r++) {                                            \
    _Pragma("clang loop vectorize(disable) unroll(disable)")                      \
    for (int64_t c = 0; c < columns; c++) to[c] = from[c * x_column];             \
    to += columns;                                                                \
    from += x_row;                                                                \
  }

/// out[r * columns + c] = x[r * x_row + c * x_column].
K_INLINE void k_copy_short_rows(size_t item_size, void *out, const void *x, int64_t x_row,
                                int64_t x_column, int64_t rows, int64_t columns) {
  if (item_size == 4) {
    COPY_SHORT_ROWS(Item4)
  } else if (item_size == 8) {
    COPY_SHORT_ROWS(Item8)
  } else {
    COPY_SHORT_ROWS(Item1)
  }
}
#undef COPY_SHORT_ROWS

#endif
