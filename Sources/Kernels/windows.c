// The adjoint of taking windows: overlapping windows are added where they came from.
//
// An element receives position k of window w where w * stride + k * dilation is its place: later
// windows by smaller k. So within a tile of windows k runs downwards, all windows of one k at a
// time, and no two of them meet; tiles follow each other upwards. Every element adds its windows in
// ascending order.
#include "split.h"

/// Elements of a tile [windows, inner], so that a tile of x stays in the L1 cache for all k.
#define TILE 1024

typedef struct Windows {
  char *out;
  const char *x;
  int64_t length;
  int64_t inner;
  int64_t windows;
  int64_t size;
  int64_t stride;
  int64_t dilation;
} Windows;

#define K_TEMPLATE "windows.inc"
#include "for_each_isa.h"

typedef struct WindowsTask {
  Windows windows;
  void (*add)(const Windows *windows, int64_t o);
} WindowsTask;

static void add_windows(void *context, int64_t start, int64_t end) {
  const WindowsTask *task = context;
  for (int64_t o = start; o < end; o++) task->add(&task->windows, o);
}

void k_add_windows(KType type, void *out, const void *x, int64_t outer, int64_t length,
                   int64_t inner, int64_t windows, int64_t size, int64_t stride, int64_t dilation) {
  WindowsTask task = {{out, x, length, inner, windows, size, stride, dilation},
                      K_PICK(add_windows_by_type)[type]};
  k_run_ranges(outer, k_grain(windows * inner * size), add_windows, &task);
}
