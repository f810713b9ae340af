// SPDX-License-Identifier: GPL-3.0-or-later
#include <commander/view_versions.h>

namespace commander {

std::string ViewVersionId::label() const
{
    return std::to_string(version) + '-' + toHex(domainHash.data(), 4);
}

ViewVersionId viewVersionOf(const FoldBinding &binding)
{
    return {binding.spec.name, binding.spec.version, binding.domain->description().hash};
}

std::string_view viewVersionStateName(ViewVersionState state) noexcept
{
    switch (state) {
    case ViewVersionState::Building:
        return "building";
    case ViewVersionState::Ready:
        return "ready";
    case ViewVersionState::Serving:
        return "serving";
    case ViewVersionState::Kept:
        return "kept";
    case ViewVersionState::Waiting:
        return "waiting";
    case ViewVersionState::Stopped:
        return "stopped";
    case ViewVersionState::Paused:
        return "paused";
    }
    return {};
}

} // namespace commander
