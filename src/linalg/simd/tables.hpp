// Every table of kernels, for the file of an instruction set: ORTHANT_TABLES(level, T, V) defines its table_on, which
// kernels.hpp declares, for each table of T by the kernels of V.
#pragma once
#include "simd/factormer.hpp"
#include "simd/loss.hpp"
#include "simd/mu.hpp"
#include "simd/products.hpp"
#include "simd/relu.hpp"
#include "simd/runs.hpp"
#include "simd/sparse.hpp"
#include "simd/train.hpp"

#define ORTHANT_TABLE(level, Table, V) \
  template <>                          \
  const Table &table_on<Level::level, Table>() { return made<Table, V>; }

#define ORTHANT_TABLES(level, T, V)             \
  ORTHANT_TABLE(level, Kernels<T>, V)           \
  ORTHANT_TABLE(level, SparseKernels<T>, V)     \
  ORTHANT_TABLE(level, RunKernels<T>, V)        \
  ORTHANT_TABLE(level, ReluKernels<T>, V)       \
  ORTHANT_TABLE(level, LossKernels<T>, V)       \
  ORTHANT_TABLE(level, MuKernels<T>, V)         \
  ORTHANT_TABLE(level, FactormerKernels<T>, V)  \
  ORTHANT_TABLE(level, TrainKernels<T>, V)
