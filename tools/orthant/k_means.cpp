// k-means of a few numbers a sample: the last step of spectral clustering.
#include <algorithm>
#include <limits>
#include <random>

#include "cluster.hpp"

namespace orthant::tool {

namespace {

constexpr int draws = 10, most_rounds = 100;

// Points side by side, `width` numbers each.
struct Points {
  const std::vector<double> &values;
  size_t width;
  size_t count() const { return values.size() / width; }
  const double *at(size_t i) const { return values.data() + i * width; }
  double squares(size_t i, const double *mean) const {
    double sum = 0;
    for (size_t k = 0; k < width; ++k) sum += (at(i)[k] - mean[k]) * (at(i)[k] - mean[k]);
    return sum;
  }
};

class Draw {
 public:
  Draw(const Points &points, size_t clusters, std::mt19937_64 &engine)
      : points_(points), clusters_(clusters), label_(points.count()), away_(points.count()) {
    seed(engine);
  }
  // To rest: the sum of the squares.
  double run() {
    double sum = assign();
    for (rounds_ = 1; rounds_ < most_rounds; ++rounds_) {
      move_means();
      const double next = assign();
      if (!(next < sum)) break;
      sum = next;
    }
    return sum;
  }
  const std::vector<int32_t> &label() const { return label_; }
  int rounds() const { return rounds_; }

 private:
  // Each mean is a point, drawn by its square distance to those before [Arthur, Vassilvitskii 2007].
  void seed(std::mt19937_64 &engine) {
    std::fill(away_.begin(), away_.end(), 1.0);
    for (size_t c = 0; c < clusters_; ++c) {
      double total = 0;
      for (const double a : away_) total += a;
      double left = total * static_cast<double>(engine() >> 11) * 0x1p-53;
      size_t i = 0;
      while (i + 1 < away_.size() && !(left < away_[i])) left -= away_[i++];
      means_.insert(means_.end(), points_.at(i), points_.at(i) + points_.width);
      for (size_t j = 0; j < away_.size(); ++j) {
        const double squares = points_.squares(j, mean(c));
        away_[j] = c == 0 ? squares : std::min(away_[j], squares);
      }
    }
  }
  double assign() {
    double sum = 0;
    for (size_t i = 0; i < label_.size(); ++i) {
      away_[i] = std::numeric_limits<double>::infinity();
      for (size_t c = 0; c < clusters_; ++c) {
        const double squares = points_.squares(i, mean(c));
        if (!(squares < away_[i])) continue;
        away_[i] = squares;
        label_[i] = static_cast<int32_t>(c);
      }
      sum += away_[i];
    }
    return sum;
  }
  // A cluster without points takes the one that is farthest from its mean.
  void move_means() {
    std::vector<double> count(clusters_);
    std::fill(means_.begin(), means_.end(), 0.0);
    for (size_t i = 0; i < label_.size(); ++i) {
      const auto c = static_cast<size_t>(label_[i]);
      ++count[c];
      for (size_t k = 0; k < points_.width; ++k) mean(c)[k] += points_.at(i)[k];
    }
    for (size_t c = 0; c < clusters_; ++c) {
      if (count[c] > 0) {
        for (size_t k = 0; k < points_.width; ++k) mean(c)[k] /= count[c];
        continue;
      }
      const auto farthest = std::max_element(away_.begin(), away_.end());
      std::copy_n(points_.at(static_cast<size_t>(farthest - away_.begin())), points_.width, mean(c));
      *farthest = 0;
    }
  }
  double *mean(size_t c) { return means_.data() + c * points_.width; }

  const Points points_;
  const size_t clusters_;
  std::vector<int32_t> label_;
  std::vector<double> away_, means_;  // square distance of each point to its mean
  int rounds_ = 0;
};

}  // namespace

Grouping k_means(const std::vector<double> &points, int32_t width, int32_t clusters, uint64_t seed) {
  Grouping best;
  double least = std::numeric_limits<double>::infinity();
  std::mt19937_64 engine(seed);
  for (int k = 0; k < draws; ++k) {
    Draw draw({points, static_cast<size_t>(width)}, static_cast<size_t>(clusters), engine);
    const double sum = draw.run();
    if (!(sum < least)) continue;
    least = sum;
    best = {draw.label(), draw.rounds()};
  }
  return best;
}

}  // namespace orthant::tool
