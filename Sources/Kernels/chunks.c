// Division of an elementwise call among threads.
#include "elementwise.h"

// Ranges begin at whole groups, so that they are aligned to cache lines if the memory is.
enum { GROUP = 64 };

typedef struct Chunks {
  int64_t count;
  k_chunk_body body;
  void *context;
} Chunks;

static void run_groups(void *context, int64_t start, int64_t end) {
  const Chunks *c = context;
  c->body(c->context, start * GROUP, k_minimum_of(end * GROUP, c->count) - start * GROUP);
}

void k_for_chunks(int64_t count, int64_t least, k_chunk_body body, void *context) {
  Chunks chunks = {count, body, context};
  k_run_ranges((count + GROUP - 1) / GROUP, least / GROUP, run_groups, &chunks);
}
