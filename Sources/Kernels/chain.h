// Chains: steps of a program that hand their results on in registers.
#ifndef CHAIN_H
#define CHAIN_H
#include "Plan.h"

/// Bytes that a link may read of an operand with one element for all: four vectors of any set.
#define K_REPEATED_BYTES 256

/// Where a program's place is found among the pointers of a tile.
static inline int k_place_index(int16_t place) {
  return place >= 0 ? place : K_MAX_REGISTERS - 1 - place;
}

/// Whether an operand has an element for each of a tile, or one for all.
static inline int k_operand_step(const KOperand *operand) {
  switch (operand->access) {
    case KAccessFlat:
    case KAccessGathered:
    case KAccessBlock: return 1;
    case KAccessSingle: return 0;
    case KAccessRows: return operand->step;
  }
}

/// Finds the chains among the steps of a program, whose loops were looked up, and writes their links.
void k_prepare_chains(KProgram *program);
/// Runs the chain that begins at a step on `count` elements. `places` holds the addresses of the
/// first elements, by k_place_index; of operands with one element for all, K_REPEATED_BYTES of it.
void k_run_chain(const KProgram *program, const KStep *first, char *const *places, int64_t count);

#endif
