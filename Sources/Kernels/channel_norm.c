// Batch norm and group norm of x[batch, channels, length], forward and backward. What is normalized
// together, a row here, is a number of segments of consecutive elements: of a channel in each
// element of the batch, or of the channels of a group. Sums go over segments one after the other.
#include "split.h"
#include "vectors.h"

/// An element's cost relative to an addition's.
#define COST 4

typedef struct ChannelNorm {
  void *out;
  const void *x;
  const void *weight;
  const void *bias;
  const void *g;
  /// Of each row.
  void *mean, *variance;
  int64_t rows, row_stride;
  int64_t segments, segment_stride, length;
  int64_t groups, channels;
  double epsilon;
  bool is_batch;
  bool has_bias;
  /// How many gradients are sums: of weight, bias, both or none.
  int64_t sums;
  /// [batch, sums, channels], or [sums, channels] if rows go over the batch.
  void *partial_sums;
} ChannelNorm;

#define K_TEMPLATE "channel_norm_types.inc"
#include "for_each_isa.h"

static ChannelNorm channel_norm_of(int64_t batch, int64_t channels, int64_t length, int64_t groups,
                                   double epsilon) {
  ChannelNorm norm = {.length = length, .groups = groups, .channels = channels,
                      .epsilon = epsilon, .is_batch = groups == 0};
  if (norm.is_batch) {
    norm.rows = channels;
    norm.row_stride = length;
    norm.segments = batch;
    norm.segment_stride = channels * length;
  } else {
    norm.rows = batch * groups;
    norm.segments = channels / groups;
    norm.row_stride = norm.segments * length;
    norm.segment_stride = length;
  }
  return norm;
}

void k_channel_norm(KType type, void *out, const void *x, const void *weight, const void *bias,
                    int64_t batch, int64_t channels, int64_t length, int64_t groups,
                    double epsilon) {
  ChannelNorm norm = channel_norm_of(batch, channels, length, groups, epsilon);
  norm.out = out;
  norm.x = x;
  norm.weight = weight;
  norm.bias = bias;
  size_t size = k_element_size(type);
  norm.mean = (char *)out + (size_t)(batch * channels * length) * size;
  norm.variance = (char *)norm.mean + (size_t)norm.rows * size;
  k_range_task task =
      type == KTypeFloat32 ? K_PICK(channel_norm_rows_f32) : K_PICK(channel_norm_rows_f64);
  k_run_ranges(norm.rows, k_grain(norm.segments * length * COST), task, &norm);
}

void k_channel_norm_gradient(KType type, void *out, const void *x, const void *weight,
                             bool has_bias, const void *forward, const void *g, int64_t batch,
                             int64_t channels, int64_t length, int64_t groups, double epsilon) {
  ChannelNorm norm = channel_norm_of(batch, channels, length, groups, epsilon);
  norm.out = out;
  norm.x = x;
  norm.weight = weight;
  norm.has_bias = has_bias;
  norm.sums = (weight != NULL) + has_bias;
  norm.g = g;
  size_t size = k_element_size(type);
  size_t bytes = (size_t)(batch * channels * length) * size;
  norm.mean = (char *)forward + bytes;
  norm.variance = (char *)norm.mean + (size_t)norm.rows * size;
  char *totals = (char *)out + bytes;
  char *after_totals = totals + (size_t)(norm.sums * channels) * size;
  norm.partial_sums = norm.is_batch ? totals : after_totals;
  k_range_task task = type == KTypeFloat32 ? K_PICK(channel_norm_gradient_rows_f32)
                                           : K_PICK(channel_norm_gradient_rows_f64);
  k_run_ranges(norm.rows, k_grain(norm.segments * length * COST), task, &norm);
  if (norm.is_batch || norm.sums == 0) return;
  k_reduce(KReduceSum, type, totals, after_totals, 1, batch, norm.sums * channels);
}
