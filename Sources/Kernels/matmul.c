// The matrix product: its interface, batches, and the choice of type and instruction set.
//
//   matmul_choose.inc   which path a product takes
//   matmul_direct.inc   a chunk of b fits the L2 cache, or a has few rows: nothing is packed
//   matmul_packed.inc   large matrices: packed, blocked for the caches
//   matmul_skinny.inc   few rows or few columns: bound by memory
//   matmul_tiny.inc     a few dozen elements: nothing is planned
//   matmul_kernel.inc, matmul_pack.inc, matmul_vector.inc   what these are made of
//   matmul_integer.c    integers: plain loops
#include <string.h>

#include "epilogue.h"

// MARK: Sizes, in matrix elements unless they say bytes

/// Steps of k between two visits to c.
#define CHUNK_F32 512
#define CHUNK_F64 256
/// A block of a (BLOCK_ROWS x chunk) fills about half of the L2 cache.
#define BLOCK_ROWS 224
/// With an epilogue, which shall find the tile of c in the L2 cache, too.
#define EPILOGUE_ROWS 112
/// A tile of c is BLOCK_ROWS x TILE_COLUMNS at most: the block of a is fetched once per tile.
#define TILE_COLUMNS 1024
/// What is packed at a time lies in the L3 cache.
#define SLAB_ROWS 4096
#define SLAB_COLUMNS 4096
/// The direct path: up to here a chunk of b fits the L2 cache; with up to this many rows, a copy of
/// b costs more than it brings, or panels are copied one by one.
#define DIRECT_COLUMNS 512
#define DIRECT_FEW_ROWS 128
/// From here on, and if it has many rows, a transposed a is better packed.
#define SCATTERED_COLUMNS 64
/// Steps from which a program takes longer to begin than a few columns of it to run.
#define LONG_PROGRAM 8
/// Rows of a that stay in the L2 cache while all panels of b pass by.
#define DIRECT_ROWS 64
/// If b must be copied anyway, it is only worthwhile to copy it whole if it fits the L2 cache.
#define DIRECT_COPY_BYTES (1 << 20)
/// Below this, looking for a better path costs more than it brings.
#define TINY_BYTES 4096
#define VERY_TINY_BYTES 256
/// Packed copies of up to this size live on the stack.
#define SMALL_PANEL_BYTES 16384

#define K_TEMPLATE "matmul_template.inc"
#include "for_each_isa.h"

// MARK: One product

static size_t size_of(KType type) {
  switch (type) {
    case KTypeFloat32: case KTypeInt32: return 4;
    case KTypeFloat64: case KTypeInt64: return 8;
    case KTypeUInt8: case KTypeBool: return 1;
  }
}

static void clear_rows(KType type, const Product *product) {
  size_t size = size_of(type);
  for (int64_t i = 0; i < product->m; i++) {
    memset((char *)product->c + (size_t)(i * product->c_row) * size, 0, (size_t)product->n * size);
  }
}

static void run_product(KType type, const Product *product) {
  if (product->m <= 0 || product->n <= 0) return;
  if (product->k <= 0) {
    if (!product->accumulate) clear_rows(type, product);
    k_finish_block(type, product, 0, product->m, 0, product->n);
    return;
  }
  if (type == KTypeFloat32) {
    K_PICK(product_f32)(product);
  } else if (type == KTypeFloat64) {
    K_PICK(product_f64)(product);
  } else {
    k_matmul_integer(type, product);
  }
}

void k_matmul(KType type, int64_t m, int64_t n, int64_t k, const void *a, int64_t a_row,
              int64_t a_column, const void *b, int64_t b_row, int64_t b_column, void *c,
              int64_t c_row, bool accumulate) {
  Product product = {
    .m = m, .n = n, .k = k,
    .a = a, .a_row = a_row, .a_column = a_column,
    .b = b, .b_row = b_row, .b_column = b_column,
    .c = c, .c_row = c_row, .accumulate = accumulate,
    .is_parallel = m * n * k >= K_PARALLEL_WORK && k_thread_count() > 1,
  };
  run_product(type, &product);
}

void k_matmul_then(KType type, int64_t m, int64_t n, int64_t k, const void *a, int64_t a_row,
                   int64_t a_column, const void *b, int64_t b_row, int64_t b_column, void *c,
                   KEpilogue what) {
  Epilogue epilogue = {.what = what};
  int64_t work = m * n * (k + k_epilogue_work(&what));
  Product product = {
    .m = m, .n = n, .k = k,
    .a = a, .a_row = a_row, .a_column = a_column,
    .b = b, .b_row = b_row, .b_column = b_column,
    .c = c, .c_row = n,
    .is_parallel = work >= K_PARALLEL_WORK && k_thread_count() > 1,
    .epilogue = what.program ? &epilogue : NULL,
  };
  run_product(type, &product);
}

// MARK: Batches

typedef struct {
  KType type;
  int64_t batch, batch_per_task;
  const int64_t *a_offsets, *b_offsets;
  /// Of the first product, without offsets.
  Product product;
  KEpilogue what;
} Batch;

static void run_product_of_batch(const Batch *batch, int64_t index) {
  int64_t size = (int64_t)size_of(batch->type);
  Product product = batch->product;
  product.a = (const char *)product.a + batch->a_offsets[index] * size;
  product.b = (const char *)product.b + batch->b_offsets[index] * size;
  product.c = (char *)product.c + index * product.m * product.n * size;
  Epilogue epilogue = {.what = batch->what, .start = index * product.m * product.n};
  if (epilogue.what.program) product.epilogue = &epilogue;
  run_product(batch->type, &product);
}

static void batch_task(void *context, int64_t index) {
  const Batch *batch = context;
  int64_t first = index * batch->batch_per_task;
  int64_t end = k_min(batch->batch, first + batch->batch_per_task);
  for (int64_t i = first; i < end; i++) run_product_of_batch(batch, i);
}

void k_matmul_batched(KType type, int64_t batch, int64_t m, int64_t n, int64_t k, const void *a,
                      const int64_t *a_offsets, int64_t a_row, int64_t a_column, const void *b,
                      const int64_t *b_offsets, int64_t b_row, int64_t b_column, void *c) {
  k_matmul_batched_then(type, batch, m, n, k, a, a_offsets, a_row, a_column, b, b_offsets, b_row,
                        b_column, c, (KEpilogue){NULL, false});
}

void k_matmul_batched_then(KType type, int64_t batch, int64_t m, int64_t n, int64_t k,
                           const void *a, const int64_t *a_offsets, int64_t a_row,
                           int64_t a_column, const void *b, const int64_t *b_offsets,
                           int64_t b_row, int64_t b_column, void *c, KEpilogue what) {
  Batch all = {
    .type = type, .batch = batch, .batch_per_task = 1,
    .a_offsets = a_offsets, .b_offsets = b_offsets,
    .product = {
      .m = m, .n = n, .k = k,
      .a = a, .a_row = a_row, .a_column = a_column,
      .b = b, .b_row = b_row, .b_column = b_column,
      .c = c, .c_row = n,
    },
    .what = what,
  };
  int64_t work = m * n * (k + k_epilogue_work(&what));
  int64_t threads = k_thread_count();
  bool is_parallel = threads > 1 && work * batch >= K_PARALLEL_WORK;
  // Whole products to each thread, if there are enough for all or each is too small to be shared.
  if (is_parallel && batch < 2 * threads && work >= K_PARALLEL_WORK) {
    all.product.is_parallel = true;
    for (int64_t i = 0; i < batch; i++) run_product_of_batch(&all, i);
    return;
  }
  int64_t per_thread = k_divide_up(batch, 4 * threads);
  all.batch_per_task = k_max(1, k_min(per_thread, K_PARALLEL_WORK / k_max(1, work)));
  k_run_tasks_if(is_parallel, k_divide_up(batch, all.batch_per_task), batch_task, &all);
}
