// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "rest/router.h"

#include <commander/engine.h>

#include <map>

namespace commander::rest {

/// The paths that domains give their views, as the domains are now: they may be exchanged while the server runs. Server
/// thread only.
class DomainPaths {
public:
    /// Makes the routes of a path and of the documents below it.
    using MakeRoutes = std::function<std::vector<Route>(const std::string &path, const std::string &view)>;
    DomainPaths(Engine &engine, MakeRoutes make) : m_engine(engine), m_make(std::move(make)) { }

    /// Quick when nothing was installed since the last call.
    void refresh(Router &router);

private:
    /// Tells whether something was installed.
    struct Mark {
        std::size_t installations = 0;
        Position last;
        bool operator==(const Mark &) const = default;
    };

    Engine &m_engine;
    const MakeRoutes m_make;
    std::optional<Mark> m_mark;
    std::map<std::string, std::string> m_paths; ///< and their views
};

} // namespace commander::rest
