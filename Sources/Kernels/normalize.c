// Layer norm and RMS norm, forward and backward, row by row while the row lies in the L1 cache. The
// statistics are computed again in the backward pass: that costs less than reading them would save.
#include <string.h>

#include "split.h"
#include "vectors.h"

/// Sums over rows, for the gradients of weight and bias, are formed within chunks of so many rows,
/// and the chunks are summed by k_reduce: the order depends on the number of rows alone.
#define ROWS_PER_CHUNK 32
/// An element's cost relative to an addition's.
#define COST 4

typedef struct Norm {
  void *out;
  const void *x;
  const void *weight;
  const void *bias;
  const void *g;
  int64_t rows;
  int64_t n;
  double epsilon;
  bool centers;
  /// How many sums over rows there are: for weight, bias, both or none.
  int64_t sums;
  /// [chunks, sums, n].
  void *partial_sums;
} Norm;

#define K_TEMPLATE "normalize_types.inc"
#include "for_each_isa.h"

void k_layer_norm(KType type, void *out, const void *x, const void *weight, const void *bias,
                  int64_t rows, int64_t n, double epsilon, bool centers) {
  if (n == 0) return;
  Norm norm = {.out = out, .x = x, .weight = weight, .bias = bias, .rows = rows, .n = n,
               .epsilon = epsilon, .centers = centers};
  k_range_task task = type == KTypeFloat32 ? K_PICK(norm_rows_f32) : K_PICK(norm_rows_f64);
  k_run_ranges(rows, k_grain(n * COST), task, &norm);
}

static int64_t chunks_of(int64_t rows) { return (rows + ROWS_PER_CHUNK - 1) / ROWS_PER_CHUNK; }

int64_t k_layer_norm_gradient_size(int64_t rows, int64_t n, int64_t sums) {
  return (rows + sums + chunks_of(rows) * sums) * n;
}

void k_layer_norm_gradient(KType type, void *out, const void *x, const void *weight, const void *g,
                           int64_t rows, int64_t n, int64_t sums, double epsilon, bool centers) {
  if (n == 0) return;
  char *totals = (char *)out + (size_t)(rows * n) * k_element_size(type);
  char *partial_sums = totals + (size_t)(sums * n) * k_element_size(type);
  Norm norm = {.out = out, .x = x, .weight = weight, .g = g, .rows = rows, .n = n,
               .epsilon = epsilon, .centers = centers, .sums = sums, .partial_sums = partial_sums};
  k_range_task task = type == KTypeFloat32 ? K_PICK(norm_gradient_chunks_f32)
                                           : K_PICK(norm_gradient_chunks_f64);
  int64_t chunks = chunks_of(rows);
  k_run_ranges(chunks, k_grain(ROWS_PER_CHUNK * n * COST), task, &norm);
  if (sums > 0) k_reduce(KReduceSum, type, totals, partial_sums, 1, chunks, sums * n);
}
