// What the parts of the matrix product share.
#ifndef MATMUL_H
#define MATMUL_H
#include "isa.h"

#if defined(__x86_64__)
/// A window of eight words from here, `count` before the middle, selects the first `count` lanes.
static const __attribute__((unused)) int32_t mask_words[16] = {-1, -1, -1, -1, -1, -1, -1, -1,
                                                               0,  0,  0,  0,  0,  0,  0,  0};
#endif

typedef struct Epilogue Epilogue;

/// c[m, n] = a[m, k] b[k, n] (plus c if `accumulate`), then what the epilogue does with it.
typedef struct {
  // In another order than the arguments of k_matmul: or the compiler would fill two fields at a
  // time by vector loads of arguments that the caller has just stored one by one, which stalls (8
  // ns).
  int64_t m, n, k;
  const void *a, *b;
  void *c;
  int64_t a_row, b_row, c_row, a_column, b_column;
  bool accumulate;
  /// Whether it may use several threads.
  bool is_parallel;
  /// Null for none.
  const Epilogue *epilogue;
} Product;

/// Multiply-adds from which a second thread pays: about 4 µs of work, ten times the cost of
/// starting it.
#define K_PARALLEL_WORK ((int64_t)1 << 18)

static inline int64_t k_min(int64_t x, int64_t y) { return x < y ? x : y; }
static inline int64_t k_max(int64_t x, int64_t y) { return x > y ? x : y; }
static inline int64_t k_divide_up(int64_t x, int64_t y) { return (x + y - 1) / y; }

/// Where part `index` begins when `total` is cut into `parts`, each as long as another or one
/// longer.
static inline int64_t k_part_start(int64_t total, int64_t parts, int64_t index) {
  return index == parts ? total : total * index / parts;
}

/// k_run_tasks, or all on this thread.
static inline void k_run_tasks_if(bool is_parallel, int64_t count,
                                  void (*task)(void *context, int64_t index), void *context) {
  if (is_parallel) {
    k_run_tasks(count, task, context);
  } else {
    for (int64_t i = 0; i < count; i++) task(context, i);
  }
}

/// Runs the epilogue on a finished block that lies at `block`, its rows `block_row` elements apart:
/// `rows` and `columns` of the product from row `row` and column `column` on.
void k_run_epilogue(KType type, const Product *product, int64_t row, int64_t rows, int64_t column,
                    int64_t columns, const void *block, int64_t block_row);

/// The same for a block of c.
static inline void k_finish_block(KType type, const Product *product, int64_t row, int64_t rows,
                                  int64_t column, int64_t columns) {
  if (!product->epilogue) return;
  size_t size = type == KTypeFloat32 ? 4 : 8;
  const char *block = (const char *)product->c + (size_t)(row * product->c_row + column) * size;
  k_run_epilogue(type, product, row, rows, column, columns, block, product->c_row);
}

void k_matmul_integer(KType type, const Product *product);

#endif
