// The thread pool: threads that spin for a moment and then park, and tasks that are claimed one by
// one.
//
// One call of k_run_tasks is a region. Its tasks are numbered; every thread in it, the caller too,
// claims the next number until none is left. Nobody waits for a thread to arrive: a helper that is
// parked, descheduled or late costs nothing but its help. (A barrier between phases is as slow as
// the slowest thread, which on a busy machine may not be running at all.) The caller waits only for
// helpers that are inside the region when it closes, each of which is finishing its last task.
//
// `epoch` is odd while a region is open. A helper enters in two steps: it adds itself to `inside`,
// then reads `epoch` again. The caller leaves in the mirrored two steps: it makes `epoch` even,
// then reads `inside`. All four are sequentially consistent, so either the helper sees the region
// closed and touches nothing, or the caller sees the helper and waits for it: the fields of a
// region never change under a helper. They are plain memory, published by the store to `epoch` and
// read after it.
//
// Regions do not overlap: `region` is held while one is open. A nested or concurrent call finds it
// taken and runs its tasks itself.
#if defined(__linux__)
#define _GNU_SOURCE  // sched_getaffinity
#endif
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include "isa.h"

#define MAX_THREADS 256
/// How long an idle helper spins before it parks. A parked one takes 20 to 50 µs to wake up.
#define SPIN_NANOSECONDS 70000
/// Pauses between two looks at the clock, and before a waiting caller offers its processor to
/// others.
#define PAUSES_PER_LOOK 64
#define PAUSES_BEFORE_YIELD 4000
#define HELPER_STACK_BYTES (1 << 20)

// Each of these is written often by several threads; on a cache line of its own it disturbs no
// other.
#define OWN_LINE _Alignas(128)

static OWN_LINE _Atomic uint64_t epoch;
static OWN_LINE _Atomic int64_t next_task;
/// Helpers that may still enter the open region.
static OWN_LINE _Atomic int places;
static OWN_LINE _Atomic int inside;
static OWN_LINE _Atomic int sleepers;

// The open region.
static void (*region_task)(void *context, int64_t index);
static void *region_context;
static int64_t region_count;
static uint8_t region_set;

static pthread_mutex_t region = PTHREAD_MUTEX_INITIALIZER;
/// Helpers ever started; guarded by `region`.
static int helpers_started;

static pthread_mutex_t sleep_mutex = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t wake_up = PTHREAD_COND_INITIALIZER;

static _Atomic int thread_count = 1;
static int processor_count = 1;

// MARK: Settings

static int count_processors(void) {
#if defined(__linux__)
  // Those that this process may use: fewer than are online in a container or under taskset.
  cpu_set_t set;
  if (sched_getaffinity(0, sizeof set, &set) == 0) return CPU_COUNT(&set);
#endif
  long online = sysconf(_SC_NPROCESSORS_ONLN);
  return online > 0 ? (int)online : 1;
}

int k_thread_count(void) {
  return atomic_load_explicit(&thread_count, memory_order_relaxed);
}

void k_set_thread_count(int count) {
  if (count < 1) count = 1;
  if (count > MAX_THREADS) count = MAX_THREADS;
  atomic_store_explicit(&thread_count, count, memory_order_relaxed);
}

__attribute__((constructor)) static void choose_thread_count(void) {
  processor_count = count_processors();
  const char *wish = getenv("AUTOGRAD_THREADS");
  int count = wish ? atoi(wish) : 0;
  k_set_thread_count(count > 0 ? count : processor_count);
}

// MARK: Helpers

static void run_claimed_tasks(void) {
  for (;;) {
    // Relaxed: claiming needs no order; `epoch` has published the region, `inside` publishes the
    // results.
    int64_t index = atomic_fetch_add_explicit(&next_task, 1, memory_order_relaxed);
    if (index >= region_count) return;
    region_task(region_context, index);
  }
}

static bool is_new_region(uint64_t now, uint64_t seen) {
  return now != seen && now % 2 == 1;
}

static int64_t nanoseconds(void) {
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return (int64_t)time.tv_sec * 1000000000 + time.tv_nsec;
}

/// Spins for a while; whether a region has opened that is not `seen`.
static bool spin_for_region(uint64_t seen) {
  int64_t end = nanoseconds() + SPIN_NANOSECONDS;
  do {
    for (int i = 0; i < PAUSES_PER_LOOK; i++) {
      if (is_new_region(atomic_load_explicit(&epoch, memory_order_relaxed), seen)) return true;
      k_pause();
    }
  } while (nanoseconds() < end);
  return false;
}

static void park_until_region(uint64_t seen) {
  pthread_mutex_lock(&sleep_mutex);
  // `sleepers` before `epoch` here, `epoch` before `sleepers` in open_region: one of us sees the
  // other.
  atomic_fetch_add(&sleepers, 1);
  while (!is_new_region(atomic_load(&epoch), seen)) pthread_cond_wait(&wake_up, &sleep_mutex);
  atomic_fetch_sub(&sleepers, 1);
  pthread_mutex_unlock(&sleep_mutex);
}

static void *helper_main(void *unused) {
  (void)unused;
  uint64_t seen = 0;
  for (;;) {
    if (!spin_for_region(seen)) park_until_region(seen);
    atomic_fetch_add(&inside, 1);
    seen = atomic_load(&epoch);
    bool is_open = seen % 2 == 1;
    if (is_open && atomic_fetch_sub_explicit(&places, 1, memory_order_relaxed) > 0) {
      k_chosen_set = region_set;
      run_claimed_tasks();
    }
    // Release: the caller that reads 0 sees what the tasks wrote.
    atomic_fetch_sub_explicit(&inside, 1, memory_order_release);
  }
  return NULL;
}

/// Starts helpers until there are `count`, or as many as the system grants. Holds `region`.
static void start_helpers(int count) {
  if (helpers_started >= count) return;
  pthread_attr_t attributes;
  pthread_attr_init(&attributes);
  pthread_attr_setdetachstate(&attributes, PTHREAD_CREATE_DETACHED);
  pthread_attr_setstacksize(&attributes, HELPER_STACK_BYTES);
  // The program's signals are for the program's threads.
  sigset_t all, before;
  sigfillset(&all);
  pthread_sigmask(SIG_SETMASK, &all, &before);
  while (helpers_started < count) {
    pthread_t thread;
    if (pthread_create(&thread, &attributes, helper_main, NULL) != 0) break;
    helpers_started++;
  }
  pthread_sigmask(SIG_SETMASK, &before, NULL);
  pthread_attr_destroy(&attributes);
}

// MARK: Regions

static void open_region(int helpers) {
  atomic_store_explicit(&next_task, 0, memory_order_relaxed);
  atomic_store_explicit(&places, helpers, memory_order_relaxed);
  atomic_fetch_add(&epoch, 1);
  int sleeping = atomic_load(&sleepers);
  if (sleeping == 0) return;
  pthread_mutex_lock(&sleep_mutex);
  if (sleeping <= helpers) {
    pthread_cond_broadcast(&wake_up);
  } else {
    for (int i = 0; i < helpers; i++) pthread_cond_signal(&wake_up);
  }
  pthread_mutex_unlock(&sleep_mutex);
}

static void close_region(void) {
  atomic_fetch_add(&epoch, 1);
  int pauses = 0;
  while (atomic_load(&inside) != 0) {
    k_pause();
    // With more threads than processors the one we wait for may need ours.
    if (++pauses >= PAUSES_BEFORE_YIELD || k_thread_count() > processor_count) sched_yield();
  }
}

void k_run_tasks(int64_t count, void (*task)(void *context, int64_t index), void *context) {
  int threads = k_thread_count();
  if (threads > count) threads = (int)count;
  if (threads <= 1 || pthread_mutex_trylock(&region) != 0) {
    for (int64_t i = 0; i < count; i++) task(context, i);
    return;
  }
  start_helpers(threads - 1);
  region_task = task;
  region_context = context;
  region_count = count;
  region_set = k_chosen_set;
  open_region(threads - 1);
  run_claimed_tasks();
  close_region();
  pthread_mutex_unlock(&region);
}
