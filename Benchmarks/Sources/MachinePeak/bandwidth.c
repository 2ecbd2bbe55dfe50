#include "MachinePeak.h"

#include <pthread.h>
#include <stdlib.h>

enum { COUNT = 1 << 21, MOST_THREADS = 64 };

typedef float vector __attribute__((vector_size(32)));
typedef struct {
  vector *a, *b, *c;
  long count;
  int is_streaming;
} part;

// McCalpin's triad: reads two arrays and writes a third, through the caches or past them.
static void *triad(void *argument) {
  part *own = argument;
  vector *restrict a = own->a, *restrict b = own->b, *restrict c = own->c;
  if (own->is_streaming)
    for (long i = 0; i < own->count; i++) __builtin_nontemporal_store(b[i] + 3 * c[i], &a[i]);
  else
    for (long i = 0; i < own->count; i++) a[i] = b[i] + 3 * c[i];
  return 0;
}

// Seconds for all threads together.
static double run_triad(vector *memory, int threads, int is_streaming) {
  pthread_t others[MOST_THREADS];
  part parts[MOST_THREADS];
  double start = peak_now();
  for (int i = 0; i < threads; i++) {
    long first = (long)COUNT * i / threads, last = (long)COUNT * (i + 1) / threads;
    parts[i] = (part){memory + first, memory + COUNT + first, memory + 2 * COUNT + first,
                      last - first, is_streaming};
    if (i > 0) pthread_create(&others[i], 0, triad, &parts[i]);
  }
  triad(&parts[0]);
  for (int i = 1; i < threads; i++) pthread_join(others[i], 0);
  return peak_now() - start;
}

double peak_bandwidth(int threads) {
  if (threads > MOST_THREADS) threads = MOST_THREADS;
  vector *memory = aligned_alloc(64, 3L * COUNT * sizeof(vector));
  if (memory == 0) return 0;
  for (long i = 0; i < 3L * COUNT; i++) memory[i] = (vector){0} + 1;
  double best = 1e9;
  for (int repeat = 0; repeat < 10; repeat++) {
    double seconds = run_triad(memory, threads, repeat % 2);
    if (seconds < best) best = seconds;
  }
  volatile float sink = memory[COUNT / 2][0];
  (void)sink;
  free(memory);
  return 3.0 * COUNT * sizeof(vector) / best * 1e-9;
}
