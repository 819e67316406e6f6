// The test framework: GoogleTest on a host, a few of its macros on bare metal.  Tests that run on both include this.
#pragma once
#ifdef ORTHANT_TINY_TEST
#include "tiny_test.hpp"
#else
#include <gtest/gtest.h>
#endif
