// Memory for elements: aligned to 64 bytes, or to pages, and large blocks kept for reuse.
//
// Some processors take a load for a reading of what was just stored if the lower twelve bits of the
// addresses agree (Intel, "64 and IA-32 Architectures Optimization Reference Manual", 4-Kbyte
// aliasing): a loop that writes a cache line or two behind what it reads, pages apart, runs up to 13
// times slower. Arrays that begin with a page are never so.
//
// The first touch of a fresh page costs a fault and a page of zeros, seven times the write itself,
// and the system's allocator returns large blocks to the kernel as soon as they are freed. So
// blocks of 16 KiB and more go on a list of their size class instead. Four classes per doubling: a
// block is at most a quarter larger than asked for, and its untouched end costs no memory.
//
// The kept bytes never exceed 1 GiB or, if that is more, the most bytes that were in use at one
// time since the last k_trim_memory: what a training step has freed it will want again, and no more
// than that.
#if defined(__linux__)
#define _GNU_SOURCE
#include <sys/mman.h>
#endif
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>

#include "isa.h"

#define ALIGNMENT 64
#define PAGE 4096
/// The logarithm of the smallest size that is kept.
#define LARGE_LOG 14
#define LARGE ((size_t)1 << LARGE_LOG)
#define HUGE_PAGE ((size_t)2 << 20)
#define ALWAYS_KEPT ((size_t)1 << 30)
/// Four for each of the doublings from LARGE to the end of the address space.
#define CLASS_COUNT ((64 - LARGE_LOG) * 4)

/// A kept block: its first bytes link it to the next one of its class.
typedef struct Block {
  struct Block *next;
} Block;

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
// Guarded by `mutex`. Bytes are counted as class sizes.
static Block *kept[CLASS_COUNT];
static size_t kept_bytes;
static size_t used_bytes;
static size_t most_used_bytes;

static _Noreturn void fail(size_t bytes) {
  fprintf(stderr, "Out of memory: cannot allocate %zu bytes.\n", bytes);
  abort();
}

// MARK: Small blocks

// malloc with room to move up to the next multiple of 64, or of a page where there is one to fill; the
// word before the block says where malloc's begins. The C library keeps small blocks in per-thread
// lists, which its own aligned_alloc bypasses (glibc: 10 ns against 60).

static void *allocate_small(size_t bytes) {
  size_t alignment = bytes < PAGE ? ALIGNMENT : PAGE;
  char *start = malloc(bytes + alignment);
  if (!start) fail(bytes);
  // malloc's blocks are aligned to words, so there is room for one.
  char *memory = (char *)(((uintptr_t)start + alignment) & ~(uintptr_t)(alignment - 1));
  ((void **)memory)[-1] = start;
  return memory;
}

static void free_small(void *memory) {
  free(((void **)memory)[-1]);
}

// MARK: Large blocks

/// The class of a size of at least LARGE, and that class's size: the next of 4, 5, 6 or 7 times a
/// power of two.
static int class_of(size_t bytes, size_t *class_bytes) {
  int log = 63 - __builtin_clzll(bytes);
  size_t quarter = (size_t)1 << (log - 2);
  size_t quarters = (bytes + quarter - 1) / quarter;
  *class_bytes = quarters * quarter;
  return (log - LARGE_LOG) * 4 + (int)(quarters - 4);
}

static void *allocate_fresh(size_t bytes) {
  void *memory = NULL;
  size_t alignment = bytes >= HUGE_PAGE ? HUGE_PAGE : PAGE;
  if (posix_memalign(&memory, alignment, bytes) != 0) return NULL;
#if defined(MADV_HUGEPAGE)
  // A 512th of the faults, and fewer misses of the address cache ever after.
  if (bytes >= HUGE_PAGE) madvise(memory, bytes, MADV_HUGEPAGE);
#endif
  return memory;
}

static void *allocate_large(size_t bytes) {
  size_t size;
  int class = class_of(bytes, &size);
  pthread_mutex_lock(&mutex);
  used_bytes += size;
  if (used_bytes > most_used_bytes) most_used_bytes = used_bytes;
  Block *block = kept[class];
  if (block) {
    kept[class] = block->next;
    kept_bytes -= size;
  }
  pthread_mutex_unlock(&mutex);
  if (block) return block;

  void *memory = allocate_fresh(size);
  if (!memory) {
    k_trim_memory();
    memory = allocate_fresh(size);
  }
  if (!memory) fail(bytes);
  return memory;
}

static void free_large(void *memory, size_t bytes) {
  size_t size;
  int class = class_of(bytes, &size);
  pthread_mutex_lock(&mutex);
  used_bytes -= size;
  size_t limit = most_used_bytes > ALWAYS_KEPT ? most_used_bytes : ALWAYS_KEPT;
  bool keep = kept_bytes + size <= limit;
  if (keep) {
    Block *block = memory;
    block->next = kept[class];
    kept[class] = block;
    kept_bytes += size;
  }
  pthread_mutex_unlock(&mutex);
  if (!keep) free(memory);
}

// MARK: Interface

void *k_allocate(size_t bytes) {
  return bytes < LARGE ? allocate_small(bytes) : allocate_large(bytes);
}

void k_free(void *memory, size_t bytes) {
  if (!memory) return;
  if (bytes < LARGE) {
    free_small(memory);
  } else {
    free_large(memory, bytes);
  }
}

void k_trim_memory(void) {
  pthread_mutex_lock(&mutex);
  for (int class = 0; class < CLASS_COUNT; class++) {
    while (kept[class]) {
      Block *block = kept[class];
      kept[class] = block->next;
      free(block);
    }
  }
  kept_bytes = 0;
  most_used_bytes = used_bytes;
  pthread_mutex_unlock(&mutex);
}

size_t k_cached_bytes(void) {
  pthread_mutex_lock(&mutex);
  size_t bytes = kept_bytes;
  pthread_mutex_unlock(&mutex);
  return bytes;
}
