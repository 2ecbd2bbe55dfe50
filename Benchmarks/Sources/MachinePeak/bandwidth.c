#include "MachinePeak.h"

#include <pthread.h>
#include <stdlib.h>

enum { COUNT = 1 << 24, MOST_THREADS = 64 };

typedef struct {
  float *a, *b, *c;
  long count;
} part;

// McCalpin's triad: reads two arrays and writes a third.
static void *triad(void *argument) {
  part *own = argument;
  float *restrict a = own->a, *restrict b = own->b, *restrict c = own->c;
  for (long i = 0; i < own->count; i++) a[i] = b[i] + 3 * c[i];
  return 0;
}

double peak_bandwidth(int threads) {
  if (threads > MOST_THREADS) threads = MOST_THREADS;
  float *memory = malloc(3 * COUNT * sizeof(float));
  if (memory == 0) return 0;
  for (long i = 0; i < 3L * COUNT; i++) memory[i] = 1;
  double best = 0;
  for (int repeat = 0; repeat < 5; repeat++) {
    pthread_t others[MOST_THREADS];
    part parts[MOST_THREADS];
    double start = peak_now();
    for (int i = 0; i < threads; i++) {
      long first = (long)COUNT * i / threads, last = (long)COUNT * (i + 1) / threads;
      parts[i] = (part){memory + first, memory + COUNT + first, memory + 2 * COUNT + first,
                        last - first};
      if (i > 0) pthread_create(&others[i], 0, triad, &parts[i]);
    }
    triad(&parts[0]);
    for (int i = 1; i < threads; i++) pthread_join(others[i], 0);
    double bytes = 3.0 * COUNT * sizeof(float) / (peak_now() - start);
    if (bytes > best) best = bytes;
  }
  volatile float sink = memory[COUNT / 2];
  (void)sink;
  free(memory);
  return best * 1e-9;
}
