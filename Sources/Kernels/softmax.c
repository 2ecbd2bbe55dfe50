// Softmax and its relatives, row by row in tiles that stay in the L1 cache: maximum, subtraction,
// exponential, sum, each by the kernel that does nothing else. Subtracting the maximum keeps the
// exponential below 1, and the sum at 1 or above. The order of a row's sum depends on n alone.
#include <math.h>

#include "coefficients.h"
#include "elementwise.h"
#include "split.h"
#include "vectors.h"

#define TILE 2048
#define LARGEST_ITEM 8
/// An element's cost relative to an addition's.
#define COST 8

typedef struct Rows {
  KType type;
  int64_t size;
  char *out;
  const char *x;
  int64_t n;
  /// Rows of a tile, 1 if a row is longer than a tile.
  int64_t rows;
  bool logarithm;
} Rows;

static Rows rows_of(KType type, void *out, const void *x, int64_t n, bool logarithm) {
  int64_t rows = n < TILE ? TILE / n : 1;
  return (Rows){type, (int64_t)k_element_size(type), out, x, n, rows, logarithm};
}

/// out[r, i] = op(x[r, i], values[r]).
static void apply_to_rows(const Rows *context, KBinary op, char *out, const char *x,
                          const char *values, int64_t rows) {
  k_binary_loop loop = k_binary_loop_for(op, context->type, 1, 0);
  int64_t row_bytes = context->n * context->size;
  for (int64_t r = 0; r < rows; r++) {
    loop(out + r * row_bytes, x + r * row_bytes, values + r * context->size, context->n);
  }
}

static void softmax_rows(void *context, int64_t start, int64_t end) {
  const Rows *all = context;
  KType type = all->type;
  k_unary_loop exponential = k_unary_loop_for(KUnaryExp, type);
  k_unary_loop logarithm = k_unary_loop_for(KUnaryLog, type);
  _Alignas(64) char values[TILE * LARGEST_ITEM];
  size_t bytes = (size_t)(all->rows * all->n * all->size);
  char *powers = all->logarithm ? k_allocate(bytes) : NULL;
  for (int64_t row = start; row < end; row += all->rows) {
    int64_t rows = k_minimum_of(all->rows, end - row);
    int64_t count = rows * all->n;
    const char *x = all->x + row * all->n * all->size;
    char *out = all->out + row * all->n * all->size;
    k_reduce(KReduceMaximum, type, values, x, rows, all->n, 1);
    apply_to_rows(all, KBinarySubtract, out, x, values, rows);
    if (all->logarithm) {
      exponential(powers, out, count);
      k_reduce(KReduceSum, type, values, powers, rows, all->n, 1);
      logarithm(values, values, rows);
      apply_to_rows(all, KBinarySubtract, out, out, values, rows);
    } else {
      exponential(out, out, count);
      k_reduce(KReduceSum, type, values, out, rows, all->n, 1);
      apply_to_rows(all, KBinaryDivide, out, out, values, rows);
    }
  }
  if (powers) k_free(powers, bytes);
}

/// Infinite values become 0: x - x would be NaN for them, and exp(x) alone is 0 or infinity, as it
/// should.
static void clear_infinities(KType type, char *values, int64_t count) {
  for (int64_t i = 0; i < count; i++) {
    if (type == KTypeFloat32) {
      float *value = (float *)values + i;
      if (isinf(*value)) *value = 0;
    } else {
      double *value = (double *)values + i;
      if (isinf(*value)) *value = 0;
    }
  }
}

static void log_sum_exp_rows(void *context, int64_t start, int64_t end) {
  const Rows *all = context;
  KType type = all->type;
  k_unary_loop exponential = k_unary_loop_for(KUnaryExp, type);
  k_unary_loop logarithm = k_unary_loop_for(KUnaryLog, type);
  k_binary_loop add = k_binary_loop_for(KBinaryAdd, type, 1, 1);
  _Alignas(64) char shifts[TILE * LARGEST_ITEM];
  size_t bytes = (size_t)(all->rows * all->n * all->size);
  char *powers = k_allocate(bytes);
  for (int64_t row = start; row < end; row += all->rows) {
    int64_t rows = k_minimum_of(all->rows, end - row);
    const char *x = all->x + row * all->n * all->size;
    char *out = all->out + row * all->size;
    k_reduce(KReduceMaximum, type, shifts, x, rows, all->n, 1);
    clear_infinities(type, shifts, rows);
    apply_to_rows(all, KBinarySubtract, powers, x, shifts, rows);
    exponential(powers, powers, rows * all->n);
    k_reduce(KReduceSum, type, out, powers, rows, all->n, 1);
    logarithm(out, out, rows);
    add(out, out, shifts, rows);
  }
  k_free(powers, bytes);
}

void k_softmax(KType type, void *out, const void *x, int64_t rows, int64_t n, bool logarithm) {
  if (rows == 0 || n == 0) return;
  Rows context = rows_of(type, out, x, n, logarithm);
  k_run_ranges(rows, k_grain(n * COST), softmax_rows, &context);
}

void k_log_sum_exp(KType type, void *out, const void *x, int64_t rows, int64_t n) {
  if (rows == 0) return;
  if (n == 0) {
    // The sum of no exponentials is 0.
    double minus_infinity = -INFINITY;
    float minus_infinity_32 = -INFINITY;
    k_fill(type, out, type == KTypeFloat32 ? (void *)&minus_infinity_32 : &minus_infinity, rows);
    return;
  }
  Rows context = rows_of(type, out, x, n, true);
  k_run_ranges(rows, k_grain(n * COST), log_sum_exp_rows, &context);
}

// MARK: Derivatives, and the cross-entropy

typedef struct Gradient {
  void *out;
  const void *y;
  const void *g;
  int64_t n;
} Gradient;

typedef struct CrossEntropy {
  void *out;
  const void *x;
  const int64_t *indices;
  const void *g;
  int64_t n;
} CrossEntropy;

#define K_TEMPLATE "softmax_types.inc"
#include "for_each_isa.h"

/// The variant of a task for the type and the instruction set.
#define PICK_TASK(name) (type == KTypeFloat32 ? K_PICK(name##_f32) : K_PICK(name##_f64))

void k_softmax_gradient(KType type, void *out, const void *y, const void *g, int64_t rows,
                        int64_t n, bool logarithm) {
  if (n == 0) return;
  Gradient context = {out, y, g, n};
  if (logarithm) {
    k_run_ranges(rows, k_grain(n * COST), PICK_TASK(log_softmax_gradient_rows), &context);
  } else {
    k_run_ranges(rows, k_grain(n), PICK_TASK(softmax_gradient_rows), &context);
  }
}

void k_cross_entropy(KType type, void *out, const void *x, const int64_t *indices, int64_t rows,
                     int64_t n) {
  CrossEntropy context = {.out = out, .x = x, .indices = indices, .n = n};
  k_run_ranges(rows, k_grain(n * COST), PICK_TASK(cross_entropy_rows), &context);
}

void k_cross_entropy_gradient(KType type, void *out, const void *x, const int64_t *indices,
                              const void *g, int64_t rows, int64_t n) {
  CrossEntropy context = {.out = out, .x = x, .indices = indices, .g = g, .n = n};
  k_run_ranges(rows, k_grain(n * COST), PICK_TASK(cross_entropy_gradient_rows), &context);
}
