// Convolutions and their gradients: their interface, and the choice of type and instruction set.
//
//   convolution_kernel.inc    what all of them are made of
//   convolution_region.inc    the part of x that a block of windows covers
//   convolution_few.inc       what takes their place for few channels
//   convolution_apply.inc     the convolution, and its gradient by x
//   convolution_filters.inc   its gradient by the filters
#include <string.h>

#include "convolution.h"
#include "split.h"

#define K_TEMPLATE "convolution_template.inc"
#include "for_each_isa.h"

static void correlate(KType type, const Correlation *job) {
  if (type == KTypeFloat32) {
    K_PICK(correlate_f32)(job);
  } else {
    K_PICK(correlate_f64)(job);
  }
}

static void clear(KType type, void *out, int64_t count) {
  memset(out, 0, (size_t)count * k_element_size(type));
}

/// The windows of x, with room for the positions of their taps.
static Windows windows_of(const KConvolution *convolution, const void *x,
                          const int64_t *x_strides, int64_t *positions) {
  Windows windows = {
    .batch = convolution->batch, .groups = convolution->groups, .inputs = convolution->inputs,
    .x = x,
  };
  memcpy(windows.x_strides, x_strides, sizeof windows.x_strides);
  for (int axis = 0; axis < 3; axis++) {
    windows.size[axis] = convolution->size[axis];
    windows.places[axis] = convolution->places[axis];
    windows.step[axis] = convolution->stride[axis];
    windows.taps[axis] = convolution->kernel[axis];
    windows.positions[axis] = positions;
    for (int64_t t = 0; t < convolution->kernel[axis]; t++) {
      *positions++ = t * convolution->dilation[axis] - convolution->padding[axis];
    }
  }
  return windows;
}

static int64_t sum(const int64_t *sizes) { return sizes[0] + sizes[1] + sizes[2]; }

static void set_strides(int64_t *strides, int64_t channels, const int64_t *sizes) {
  strides[4] = 1;
  strides[3] = sizes[2];
  strides[2] = sizes[2] * sizes[1];
  strides[1] = k_product(sizes);
  strides[0] = strides[1] * channels;
}

void k_convolution(KType type, const KConvolution *convolution, void *y, const void *x,
                   const int64_t *x_strides, const void *w, const void *bias,
                   const KProgram *then) {
  if (convolution->batch == 0 || k_product(convolution->places) == 0) return;
  int64_t taps = k_product(convolution->kernel);
  size_t bytes = (size_t)(sum(convolution->kernel) + taps) * sizeof(int64_t);
  int64_t *w_taps = k_allocate(bytes);
  for (int64_t t = 0; t < taps; t++) w_taps[t] = t;
  Correlation job = {
    .windows = windows_of(convolution, x, x_strides, w_taps + taps),
    .outputs = convolution->outputs, .out = y, .bias = bias, .then = then,
    .w = w, .w_taps = w_taps,
    .w_input = taps, .w_output = convolution->inputs * taps,
    .w_group = convolution->outputs * convolution->inputs * taps,
  };
  set_strides(job.out_strides, convolution->groups * convolution->outputs, convolution->places);
  correlate(type, &job);
  k_free(w_taps, bytes);
}

// MARK: The gradient by x

/// The taps of one axis by which the elements `phase`, `phase` + stride, ... of x meet places, and
/// where in g those of the first element are; their number.
///
/// x[h] meets the place p by the tap t where h = p * stride - padding + t * dilation.
static int64_t meeting_taps(const KConvolution *convolution, int axis, int64_t phase,
                            int64_t *positions, int64_t *taps) {
  int64_t count = 0;
  for (int64_t t = 0; t < convolution->kernel[axis]; t++) {
    int64_t distance = phase + convolution->padding[axis] - t * convolution->dilation[axis];
    if (distance % convolution->stride[axis] != 0) continue;
    positions[count] = distance / convolution->stride[axis];
    taps[count++] = t;
  }
  return count;
}

/// The gradient by every stride-th element of x along each axis: a convolution of g with a part of
/// the filters.
static void phase_gradient(KType type, const KConvolution *convolution, const Correlation *whole,
                           const int64_t *phase, int64_t *room) {
  Correlation job = *whole;
  Windows *windows = &job.windows;
  int64_t *taps[3];
  char *out = job.out;
  for (int axis = 0; axis < 3; axis++) {
    int64_t stride = convolution->stride[axis];
    windows->positions[axis] = room;
    taps[axis] = room + convolution->kernel[axis];
    windows->taps[axis] = meeting_taps(convolution, axis, phase[axis], room, taps[axis]);
    room = taps[axis] + convolution->kernel[axis];
    windows->step[axis] = 1;
    windows->places[axis] = k_divide_up(convolution->size[axis] - phase[axis], stride);
    out += phase[axis] * job.out_strides[axis + 2] * (int64_t)k_element_size(type);
    job.out_strides[axis + 2] *= stride;
  }
  job.out = out;
  // The output is zero where no tap meets it.
  if (k_product(windows->taps) == 0) return;
  int64_t *next = room;
  for (int64_t i = 0; i < windows->taps[0]; i++) {
    for (int64_t j = 0; j < windows->taps[1]; j++) {
      int64_t line = taps[0][i] * convolution->kernel[1] + taps[1][j];
      for (int64_t l = 0; l < windows->taps[2]; l++) {
        *next++ = line * convolution->kernel[2] + taps[2][l];
      }
    }
  }
  job.w_taps = room;
  correlate(type, &job);
}

/// Whether every element of x meets a tap, for all sizes.
static bool meets_all(const KConvolution *convolution) {
  for (int axis = 0; axis < 3; axis++) {
    if (convolution->stride[axis] > 1) return false;
  }
  return true;
}

void k_convolution_input_gradient(KType type, const KConvolution *convolution, void *out,
                                  const void *g, const int64_t *g_strides, const void *w,
                                  const KProgram *then) {
  int64_t channels = convolution->groups * convolution->inputs;
  int64_t count = convolution->batch * channels * k_product(convolution->size);
  if (count == 0) return;
  // Otherwise the output is computed in several parts, with gaps.
  bool is_whole = meets_all(convolution) && k_product(convolution->places) > 0;
  if (!is_whole) clear(type, out, count);
  if (k_product(convolution->places) == 0) {
    k_run_program_behind(then, out);
    return;
  }
  int64_t taps = k_product(convolution->kernel);
  Correlation whole = {
    .windows = {
      .batch = convolution->batch, .groups = convolution->groups, .inputs = convolution->outputs,
      .size = {convolution->places[0], convolution->places[1], convolution->places[2]},
      .x = g,
    },
    .outputs = convolution->inputs, .out = out,
    .w = w, .w_input = convolution->inputs * taps, .w_output = taps,
    .w_group = convolution->outputs * convolution->inputs * taps,
    .then = is_whole ? then : NULL,
  };
  memcpy(whole.windows.x_strides, g_strides, sizeof whole.windows.x_strides);
  set_strides(whole.out_strides, channels, convolution->size);
  size_t bytes = (size_t)(2 * sum(convolution->kernel) + taps) * sizeof(int64_t);
  int64_t *room = k_allocate(bytes);
  int64_t phase[3];
  for (phase[0] = 0; phase[0] < k_min(convolution->stride[0], convolution->size[0]); phase[0]++) {
    for (phase[1] = 0; phase[1] < k_min(convolution->stride[1], convolution->size[1]); phase[1]++) {
      for (phase[2] = 0; phase[2] < k_min(convolution->stride[2], convolution->size[2]);
           phase[2]++) {
        phase_gradient(type, convolution, &whole, phase, room);
      }
    }
  }
  k_free(room, bytes);
  if (!is_whole) k_run_program_behind(then, out);
}

// MARK: The gradient by the filters

void k_convolution_weight_gradient(KType type, const KConvolution *convolution, void *out,
                                   const void *x, const int64_t *x_strides, const void *g) {
  int64_t taps = k_product(convolution->kernel);
  int64_t count = convolution->groups * convolution->outputs * convolution->inputs * taps;
  if (convolution->batch == 0 || k_product(convolution->places) == 0) {
    clear(type, out, count);
    return;
  }
  size_t bytes = (size_t)sum(convolution->kernel) * sizeof(int64_t);
  int64_t *positions = k_allocate(bytes);
  FilterGradient job = {
    .windows = windows_of(convolution, x, x_strides, positions),
    .outputs = convolution->outputs, .out = out, .g = g,
  };
  if (type == KTypeFloat32) {
    K_PICK(sum_filters_f32)(&job);
  } else {
    K_PICK(sum_filters_f64)(&job);
  }
  k_free(positions, bytes);
}
