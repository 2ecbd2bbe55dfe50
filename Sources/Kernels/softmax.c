// Softmax and its relatives, and their derivatives, row by row while the row lies in the L1 cache.
// Subtracting the maximum keeps the exponential below 1, and the sum at 1 or above. The order of a
// row's sum depends on n alone.
#include "coefficients.h"
#include "split.h"
#include "vectors.h"

/// An element's cost relative to an addition's.
#define COST 8

typedef struct Rows {
  void *out;
  const void *x;
  int64_t n;
} Rows;

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

void k_softmax(KType type, void *out, const void *x, int64_t rows, int64_t n, bool logarithm) {
  if (n == 0) return;
  Rows context = {out, x, n};
  k_range_task task = logarithm ? PICK_TASK(log_softmax_rows) : PICK_TASK(softmax_rows);
  k_run_ranges(rows, k_grain(n * COST), task, &context);
}

void k_log_sum_exp(KType type, void *out, const void *x, int64_t rows, int64_t n) {
  Rows context = {out, x, n};
  k_run_ranges(rows, k_grain(n * COST), PICK_TASK(log_sum_exp_rows), &context);
}

// MARK: Derivatives, and the cross-entropy

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
