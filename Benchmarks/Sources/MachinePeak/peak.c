#include "MachinePeak.h"

#include <fcntl.h>
#include <pthread.h>
#include <spawn.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>

extern void k_set_thread_count(int count);
extern char **environ;

void peak_set_library_threads(int count) { k_set_thread_count(count); }

double peak_now(void) {
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return (double)time.tv_sec + 1e-9 * (double)time.tv_nsec;
}

enum { ACCUMULATORS = 12, ROUNDS = 10000000 };

typedef double (*loop)(void);

// Twelve independent chains hide the latency of the fused multiply-add.
#define LOOP(NAME, SCALAR, BYTES)                                               \
  static __attribute__((noinline)) double NAME(void) {                          \
    typedef SCALAR vector __attribute__((vector_size(BYTES)));                  \
    vector sum[ACCUMULATORS];                                                   \
    vector factor = (vector){0} + (SCALAR)1.0000001;                            \
    vector term = (vector){0} + (SCALAR)1e-9;                                   \
    for (int i = 0; i < ACCUMULATORS; i++) sum[i] = factor + (SCALAR)i;         \
    for (long round = 0; round < ROUNDS; round++) {                             \
      _Pragma("clang loop unroll(full)") for (int i = 0; i < ACCUMULATORS; i++) \
          sum[i] = __builtin_elementwise_fma(sum[i], factor, term);             \
      __asm__ volatile("" ::: "memory");                                        \
    }                                                                           \
    double total = 0;                                                           \
    for (int i = 0; i < ACCUMULATORS; i++) total += (double)sum[i][0];          \
    return total;                                                               \
  }

#if defined(__x86_64__)
#pragma clang attribute push(__attribute__((target("avx512f,avx512vl,avx512dq"))), apply_to = function)
LOOP(float_512, float, 64)
LOOP(double_512, double, 64)
#pragma clang attribute pop
#pragma clang attribute push(__attribute__((target("avx2,fma"))), apply_to = function)
LOOP(float_256, float, 32)
LOOP(double_256, double, 32)
#pragma clang attribute pop
#else
LOOP(float_128, float, 16)
LOOP(double_128, double, 16)
#endif

static volatile double sink;

static void *run_loop(void *argument) {
  sink = (*(loop *)argument)();
  return 0;
}

static double measure(loop body, int lanes, int threads) {
  double best = 0;
  for (int repeat = 0; repeat < 5; repeat++) {
    pthread_t others[64];
    double start = peak_now();
    for (int i = 1; i < threads && i < 64; i++) pthread_create(&others[i], 0, run_loop, &body);
    run_loop(&body);
    for (int i = 1; i < threads && i < 64; i++) pthread_join(others[i], 0);
    double flops = 2.0 * ACCUMULATORS * lanes * (double)ROUNDS * threads / (peak_now() - start);
    if (flops > best) best = flops;
  }
  return best * 1e-9;
}

double peak_gflops(int is_double, int threads) {
#if defined(__x86_64__)
  double best = 0;
  __builtin_cpu_init();
  if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma"))
    best = is_double ? measure(double_256, 4, threads) : measure(float_256, 8, threads);
  if (__builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512vl") &&
      __builtin_cpu_supports("avx512dq")) {
    double wide = is_double ? measure(double_512, 8, threads) : measure(float_512, 16, threads);
    if (wide > best) best = wide;
  }
  return best;
#else
  return is_double ? measure(double_128, 2, threads) : measure(float_128, 4, threads);
#endif
}

int64_t peak_resident_bytes(void) {
  struct rusage usage;
  getrusage(RUSAGE_SELF, &usage);
#if defined(__APPLE__)
  return usage.ru_maxrss;
#else
  return 1024 * (int64_t)usage.ru_maxrss;  // Linux counts in KB
#endif
}

int peak_run(const char *path, char *const *arguments) {
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_addopen(&actions, 1, "/dev/null", O_WRONLY, 0);
  pid_t child;
  int status = -1;
  if (posix_spawn(&child, path, &actions, 0, arguments, environ) == 0) waitpid(child, &status, 0);
  posix_spawn_file_actions_destroy(&actions);
  return status == -1 || !WIFEXITED(status) ? -1 : WEXITSTATUS(status);
}
