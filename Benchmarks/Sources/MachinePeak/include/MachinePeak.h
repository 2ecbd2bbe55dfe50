// What the machine can do at most: fused multiply-adds on registers, and copying memory.
#ifndef MACHINE_PEAK_H
#define MACHINE_PEAK_H
#include <stdint.h>

/// Fused multiply-adds per second and thread, times two, in 10^9: float32 or float64, best of 5 runs on
/// `threads` threads, all threads together.
double peak_gflops(int is_double, int threads);
/// Bytes read and written per second by a[i] = b[i] + 3 c[i] on arrays that no cache holds, in 10^9, on
/// `threads` threads together.
double peak_bandwidth(int threads);
/// Sets the number of threads that the library's kernels use.
void peak_set_library_threads(int count);
/// Seconds on the monotonic clock.
double peak_now(void);
/// The most memory that this process has had at a time.
int64_t peak_resident_bytes(void);
/// Runs a program without output and waits; returns its exit code, or -1.
int peak_run(const char *path, char *const *arguments);
#endif
