// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

namespace commander {

enum class DigestKind { Sha1, Sha256 };

/// One hash being computed on a context that each thread keeps and reuses: begin, add, finish. Only one per thread and
/// kind at a time.
class Digest {
public:
    explicit Digest(DigestKind kind); ///< begins
    Digest &add(std::string_view bytes);
    Digest &add(std::span<const std::uint8_t> bytes);
    /// `out` is exactly as long as the hash.
    void finish(std::span<std::uint8_t> out);

private:
    void *m_context;
};

} // namespace commander
