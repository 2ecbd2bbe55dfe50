// Pools: the first maximum and the mean of windows, and what their gradients need. Rows of windows
// are computed in vectors where they follow each other at one distance, and one by one elsewhere:
// at the edges, where windows are cut off, and in adaptive pools. Either way an element's bits are
// the same.
#include <string.h>

#include "epilogue.h"
#include "split.h"

/// Windows of a row whose positions or quotients are kept at a time.
#define ROW 256
/// From so many windows on vectors pay.
#define SHORTEST_RUN 3

typedef struct {
  KPool pool;
  void *out;
  const void *x, *v;
  double empty;
  /// A program on each plane of the gradient; NULL for none.
  const KProgram *then;
  /// Elements of x and of the output in one of `outer`.
  int64_t plane, places;
  /// Windows [first, end) of a row have `taps` elements each and begin `stride` apart.
  int64_t first, end, taps, stride;
} Pooling;

/// Whether the windows of a run have two columns, side by side, and lie side by side.
static bool is_paired(const Pooling *all) {
  return all->stride == 2 && all->taps == 2 && all->pool.step[2] == 1;
}

#define K_TEMPLATE "pooling.inc"
#include "for_each_isa.h"

static int64_t product(const int64_t *sizes) { return sizes[0] * sizes[1] * sizes[2]; }

/// The longest windows of a row that lie at one distance.
static void find_run(Pooling *all) {
  const KPool *pool = &all->pool;
  const int64_t *starts = pool->starts[2];
  const int64_t *counts = pool->counts[2];
  // Positions in a plane are numbers of 32 bits.
  if (all->plane > INT32_MAX) return;
  for (int64_t k = 0; k < pool->places[2]; k++) {
    if (counts[k] > all->taps) {
      all->taps = counts[k];
      all->first = k;
    }
  }
  if (all->taps == 0) return;
  all->stride = 1;
  int64_t k = all->first + 1;
  if (k < pool->places[2]) all->stride = starts[k] - starts[k - 1];
  while (k < pool->places[2] && counts[k] == all->taps &&
         starts[k] - starts[k - 1] == all->stride) {
    k++;
  }
  all->end = k;
  // A vector would be mostly empty.
  if (all->end - all->first < SHORTEST_RUN) all->first = all->end = 0;
}

static Pooling pooling_of(const KPool *pool, void *out, const void *x, const void *v) {
  Pooling all = {
    .pool = *pool, .out = out, .x = x, .v = v,
    .plane = product(pool->size), .places = product(pool->places),
  };
  find_run(&all);
  return all;
}

/// Elements of one window, roughly.
static int64_t window_size(const KPool *pool) {
  int64_t size = 1;
  for (int axis = 0; axis < 3; axis++) {
    int64_t most = 0;
    for (int64_t i = 0; i < pool->places[axis]; i++) {
      if (pool->counts[axis][i] > most) most = pool->counts[axis][i];
    }
    size *= most;
  }
  return size;
}

/// Rows of windows in parallel.
static void run_rows(const Pooling *all, KType type, k_range_task float32, k_range_task float64) {
  const KPool *pool = &all->pool;
  if (pool->places[2] == 0) return;
  k_run_ranges(pool->outer * pool->places[0] * pool->places[1],
               k_grain(pool->places[2] * window_size(pool)),
               type == KTypeFloat32 ? float32 : float64, (void *)all);
}

/// Whole planes in parallel: within one, windows may overlap.
static void run_planes(const Pooling *all, KType type, k_range_task float32,
                       k_range_task float64) {
  k_run_ranges(all->pool.outer, k_grain(all->plane + all->places * window_size(&all->pool)),
               type == KTypeFloat32 ? float32 : float64, (void *)all);
}

void k_pool_maximum(KType type, const KPool *pool, void *out, const void *x, const void *v,
                    double empty) {
  Pooling all = pooling_of(pool, out, x, v);
  all.empty = empty;
  run_rows(&all, type, K_PICK(pool_maxima_f32), K_PICK(pool_maxima_f64));
}

void k_pool_maximum_gradient(KType type, const KPool *pool, void *out, const void *x,
                             const void *g, const KProgram *then) {
  Pooling all = pooling_of(pool, out, x, g);
  all.then = then;
  run_planes(&all, type, K_PICK(pool_maxima_gradient_f32), K_PICK(pool_maxima_gradient_f64));
}

void k_pool_mean(KType type, const KPool *pool, void *out, const void *x) {
  Pooling all = pooling_of(pool, out, x, NULL);
  run_rows(&all, type, K_PICK(pool_means_f32), K_PICK(pool_means_f64));
}

void k_pool_mean_gradient(KType type, const KPool *pool, void *out, const void *g) {
  Pooling all = pooling_of(pool, out, NULL, g);
  run_planes(&all, type, K_PICK(pool_means_gradient_f32), K_PICK(pool_means_gradient_f64));
}
