// Products of integers, which wrap: rows of c as sums of rows of b.
#include "matmul.h"

typedef struct {
  const Product *product;
  int64_t rows_per_task;
} IntegerRows;

// Unsigned arithmetic wraps; the bits are those of the signed types.
#define INTEGER_ROWS(NAME, T)                                                               \
  static void NAME(void *context, int64_t index) {                                          \
    const IntegerRows *rows = context;                                                      \
    const Product *product = rows->product;                                                 \
    int64_t first = index * rows->rows_per_task;                                            \
    int64_t end = k_min(first + rows->rows_per_task, product->m);                           \
    for (int64_t i = first; i < end; i++) {                                                 \
      T *restrict c = (T *)product->c + i * product->c_row;                                 \
      if (!product->accumulate) {                                                           \
        for (int64_t j = 0; j < product->n; j++) c[j] = 0;                                  \
      }                                                                                     \
      for (int64_t p = 0; p < product->k; p++) {                                            \
        T a = ((const T *)product->a)[i * product->a_row + p * product->a_column];          \
        const T *b = (const T *)product->b + p * product->b_row;                            \
        if (product->b_column == 1) {                                                       \
          for (int64_t j = 0; j < product->n; j++) c[j] = (T)(c[j] + a * b[j]);             \
        } else {                                                                            \
          for (int64_t j = 0; j < product->n; j++) {                                        \
            c[j] = (T)(c[j] + a * b[j * product->b_column]);                                \
          }                                                                                 \
        }                                                                                   \
      }                                                                                     \
    }                                                                                       \
  }

INTEGER_ROWS(rows_of_32_bits, uint32_t)
INTEGER_ROWS(rows_of_64_bits, uint64_t)
INTEGER_ROWS(rows_of_8_bits, uint8_t)

void k_matmul_integer(KType type, const Product *product) {
  int64_t work_per_row = k_max(1, product->n * product->k);
  IntegerRows rows = {product, k_divide_up(K_PARALLEL_WORK, work_per_row)};
  int64_t tasks = k_divide_up(product->m, rows.rows_per_task);
  switch (type) {
    case KTypeInt32: k_run_tasks_if(product->is_parallel, tasks, rows_of_32_bits, &rows); break;
    case KTypeInt64: k_run_tasks_if(product->is_parallel, tasks, rows_of_64_bits, &rows); break;
    case KTypeUInt8: k_run_tasks_if(product->is_parallel, tasks, rows_of_8_bits, &rows); break;
    default: break;
  }
}
