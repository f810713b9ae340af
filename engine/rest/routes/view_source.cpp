// SPDX-License-Identifier: GPL-3.0-or-later
#include "rest/routes/view_source.h"

namespace commander::rest {

Result<ViewVersionId> findViewVersion(Engine &engine, const std::string &view, const std::string &label)
{
    std::optional<ViewVersionId> found;
    std::string all;
    for (const auto &version : engine.viewVersions().list()) {
        if (version.id.view != view)
            continue;
        all += (all.empty() ? "" : ", ") + version.id.label();
        if (version.id.label() != label && std::to_string(version.id.version) != label)
            continue;
        if (found) {
            return fail(ErrorCode::InvalidArgument, "several versions have this number", view + ' ' + label,
                        "Name one by its label.");
        }
        found = version.id;
    }
    if (!found && all.empty())
        return fail(ErrorCode::UnknownView, "no such view", view, "GET /views lists them.");
    if (!found)
        return fail(ErrorCode::NotFound, "no such version", view + ' ' + label, "There are " + all + '.');
    return *found;
}

Result<ViewSource> ViewSource::of(Engine &engine, const std::string &view, const QueryParams &query)
{
    ViewSource source;
    const auto label = query.text("version");
    if (!label) {
        // Before the documents are read: what is read then is at least as new.
        source.m_position = engine.updates().progress().viewed;
        source.m_reader = {std::shared_ptr<void>(), &engine.views()}; // the engine's own
        return source;
    }
    const auto id = findViewVersion(engine, view, *label);
    if (!id)
        return fail(id.error());
    for (const auto &version : engine.viewVersions().list()) {
        if (version.id == *id)
            source.m_position = version.position;
    }
    auto reader = engine.viewVersions().reader(*id);
    if (!reader)
        return fail(reader.error());
    source.m_reader = std::move(*reader);
    return source;
}

} // namespace commander::rest
