// Division of an elementwise call among threads.
#include "elementwise.h"

typedef struct Chunks {
  int64_t count;
  int64_t chunk;
  k_chunk_body body;
  void *context;
} Chunks;

static void run_chunk(void *context, int64_t index) {
  const Chunks *c = context;
  int64_t start = index * c->chunk;
  int64_t rest = c->count - start;
  c->body(c->context, start, rest < c->chunk ? rest : c->chunk);
}

void k_for_chunks(int64_t count, int64_t chunk, k_chunk_body body, void *context) {
  Chunks chunks = {count, chunk, body, context};
  k_run_tasks((count + chunk - 1) / chunk, run_chunk, &chunks);
}
