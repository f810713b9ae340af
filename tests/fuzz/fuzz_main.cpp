// SPDX-License-Identifier: GPL-3.0-or-later
#include "fuzz/invariants.h"

#include <cstdint>
#include <cstdio>
#include <cstdlib>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *bytes, std::size_t count)
{
    const auto broken = commander::brokenInvariant(std::string_view(reinterpret_cast<const char *>(bytes), count));
    if (!broken.empty()) {
        std::fprintf(stderr, "%s\n", broken.c_str());
        std::abort();
    }
    return 0;
}
