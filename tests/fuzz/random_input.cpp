// random_input SECONDS [FIRST]: a fuzz target on random bytes, where no fuzzer is linked with it.  Ends as libFuzzer
// does; the bytes of a crash are left in a file `crash-N`, N the number of the execution.
// random_input FILE: on the bytes of a file.
#include <chrono>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <vector>

extern "C" int LLVMFuzzerTestOneInput(const unsigned char *bytes, size_t size);
extern "C" __attribute__((weak)) void __sanitizer_set_death_callback(void (*callback)());

namespace {

std::vector<unsigned char> input;
unsigned long long number = 0;

void keep() {
  char name[40];
  snprintf(name, sizeof name, "crash-%llu", number);
  if (FILE *file = fopen(name, "wb")) {
    fwrite(input.data(), 1, input.size(), file);
    fclose(file);
  }
  fprintf(stderr, "the bytes are in %s\n", name);
}

// All bytes follow from the number.
void draw() {
  unsigned long long state = number * 0x9E3779B97F4A7C15u + 1;
  const auto next = [&] {
    state ^= state << 13, state ^= state >> 7, state ^= state << 17;
    return static_cast<unsigned>(state >> 33);
  };
  for (int i = 0; i < 4; ++i) next();
  input.resize(40 + next() % 160);
  for (unsigned char &b : input) b = static_cast<unsigned char>(next());
}

}  // namespace

int main(int count, char **words) {
  char *end = nullptr;
  const double seconds = count > 1 ? strtod(words[1], &end) : 5;
  if (end && *end) {
    std::ifstream file(words[1], std::ios::binary);
    input.assign(std::istreambuf_iterator<char>(file), {});
    return LLVMFuzzerTestOneInput(input.data(), input.size());
  }
  if (__sanitizer_set_death_callback) __sanitizer_set_death_callback(keep);
  std::signal(SIGABRT, [](int) {
    keep();
    _Exit(1);
  });
  const unsigned long long first = count > 2 ? strtoull(words[2], nullptr, 10) : 0;
  const auto began = std::chrono::steady_clock::now();
  for (number = first; std::chrono::duration<double>(std::chrono::steady_clock::now() - began).count() < seconds;
       ++number) {
    draw();
    LLVMFuzzerTestOneInput(input.data(), input.size());
  }
  printf("Done %llu runs in %.0f second(s)\n", number - first, seconds);
}
