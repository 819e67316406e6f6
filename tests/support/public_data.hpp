// Data sets that are not part of the repository: in the directory that ORTHANT_DATA names, or beside the checkout.
#pragma once
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <string>

namespace orthant::test {

// Where "file" or "file:variable" is; empty, after a message, where it is not.
inline std::string public_data(const std::string &name) {
  std::string root = "../shared/data";
  for (const char *variable : {"ORTHANT_DATA_DEFAULT", "ORTHANT_DATA"})
    if (const char *value = getenv(variable)) root = value;
  const std::string path = root + "/" + name;
  if (std::ifstream(path.substr(0, path.rfind(':')))) return path;
  printf("skipped: no %s (ORTHANT_DATA=DIR)\n", path.c_str());
  return "";
}

}  // namespace orthant::test
