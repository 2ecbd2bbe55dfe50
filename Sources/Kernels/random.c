// Random numbers by Philox 4x32-10 (J. K. Salmon, M. A. Moraes, R. O. Dror, D. E. Shaw: "Parallel
// random numbers: as easy as 1, 2, 3", SC'11). The counter is (block, stream), the key is the seed.
// Every distribution makes 16 bytes from one block of four words, so that any part can be computed
// alone.
#include <math.h>
#include <string.h>

#include "coefficients.h"
#include "elementwise.h"
#include "vectors.h"

#define K_TEMPLATE "random.inc"
#include "for_each_isa.h"

typedef void (*RandomLoop)(char *out, int64_t bytes, uint64_t seed, uint64_t stream,
                           uint64_t offset);

typedef struct Random {
  RandomLoop loop;
  char *out;
  uint64_t seed;
  uint64_t stream;
  uint64_t offset;
} Random;

enum { BLOCK_BYTES = 16 };

static void run_chunk(void *context, int64_t start, int64_t bytes) {
  const Random *r = context;
  r->loop(r->out + start, bytes, r->seed, r->stream, r->offset + (uint64_t)start / BLOCK_BYTES);
}

static void run(RandomLoop loop, void *out, int64_t bytes, uint64_t seed, uint64_t stream,
                uint64_t offset) {
  Random random = {loop, out, seed, stream, offset};
  int64_t chunk = 2048 * BLOCK_BYTES;
  if (bytes <= chunk) {
    run_chunk(&random, 0, bytes);
  } else {
    k_for_chunks(bytes, chunk, run_chunk, &random);
  }
}

void k_random_words(uint32_t *out, int64_t count, uint64_t seed, uint64_t stream, uint64_t offset) {
  run(K_PICK(random_words), out, count * 4, seed, stream, offset);
}

void k_random_uniform(KType type, void *out, int64_t count, uint64_t seed, uint64_t stream,
                      uint64_t offset) {
  RandomLoop loop = type == KTypeFloat32 ? K_PICK(random_uniform_f32) : K_PICK(random_uniform_f64);
  run(loop, out, count * (int64_t)k_element_size(type), seed, stream, offset);
}

void k_random_normal(KType type, void *out, int64_t count, uint64_t seed, uint64_t stream,
                     uint64_t offset) {
  RandomLoop loop = type == KTypeFloat32 ? K_PICK(random_normal_f32) : K_PICK(random_normal_f64);
  run(loop, out, count * (int64_t)k_element_size(type), seed, stream, offset);
}
