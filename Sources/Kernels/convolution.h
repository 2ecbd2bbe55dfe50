// What the parts of the convolution share: where windows lie, and how places are cut into blocks.
#ifndef CONVOLUTION_PARTS_H
#define CONVOLUTION_PARTS_H
#include "epilogue.h"

/// Places of a block of the gradient by the filters, which is the order of its sums.
#define SUMMED_PLACES 256
/// Places of a block of a convolution: whole images are best, for runs of memory are longer then, and
/// parts of x that blocks share are copied less often; but fewer if a copy of x under the block would
/// take too much of the L2 cache.
#define MOST_PLACES 1024
#define FEWER_PLACES 256
#define REGION_BYTES (1 << 18)

/// Windows over the three spatial axes of x [batch, groups * inputs, size].
typedef struct {
  int64_t batch, groups, inputs;
  int64_t size[3];
  /// How many windows there are, and how far apart.
  int64_t places[3], step[3];
  /// The elements of a window, and where those of the first window lie.
  int64_t taps[3];
  const int64_t *positions[3];
  const void *x;
  int64_t x_strides[5];
} Windows;

/// The places of a batch, cut into boxes: several examples, or a part of one.
typedef struct {
  int64_t examples, extent[3];
  int64_t counts[4], total;
} Blocks;

typedef struct {
  int64_t example, examples;
  int64_t first[3], extent[3], places;
} Block;

static inline int64_t k_product(const int64_t *sizes) { return sizes[0] * sizes[1] * sizes[2]; }

static inline int64_t k_least(const int64_t *values, int64_t count) {
  int64_t least = values[0];
  for (int64_t i = 1; i < count; i++) least = k_min(least, values[i]);
  return least;
}

static inline int64_t k_greatest(const int64_t *values, int64_t count) {
  int64_t greatest = values[0];
  for (int64_t i = 1; i < count; i++) greatest = k_max(greatest, values[i]);
  return greatest;
}

/// Blocks of at most `limit` places, none much smaller than another. Each is a run of places in
/// row-major order within an example.
static inline Blocks k_cut(const Windows *windows, int64_t limit) {
  Blocks blocks = {.examples = 1, .total = 1};
  int64_t room = limit;
  for (int axis = 2; axis >= 0; axis--) {
    int64_t parts = k_divide_up(windows->places[axis], k_max(1, room));
    blocks.extent[axis] = k_divide_up(windows->places[axis], parts);
    blocks.counts[axis + 1] = k_divide_up(windows->places[axis], blocks.extent[axis]);
    room = blocks.counts[axis + 1] > 1 ? 1 : room / blocks.extent[axis];
  }
  blocks.examples = k_divide_up(windows->batch, k_divide_up(windows->batch, k_max(1, room)));
  blocks.counts[0] = k_divide_up(windows->batch, blocks.examples);
  for (int i = 0; i < 4; i++) blocks.total *= blocks.counts[i];
  return blocks;
}

static inline Block k_block_at(const Windows *windows, const Blocks *blocks, int64_t index) {
  Block block = {.places = 1};
  for (int axis = 2; axis >= 0; axis--) {
    block.first[axis] = index % blocks->counts[axis + 1] * blocks->extent[axis];
    block.extent[axis] = k_min(blocks->extent[axis], windows->places[axis] - block.first[axis]);
    block.places *= block.extent[axis];
    index /= blocks->counts[axis + 1];
  }
  block.example = index * blocks->examples;
  block.examples = k_min(blocks->examples, windows->batch - block.example);
  block.places *= block.examples;
  return block;
}

/// How many elements of x the windows of `places` neighbours span along an axis.
static inline int64_t k_span(const Windows *windows, int axis, int64_t places) {
  const int64_t *positions = windows->positions[axis];
  int64_t taps = windows->taps[axis];
  return (places - 1) * windows->step[axis] + k_greatest(positions, taps) -
         k_least(positions, taps) + 1;
}

/// A convolution as windows of x by filters.
typedef struct {
  Windows windows;
  int64_t outputs;
  void *out;
  /// Of example, channel and places.
  int64_t out_strides[5];
  /// Of each channel of the output; NULL for none.
  const void *bias;
  const void *w;
  /// The element of w for a group, an output, an input and a tap.
  int64_t w_group, w_output, w_input;
  const int64_t *w_taps;
  /// A program on each block of an output without gaps; NULL for none.
  const KProgram *then;
} Correlation;

/// The gradient by the filters [groups * outputs, inputs, taps].
typedef struct {
  Windows windows;
  int64_t outputs;
  void *out;
  const void *g;
} FilterGradient;

#endif
