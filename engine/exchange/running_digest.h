// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <commander/ids.h>

#include <memory>
#include <string_view>

namespace commander {

/// A SHA-256 that goes on while others are computed on the same thread.
class RunningDigest {
public:
    RunningDigest();
    ~RunningDigest();
    RunningDigest(RunningDigest &&other) noexcept;
    RunningDigest &operator=(RunningDigest &&other) noexcept;

    void add(std::string_view bytes);
    /// Of everything added so far; may be added to afterwards.
    [[nodiscard]] Hash256 value() const;

private:
    struct State;
    std::unique_ptr<State> m_state;
};

} // namespace commander
