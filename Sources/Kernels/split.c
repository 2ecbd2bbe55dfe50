#include "split.h"

/// More ranges than threads, so that a thread that is late leaves its share to the others.
#define RANGES_PER_THREAD 4

typedef struct Ranges {
  int64_t count;
  int64_t pieces;
  k_range_task task;
  void *context;
} Ranges;

static void run_piece(void *context, int64_t index) {
  const Ranges *ranges = context;
  // Piece i has base + 1 items if i < longer, else base: no product that could overflow.
  int64_t base = ranges->count / ranges->pieces;
  int64_t longer = ranges->count % ranges->pieces;
  int64_t start = index * base + k_minimum_of(index, longer);
  int64_t end = start + base + (index < longer);
  ranges->task(ranges->context, start, end);
}

void k_run_ranges(int64_t count, int64_t grain, k_range_task task, void *context) {
  if (count <= 0) return;
  int64_t pieces = count >= 2 * grain ? count / grain : 1;
  int threads = pieces > 1 ? k_thread_count() : 1;
  if (threads == 1) {
    task(context, 0, count);
    return;
  }
  pieces = k_minimum_of(pieces, (int64_t)threads * RANGES_PER_THREAD);
  Ranges ranges = {count, pieces, task, context};
  k_run_tasks(pieces, run_piece, &ranges);
}
