// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "domain/domain_catalog.h"
#include "processor/key_revisions.h"
#include "views/view_shelf.h"

#include <commander/clock.h>
#include <commander/ledger.h>
#include <commander/preview.h>

#include <functional>

namespace commander {

/// Dry runs over the views' documents of one position. Keeps nothing between calls. Thread-safe.
class Previewer final : public Previews {
public:
    struct Options {
        Ledger &ledger;
        const DomainCatalog &domains;
        ViewReader &views; ///< in the versions that the domains declare, whatever serves
        EventCounter &events;
        std::function<SkippedByVersion()> skipped; ///< what views leave out by now
        const Clock &clock;
        /// What the door does to a command: checks it and makes the record of it.
        std::function<Result<RecordDraft>(CommandDraft)> admit;
    };
    explicit Previewer(Options options) : m_options(std::move(options)) { }

    [[nodiscard]] Result<Preview> preview(CommandDraft draft, std::optional<Position> at,
                                          std::stop_token stop) override;

private:
    [[nodiscard]] Result<Record> rootCommand(CommandDraft draft, bool now, Position base);

    const Options m_options;
};

/// Waits until the views have come to a position. Error NotReady, Cancelled.
[[nodiscard]] Result<void> awaitViews(ViewReader &views, Position position, std::stop_token stop);

} // namespace commander
