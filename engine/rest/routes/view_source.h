// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "rest/query_params.h"

#include <commander/engine.h>

namespace commander::rest {

/// The version of a view that a label such as 2-1a2b3c4d means, or a number that only one version has. Errors NotFound,
/// InvalidArgument (several have the number).
[[nodiscard]] Result<ViewVersionId> findViewVersion(Engine &engine, const std::string &view, const std::string &label);

/// Whose documents a request reads: what serves, or the version that `version` names.
class ViewSource {
public:
    /// Errors of findViewVersion, NotReady.
    [[nodiscard]] static Result<ViewSource> of(Engine &engine, const std::string &view, const QueryParams &query);

    [[nodiscard]] ViewReader &reader() const noexcept { return *m_reader; }
    /// Every event up to here is in its documents.
    [[nodiscard]] Position position() const noexcept { return m_position; }
    /// The state that an answer shows: the one asked for, else the newest.
    [[nodiscard]] Position shown(const std::optional<Position> &at) const noexcept
    {
        return at && *at < m_position ? *at : m_position;
    }

private:
    std::shared_ptr<ViewReader> m_reader;
    Position m_position;
};

} // namespace commander::rest
