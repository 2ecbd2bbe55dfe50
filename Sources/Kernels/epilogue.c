// Programs behind matrix products and other operations. k is never split, so a block of the product is
// final when it has gone through the last chunk of k; whoever computed it runs the program on it while
// it is in the cache. Elements are computed one by one, so the bits do not depend on the blocks.
#include "epilogue.h"

#include "elementwise.h"

/// A step takes about 0.15 ns per element, a multiply-add 0.02 ns.
#define MULTIPLY_ADDS_PER_STEP 8

int64_t k_epilogue_work(const KEpilogue *epilogue) {
  return epilogue->program ? MULTIPLY_ADDS_PER_STEP * k_program_cost(epilogue->program) : 0;
}

void k_run_epilogue(KType type, const Product *product, int64_t row, int64_t rows, int64_t column,
                    int64_t columns, const void *block, int64_t block_row) {
  const Epilogue *epilogue = product->epilogue;
  int64_t size = (int64_t)k_element_size(type);
  int64_t first = epilogue->start + row * product->n + column;
  if (columns == product->n && block_row == columns) {
    columns *= rows;
    rows = 1;
  }
  const char *from = block;
  for (int64_t i = 0; i < rows; i++) {
    k_run_program_part(epilogue->what.program, first, columns, from - first * size);
    first += product->n;
    from += block_row * size;
  }
}

typedef struct {
  const KProgram *program;
  const void *product;
} Behind;

static void run_behind(void *context, int64_t start, int64_t count) {
  const Behind *behind = context;
  k_run_program_part(behind->program, start, count, behind->product);
}

void k_run_program_behind(const KProgram *program, const void *product) {
  if (!program) return;
  Behind behind = {program, product};
  int64_t least = K_CHUNK / k_minimum_of(k_program_cost(program), 32);
  k_for_chunks(program->rows * program->columns, least, run_behind, &behind);
}
