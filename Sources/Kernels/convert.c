// Filling, ramps and conversion between types.
#include <string.h>

#include "Kernels.h"

static const size_t item_sizes[] = {4, 8, 4, 8, 1, 1};

void k_fill(KType type, void *out, const void *value, int64_t count) {
  size_t size = item_sizes[type];
  for (int64_t i = 0; i < count; i++) memcpy((char *)out + i * (int64_t)size, value, size);
}

static int64_t saturate(double x, double low, double high, int64_t lowest, int64_t highest) {
  if (x != x) return 0;
  if (x <= low) return lowest;
  if (x >= high) return highest;
  return (int64_t)x;
}

static void store_double(KType type, void *out, int64_t i, double x) {
  switch (type) {
    case KTypeFloat32: ((float *)out)[i] = (float)x; break;
    case KTypeFloat64: ((double *)out)[i] = x; break;
    case KTypeInt32:
      ((int32_t *)out)[i] = (int32_t)saturate(x, INT32_MIN, INT32_MAX, INT32_MIN, INT32_MAX);
      break;
    case KTypeInt64: ((int64_t *)out)[i] = saturate(x, -0x1p63, 0x1p63, INT64_MIN, INT64_MAX); break;
    case KTypeUInt8: ((uint8_t *)out)[i] = (uint8_t)saturate(x, 0, 255, 0, 255); break;
    case KTypeBool: ((uint8_t *)out)[i] = x != 0; break;
  }
}
static void store_integer(KType type, void *out, int64_t i, int64_t x) {
  switch (type) {
    case KTypeFloat32: ((float *)out)[i] = (float)x; break;
    case KTypeFloat64: ((double *)out)[i] = (double)x; break;
    case KTypeInt32: ((int32_t *)out)[i] = (int32_t)x; break;
    case KTypeInt64: ((int64_t *)out)[i] = x; break;
    case KTypeUInt8: ((uint8_t *)out)[i] = (uint8_t)x; break;
    case KTypeBool: ((uint8_t *)out)[i] = x != 0; break;
  }
}

void k_ramp(KType type, void *out, double start, double step, int64_t count) {
  for (int64_t i = 0; i < count; i++) {
    if (type <= KTypeFloat64) {
      store_double(type, out, i, start + (double)i * step);
    } else {
      store_integer(type, out, i, (int64_t)((uint64_t)(int64_t)start + (uint64_t)i * (uint64_t)(int64_t)step));
    }
  }
}

void k_convert(KType to, void *out, KType from, const void *x, int64_t count) {
  for (int64_t i = 0; i < count; i++) switch (from) {
      case KTypeFloat32: store_double(to, out, i, (double)((const float *)x)[i]); break;
      case KTypeFloat64: store_double(to, out, i, ((const double *)x)[i]); break;
      case KTypeInt32: store_integer(to, out, i, ((const int32_t *)x)[i]); break;
      case KTypeInt64: store_integer(to, out, i, ((const int64_t *)x)[i]); break;
      case KTypeUInt8:
      case KTypeBool: store_integer(to, out, i, ((const uint8_t *)x)[i]); break;
    }
}
