// Factor a matrix of rank one.
#include <cstdio>
#include <orthant/orthant.hpp>

int main() {
  std::vector<double> V, W, H;
  for (int j = 1; j <= 4; ++j)
    for (int i = 1; i <= 3; ++i) V.push_back(i * j);
  orthant_nmf_config c{};
  c.rows = 3, c.cols = 4, c.rank = 1;
  const orthant_report r = orthant::Nmf<double>(c).factor(V, W, H);
  std::printf("C++: |V - W H| / |V| = %.1e\n", r.rel_error);
  return r.rel_error < 1e-6 ? 0 : 1;
}
