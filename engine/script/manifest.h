// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "script/declared_handler.h"
#include "script/domain_folder.h"

#include <optional>
#include <string>
#include <vector>

namespace commander::script {

struct CommandEntry {
    CommandSpec spec;
    std::optional<DeclaredHandler> declared; ///< nothing: scripted
};

struct EventEntry {
    EventSpec spec;
    std::string keyField;                    ///< member of `data` that is the event's key; empty = none
    std::optional<DeclaredFold> upcast = {}; ///< declared upcasters by the version that they begin with, as text

    /// The upcaster from this version is a script.
    [[nodiscard]] bool isScriptedFrom(std::uint32_t version) const;
    [[nodiscard]] std::optional<std::uint32_t> firstScripted() const;
};

struct ViewEntry {
    ViewSpec spec;
    std::optional<DeclaredFold> declared; ///< nothing: scripted
};

struct ReactionEntry {
    std::string name;
    std::vector<std::string> events;
};

/// What domain.json says.
struct Manifest {
    std::string name;
    std::uint32_t version = 1;
    std::string eventsTopic;
    FaultPolicy onFault = FaultPolicy::Fail;
    std::string module; ///< of the scripts; empty when nothing is scripted
    std::vector<CommandEntry> commands;
    std::vector<EventEntry> events;
    std::vector<EventEntry> otherEvents; ///< of other domains, which this one knows in several versions
    std::vector<ViewEntry> views;
    std::vector<ReactionEntry> reactions;

    [[nodiscard]] const EventEntry *findEvent(std::string_view action) const;
    /// The event, its own or another domain's, whose upcasters this one has; null without.
    [[nodiscard]] const EventEntry *findUpcast(std::string_view action) const;
    /// The key that an event's data states; empty without.
    [[nodiscard]] std::string keyOf(std::string_view action, const Json &data) const;
    [[nodiscard]] DomainDescription describe(const Hash256 &hash) const;
};

/// Adds every problem of the folder's domain.json to `problems`; the manifest is of use only when there is none.
[[nodiscard]] Manifest readManifest(const DomainFolder &folder, std::vector<DomainProblem> &problems);

} // namespace commander::script
