// first [OUT]: what first.c does, in C++17.
#include <cmath>
#include <cstdio>
#include <orthant/orthant.hpp>
#include <string>

static bool same(double a, double b) { return std::fabs(a - b) < 1e-5; }

template <class T> static bool first(const std::string &out) {
  std::vector<T> V(60 * 80), W, H;
  for (int i = 0; i < 60 * 80; ++i) V[i] = T((i * 7919) % 101);
  orthant_nmf_config c{};
  c.rows = 60, c.cols = 80, c.rank = 4;
  orthant::Nmf<T>(c).factor(V, W, H);

  const std::vector<T> E{T(0.1), T(0.2), T(0.3), T(0.4), T(0.9), T(0.5), T(0.2), T(0.1)};
  const std::vector<T> Y{T(0.3),  T(0.275), T(0.275), T(0.325), T(NAN), T(0.35),
                         T(0.25), T(0.25),  T(0.9),   T(0.5),   T(0.2), T(0.1)};
  orthant_unmix_config u{};
  u.bands = 4, u.endmembers = 2, u.sum_to_one = 1;
  const std::vector<T> A = orthant::Unmixer<T>(u, E).abundances(Y);
  if (!same(A[0], 0.75) || !same(A[1], 0.25) || !std::isnan(A[2]) || !std::isnan(A[3]) || !same(A[5], 1)) return false;

  if (out.empty()) return true;
  std::FILE *f = std::fopen((out + (sizeof(T) == 4 ? ".f32" : ".f64")).c_str(), "wb");
  if (!f) return false;
  for (auto *v : {&static_cast<const std::vector<T> &>(W), &static_cast<const std::vector<T> &>(H), &A})
    if (std::fwrite(v->data(), sizeof(T), v->size(), f) != v->size()) return false;
  return std::fclose(f) == 0;
}

int main(int argc, char **argv) {
  const std::string out = argc > 1 ? argv[1] : "";
  return first<float>(out) && first<double>(out) ? 0 : 1;
}
