// same_cpp run FILE OUT: what same_c.c does, in C++17.
#include <cstdio>
#include <vector>

#include "orthant/orthant.hpp"

int main(int argc, char **argv) {
  std::vector<float> V(60 * 80), E(50 * 4), Y(50 * 400), W, H;
  std::FILE *f = argc == 4 ? std::fopen(argv[2], "rb") : nullptr;
  if (!f) return 1;
  for (auto *v : {&V, &E, &Y})
    if (std::fread(v->data(), sizeof(float), v->size(), f) != v->size()) return 1;
  std::fclose(f);
  orthant_nmf_config c{};
  c.rows = 60, c.cols = 80, c.rank = 4;
  const orthant_report r = orthant::Nmf<float>(c).factor(V, W, H);
  orthant_unmix_config u{};
  u.bands = 50, u.endmembers = 4, u.sum_to_one = 1;
  orthant_report s{};
  s.size = sizeof s;
  std::vector<float> A = orthant::Unmixer<float>(u, E).abundances(Y, &s);
  f = std::fopen(argv[3], "wb");
  if (!f) return 1;
  for (auto *v : {&W, &H, &A})
    if (std::fwrite(v->data(), sizeof(float), v->size(), f) != v->size()) return 1;
  const double numbers[] = {r.objective, r.kkt, s.objective, s.kkt};
  return std::fwrite(numbers, sizeof(double), 4, f) != 4 || std::fclose(f) != 0;
}
