// Stable orders of rows: elements become unsigned keys in the same order, which a radix sort of
// bytes from the lowest up leaves in order of position where they are equal.
#include <string.h>

#include "split.h"

/// Below this, insertion costs less than the counts of a radix sort.
#define SHORTEST_RADIX 64
#define DIGITS 256
#define LARGEST_KEY_BYTES 8

typedef struct Item {
  uint64_t key;
  int64_t index;
} Item;

// Floats in order of their bits: a positive number gets its sign bit set, a negative one is
// inverted. Adding 0 turns -0 into +0; NaN, whatever its sign and payload, is above infinity.

static uint64_t key_of_float32(const void *x, int64_t i) {
  float value = ((const float *)x)[i] + 0.0f;
  if (value != value) return UINT32_MAX;
  uint32_t bits;
  memcpy(&bits, &value, sizeof bits);
  return bits >> 31 ? ~bits : bits | 1u << 31;
}

static uint64_t key_of_float64(const void *x, int64_t i) {
  double value = ((const double *)x)[i] + 0.0;
  if (value != value) return UINT64_MAX;
  uint64_t bits;
  memcpy(&bits, &value, sizeof bits);
  return bits >> 63 ? ~bits : bits | 1ull << 63;
}

static uint64_t key_of_int32(const void *x, int64_t i) {
  return (uint32_t)((const int32_t *)x)[i] ^ 1u << 31;
}

static uint64_t key_of_int64(const void *x, int64_t i) {
  return (uint64_t)((const int64_t *)x)[i] ^ 1ull << 63;
}

static uint64_t key_of_uint8(const void *x, int64_t i) { return ((const uint8_t *)x)[i]; }

/// Keys in the order asked for; the complement is the reverse, NaN first.
static void make_items(Item *items, KType type, const void *x, int64_t n, bool descending) {
  uint64_t flip = descending ? UINT64_MAX >> (64 - 8 * k_element_size(type)) : 0;
#define MAKE(key_of)                     \
  for (int64_t i = 0; i < n; i++) {      \
    items[i].key = key_of(x, i) ^ flip;  \
    items[i].index = i;                  \
  }                                      \
  break;
  switch (type) {
    case KTypeFloat32: MAKE(key_of_float32)
    case KTypeFloat64: MAKE(key_of_float64)
    case KTypeInt32: MAKE(key_of_int32)
    case KTypeInt64: MAKE(key_of_int64)
    case KTypeUInt8:
    case KTypeBool: MAKE(key_of_uint8)
  }
#undef MAKE
}

static void insertion_sort(Item *items, int64_t n) {
  for (int64_t i = 1; i < n; i++) {
    Item item = items[i];
    int64_t place = i;
    for (; place > 0 && items[place - 1].key > item.key; place--) items[place] = items[place - 1];
    items[place] = item;
  }
}

/// Sorts by the keys' lowest `bytes` bytes; returns where the result is: in items or in spare.
static Item *radix_sort(Item *items, Item *spare, int64_t n, size_t bytes) {
  int64_t counts[LARGEST_KEY_BYTES][DIGITS];
  memset(counts, 0, sizeof counts[0] * bytes);
  for (int64_t i = 0; i < n; i++) {
    for (size_t byte = 0; byte < bytes; byte++) counts[byte][items[i].key >> 8 * byte & 0xff]++;
  }
  for (size_t byte = 0; byte < bytes; byte++) {
    int64_t *places = counts[byte];
    // A digit that all have in common changes nothing.
    if (places[items[0].key >> 8 * byte & 0xff] == n) continue;
    int64_t next = 0;
    for (int digit = 0; digit < DIGITS; digit++) {
      int64_t count = places[digit];
      places[digit] = next;
      next += count;
    }
    for (int64_t i = 0; i < n; i++) spare[places[items[i].key >> 8 * byte & 0xff]++] = items[i];
    Item *sorted = spare;
    spare = items;
    items = sorted;
  }
  return items;
}

typedef struct Sort {
  KType type;
  int64_t *out;
  const char *x;
  int64_t n;
  bool descending;
} Sort;

static void sort_rows(void *context, int64_t start, int64_t end) {
  const Sort *sort = context;
  size_t size = k_element_size(sort->type);
  size_t bytes = 2 * (size_t)sort->n * sizeof(Item);
  Item *items = k_allocate(bytes);
  for (int64_t row = start; row < end; row++) {
    const char *x = sort->x + row * sort->n * (int64_t)size;
    make_items(items, sort->type, x, sort->n, sort->descending);
    Item *sorted = items;
    if (sort->n < SHORTEST_RADIX) {
      insertion_sort(items, sort->n);
    } else {
      sorted = radix_sort(items, items + sort->n, sort->n, size);
    }
    int64_t *out = sort->out + row * sort->n;
    for (int64_t i = 0; i < sort->n; i++) out[i] = sorted[i].index;
  }
  k_free(items, bytes);
}

void k_argsort(KType type, int64_t *out, const void *x, int64_t rows, int64_t n, bool descending) {
  if (rows * n == 0) return;
  Sort sort = {type, out, x, n, descending};
  // An element costs about as much as ten additions.
  k_run_ranges(rows, k_grain(10 * n), sort_rows, &sort);
}
