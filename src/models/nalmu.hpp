// NALMU: K unrolled multiplicative updates with trained multipliers, on an image (algorithms.md, "NALMU").
//
// Where to find what:
//   nalmu_shape   what a network is, and how it is read from a blob     nalmu_pass  its layers; nalmu_back  backwards
//   nalmu         inference: a model, or plain MU                       nalmu_train, nalmu_blob  training, its state
#pragma once
#include "nalmu_pass.hpp"

namespace orthant {

// What a share of the pixels sums up.
struct NalmuSums {
  double residual = 0, squares = 0, kkt = 0;
  int32_t worst = 0;  // the pixel of kkt
  bool bad = false;   // an entry of Y may not be there
  void operator+=(const NalmuSums &other) {
    residual += other.residual;
    squares += other.squares;
    bad = bad || other.bad;
    see(other.kkt, other.worst);
  }
  void see(double value, int32_t pixel) {
    if (!(value > kkt)) return;
    kkt = value;
    worst = pixel;
  }
};

template <class T>
struct NalmuWorker {
  NalmuPass<T> pass;
  Mat<T> F, X, D;  // panel x rank: Y'W, H' and H'W'W of the pixels that are judged
  T *tile;
};

template <class T>
struct Nalmu {
  NalmuShape s;                 // its bands and pixels are those of the image
  int32_t pixels = 0, layers = 0, given = 0;
  double start_h = 1;
  const void *model = nullptr;  // the caller's blob, or null: all multipliers are one
  Parallel par;

  // What is asked for; zero leaves it to the model, or to the default.
  struct Choice {
    int32_t bands = 0, pixels = 0;                    // of the image
    int32_t endmembers = 0, layers = 0, factors = 0;  // factors: that move, 1 or 2
  };
  // Sets the shape, from `model` where there is one.  OK | E_ARG | E_BLOB where the model is not of this image.
  Status resolve(const Choice &c);

  // Y bands x pixels; W bands x rank, H rank x pixels.  W is only read where one factor moves.
  Status run(void *base, const Operand<T> &Y, Mat<T> W, Mat<T> H, Report *report);

  struct Blocks {
    NalmuSums *sums;
    Mat<T> G;
    WorkerScratch<NalmuWorker<T>> workers;
  };
  void layout(Carver &carve, Blocks &b) const;

 private:
  static constexpr int32_t max_parts = small_target ? 4 : 16;
  struct Call;
  // Each pixel by itself, panel by panel, or all in one pass.
  bool panel_by_panel() const { return !s.both && s.spread[side_h] == Spread::component; }
  bool starts_from_model() const;
  void worker_layout(Carver &carve, NalmuWorker<T> &w) const;
};

}  // namespace orthant
