// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "views/view_engine.h"

#include <commander/view_versions.h>

#include <chrono>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace commander {

/// One version of one view, and the engine that keeps it. Never changes; another one takes its place.
struct ViewMember {
    ViewVersionId id;
    std::string domain;
    ViewSpec spec;
    std::shared_ptr<ViewEngine> engine; ///< null: its file is there, its fold is not known
    std::size_t number = 0;             ///< of the view in the engine
    std::string ownFile;                ///< path of the file that holds it alone; empty = the shared one
    bool asleep = false;                ///< in the shared file, its fold is not known
    Position openedAt;
    std::chrono::steady_clock::time_point openedTime;

    [[nodiscard]] bool isLive() const noexcept { return engine && !asleep; }
    /// Folded up to here; nothing when it is not folded any more, or paused.
    [[nodiscard]] std::optional<Position> position() const;
    /// Folding its file has stopped as a whole.
    [[nodiscard]] bool hasFailed() const { return isLive() && engine->hasFailed(); }
    /// Why it is not folded any more, or empty.
    [[nodiscard]] std::string problem() const;
};
using ViewMemberPtr = std::shared_ptr<const ViewMember>;

/// Which versions there are and what each is for, at one moment.
struct ViewTable {
    std::vector<ViewMemberPtr> members;
    std::map<std::string, ViewMemberPtr, std::less<>> serving;  ///< what readers see, by name
    std::map<std::string, ViewMemberPtr, std::less<>> deciding; ///< what the processor's domains declare, by name
    std::vector<std::string> names;                             ///< of the serving ones, in the order of the domains

    /// How far all of a role's members are that neither stopped nor are paused; nothing when none is left. Nobody waits
    /// for a serving one whose file cannot be written any more, but a decision does.
    [[nodiscard]] std::optional<Position> servingPosition() const;
    [[nodiscard]] std::optional<Position> decidingPosition() const;

    [[nodiscard]] ViewMemberPtr find(const ViewVersionId &id) const;
    void put(ViewMemberPtr member); ///< in place of the one with the same id
    void erase(const ViewVersionId &id);
    void serve(const ViewMemberPtr &member);
    void retire(const std::string &view); ///< no version of it serves or decides any more
};
using ViewTablePtr = std::shared_ptr<const ViewTable>;

} // namespace commander
