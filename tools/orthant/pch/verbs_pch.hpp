// Parsed once for all verbs: the command line parser takes longer to read than a verb to compile.
#include <CLI/CLI.hpp>
