// SPDX-License-Identifier: GPL-3.0-or-later
#include "rest/routes/domain_paths.h"

namespace commander::rest {

void DomainPaths::refresh(Router &router)
{
    // The domains themselves are exchanged before an installation is listed.
    const auto installed = m_engine.domains().installed();
    const Mark mark{installed.size(), installed.empty() ? Position() : installed.back().position};
    if (m_mark == mark)
        return;
    m_mark = mark;
    std::map<std::string, std::string> wanted;
    for (const auto &domain : m_engine.commands().domains()) {
        for (const auto &view : domain.views) {
            if (view.path.starts_with('/'))
                wanted.try_emplace(view.path, view.name);
        }
    }
    std::erase_if(m_paths, [&](const auto &path) {
        const auto found = wanted.find(path.first);
        if (found != wanted.end() && found->second == path.second)
            return false;
        router.remove(path.first);
        router.remove(path.first + "/{key}");
        return true;
    });
    for (const auto &[path, view] : wanted) {
        // The server's own paths win over a domain's.
        if (m_paths.contains(path) || router.knows(path) || router.knows(path + "/{key}"))
            continue;
        m_paths.emplace(path, view);
        for (auto &route : m_make(path, view)) {
            route.view = view;
            router.add(std::move(route));
        }
    }
}

} // namespace commander::rest
