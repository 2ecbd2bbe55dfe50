// Chains: steps of a program that hand their results on in registers.
//
// A step on its own reads its operands from the cache and writes its result there, which takes longer
// than the arithmetic. In a chain a result is stored only if somebody else than the next step reads
// it. The arithmetic is that of the loops, hence the bits are, too.
//
// A chain is entered once per tile, and the processor must find its way from link to link anew: a few
// steps are faster as loops.
#include <math.h>
#include <stddef.h>

#include "chain.h"
#include "coefficients.h"
#include "elementwise.h"
#include "vectors.h"

#define SHORTEST_CHAIN 4

/// Where the code of a link is for whole vectors, and for a part of one.
typedef struct LinkCode {
  const void *whole;
  const void *part;
} LinkCode;

/// Operations beyond the end of a table, and others that are null, have no link.
typedef struct Links {
  LinkCode load;
  LinkCode store;
  LinkCode end;
  LinkCode unary[KUnaryRelu + 1];
  /// What was computed before is the left operand, or the right one.
  LinkCode binary[KBinaryMinimum + 1][2];
} Links;

typedef const Links *(*run_chain)(const KLink *links, char *const *places, int64_t count);

#define K_TEMPLATE "chain.inc"
#include "for_each_isa.h"

static const Links *links_of(KType type) { return K_PICK(run_chain)[type](NULL, NULL, 0); }

// MARK: Steps

static int input_count(const KStep *step) {
  switch (step->kind) {
    case KStepKindUnary:
    case KStepKindConvert:
    case KStepKindTest: return 1;
    case KStepKindBinary:
    case KStepKindCompare: return 2;
    case KStepKindSelect: return 3;
  }
}

static bool reads(const KStep *step, int16_t place) {
  for (int i = 0; i < input_count(step); i++) {
    if (step->in[i] == place) return true;
  }
  return false;
}

/// The code of a step whose left (0) or right (1) operand was computed before; null if it has none.
static LinkCode code_of(const KStep *step, int held) {
  if (step->from > KTypeFloat64) return (LinkCode){NULL, NULL};
  const Links *links = links_of(step->from);
  if (step->kind == KStepKindUnary && step->op <= KUnaryRelu) return links->unary[step->op];
  if (step->kind == KStepKindBinary && step->op <= KBinaryMinimum)
    return links->binary[step->op][held];
  return (LinkCode){NULL, NULL};
}

/// Whether a step's result must be in memory: somebody reads it besides the next step of its chain,
/// which ends with `last` and holds one operand in registers.
static bool is_stored(const KProgram *program, const KStep *step, const KStep *last) {
  const KStep *next = step + 1;
  if (step->out < 0 || step == last) return true;
  if (input_count(next) == 2 && next->in[0] == next->in[1]) return true;
  const KStep *end = program->steps + program->step_count;
  for (; next->out != step->out; next++) {
    if (next + 1 == end) return false;
    if (reads(next + 1, step->out)) return true;
  }
  return false;
}

// MARK: Links

static KLink link_to(const KProgram *program, LinkCode code, int16_t place) {
  bool repeats = place < 0 && k_operand_step(&program->operands[-1 - place]) == 0;
  return (KLink){code.whole, code.part, repeats ? 0 : -1, k_place_index(place)};
}

/// Writes the links of the chain from `first` to `last`; returns where they end.
static KLink *write_links(const KProgram *program, const KStep *first, const KStep *last,
                          KLink *link) {
  const Links *links = links_of(first->from);
  for (const KStep *step = first; step <= last; step++) {
    bool is_held = step > first && reads(step, step[-1].out);
    if (!is_held) *link++ = link_to(program, links->load, step->in[0]);
    int held = is_held && step->in[0] != step[-1].out;
    int other = input_count(step) == 2 && !held;
    *link++ = link_to(program, code_of(step, held), step->in[other]);
    if (is_stored(program, step, last)) *link++ = link_to(program, links->store, step->out);
  }
  *link++ = (KLink){links->end.whole, links->end.part, 0, 0};
  return link;
}

void k_prepare_chains(KProgram *program) {
  for (int type = KTypeFloat32; type <= KTypeFloat64; type++)
    program->chain_loops[type] = (void *)K_PICK(run_chain)[type];
  KLink *link = program->links;
  KStep *end = program->steps + program->step_count;
  for (KStep *first = program->steps; first < end; first++) {
    KStep *last = first;
    while (last < end && last->from == first->from && code_of(last, 0).whole) last++;
    first->chain_length = 0;
    if (last - first < SHORTEST_CHAIN) continue;
    first->chain_length = (int32_t)(last - first);
    first->first_link = (int32_t)(link - program->links);
    link = write_links(program, first, last - 1, link);
    first = last - 1;
  }
}

void k_run_chain(const KProgram *program, const KStep *first, char *const *places, int64_t count) {
  // Of the instruction set that the links belong to.
  run_chain loop = (run_chain)program->chain_loops[first->from];
  loop(program->links + first->first_link, places, count);
}
