// SPDX-License-Identifier: GPL-3.0-or-later
#include "experiments/previewer.h"

#include "experiments/decision_groups.h"
#include "experiments/simulator.h"

#include <commander/limits.h>

#include <deque>

namespace commander {

namespace {

using namespace std::chrono_literals;

constexpr auto viewsWait = 10s;
constexpr auto viewsLook = 100ms;

/// Decides the command and what follows from it, one after the other.
class PreviewRun {
public:
    PreviewRun(Preview &preview, const DomainRegistry &domains, SimulatedViews &views)
        : m_preview(preview), m_views(views), m_simulator(domains, views), m_next(preview.at)
    {
    }

    [[nodiscard]] Result<void> run(Record command, std::stop_token stop)
    {
        command.position = m_next = m_next.next();
        m_queue.push_back(std::move(command));
        while (!m_queue.empty()) {
            if (stop.stop_requested())
                return fail(ErrorCode::Cancelled, "stopped");
            PreviewedCommand one;
            one.command = std::move(m_queue.front());
            m_queue.pop_front();
            if (m_preview.commands.size() >= limits::previewCommandsMax) {
                ++m_preview.undecided;
                continue;
            }
            if (isDueAt(one.command, one.command.recordedAt)) {
                if (auto decided = decide(one); !decided)
                    return decided;
            } else {
                ++m_preview.undecided;
            }
            m_preview.commands.push_back(std::move(one));
        }
        return {};
    }

private:
    [[nodiscard]] Result<void> decide(PreviewedCommand &one)
    {
        auto drafts = m_simulator.decide(one.command, usualResultId(one.command.id), one.command.recordedAt);
        if (!drafts)
            return fail(drafts.error());
        for (auto &draft : *drafts) {
            auto record = simulatedRecord(std::move(draft), one.command.recordedAt);
            record.position = m_next = m_next.next();
            switch (record.kind) {
            case RecordKind::Event:
                if (auto folded = m_views.fold(record, &one.changes); !folded)
                    return folded;
                one.events.push_back(std::move(record));
                break;
            case RecordKind::Result: {
                auto outcome = parseOutcome(record.data);
                if (!outcome)
                    return fail(outcome.error());
                one.outcome = std::move(*outcome);
                one.result = std::move(record);
                break;
            }
            case RecordKind::Command:
                one.followUps.push_back(record.id);
                m_queue.push_back(std::move(record));
                break;
            }
        }
        return {};
    }

    Preview &m_preview;
    SimulatedViews &m_views;
    Simulator m_simulator;
    Position m_next;
    std::deque<Record> m_queue;
};

} // namespace

Result<void> awaitViews(ViewReader &views, Position position, std::stop_token stop)
{
    for (auto waited = 0ms; waited < viewsWait; waited += viewsLook) {
        if (stop.stop_requested())
            return fail(ErrorCode::Cancelled, "stopped");
        if (views.waitFor(position, viewsLook))
            return {};
    }
    return fail(ErrorCode::NotReady, "the views have not come to position " + std::to_string(position.value), {},
                "Try again when they have caught up.");
}

Result<Record> Previewer::rootCommand(CommandDraft draft, bool now, Position base)
{
    auto admitted = m_options.admit(std::move(draft));
    if (!admitted)
        return fail(std::move(admitted.error()));
    if (now) {
        const auto existing = m_options.ledger.find(admitted->id);
        if (existing) {
            return fail(ErrorCode::DuplicateId, "a record with this id is in the ledger: nothing would happen",
                        admitted->id.text(), "Preview it at the position before it, or under another id.");
        }
        if (existing.error().code != ErrorCode::NotFound)
            return fail(existing.error());
    }
    // The ledger's times never decrease.
    auto time = now ? m_options.clock.now() : Timestamp{};
    if (base.value > 0) {
        const auto last = m_options.ledger.readAt(base, 1);
        if (!last)
            return fail(last.error());
        if (!last->empty())
            time = std::max(time, last->front()->recordedAt);
    }
    return simulatedRecord(std::move(*admitted), time);
}

Result<Preview> Previewer::preview(CommandDraft draft, std::optional<Position> at, std::stop_token stop)
{
    if (!m_options.ledger.traits().totalOrder)
        return fail(ErrorCode::Unsupported, "a preview needs a ledger with a total order");
    const auto base = decisionBoundary(m_options.ledger, at.value_or(Position{~std::uint64_t{0}}));
    if (!base)
        return fail(base.error());
    auto command = rootCommand(std::move(draft), !at, *base);
    if (!command)
        return fail(std::move(command.error()));
    if (auto there = awaitViews(m_options.views, *base, stop); !there)
        return fail(there.error());

    Preview preview;
    preview.at = *base;
    ViewsPast past(m_options.views, m_options.events, *base);
    const auto domains = m_options.domains.current();
    SimulatedViews views(*domains, past, nullptr);
    views.leaveOut(m_options.skipped());
    for (const auto &status : m_options.views.views()) {
        const auto *view = domains->findView(status.name);
        if (view && !status.error.empty())
            views.stopView(view->index, status.error);
    }
    if (auto run = PreviewRun(preview, *domains, views).run(std::move(*command), stop); !run)
        return fail(run.error());
    preview.viewFaults = views.faults();
    return preview;
}

} // namespace commander
