// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <commander/domain.h>

#include <memory>

namespace commander {

/// One view and the domain that folds it.
struct FoldBinding {
    std::shared_ptr<const Domain> domain;
    ViewSpec spec;
};

} // namespace commander
