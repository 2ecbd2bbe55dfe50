// A program on each finished block of a matrix product or another operation.
#ifndef EPILOGUE_H
#define EPILOGUE_H
#include "matmul.h"
#include "Plan.h"

/// A program, and the place of a product's first element among those of the program: not 0 within a
/// batch.
struct Epilogue {
  KEpilogue what;
  int64_t start;
};

/// How many multiply-adds take as long as the program of one element.
int64_t k_epilogue_work(const KEpilogue *epilogue);

/// The steps of one element.
int64_t k_program_cost(const KProgram *program);
/// Elements [first, first + count) of a program, on this thread. `product` is where element 0 of the
/// product would lie if all lay like those from `first` on.
void k_run_program_part(const KProgram *program, int64_t first, int64_t count, const void *product);
/// The whole program, if there is one, behind a product that lies at `product`.
void k_run_program_behind(const KProgram *program, const void *product);

#endif
