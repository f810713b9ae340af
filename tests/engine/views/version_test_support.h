// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "view_test_support.h"
#include "views/stored_views.h"
#include "views/view_catalog.h"
#include "views/view_version_keeper.h"

#include <commander/limits.h>

#include <atomic>
#include <latch>

namespace viewtest {

/// Counts how often each key was set. Version 2 also says twice as much, knows no key that begins with "a", and has a
/// document for all. `tally` is for reading only, `deed` is what commands would be decided with.
class TallyDomain final : public Domain {
public:
    explicit TallyDomain(std::uint32_t version = 1, std::string name = "tally");
    [[nodiscard]] const DomainDescription &description() const noexcept override { return m_description; }
    [[nodiscard]] Result<Decision> decide(const ParsedRecord &, DocumentSource &, HandlerContext &) const override
    {
        return Decision(std::vector<EventDraft>());
    }
    [[nodiscard]] Result<void> fold(const ViewSpec &view, const ParsedRecord &event,
                                    DocumentFold &documents) const override;
    [[nodiscard]] Result<std::vector<FollowUpCommand>> react(const ParsedRecord &, DocumentSource &,
                                                             HandlerContext &) const override
    {
        return std::vector<FollowUpCommand>();
    }
    /// Called at every fold, before it does anything.
    std::function<void(const Record &)> onFold;

private:
    DomainDescription m_description;
};

/// Holds folds up until it is opened, once.
class Gate {
public:
    void open()
    {
        if (!m_open.exchange(true))
            m_latch.count_down();
    }
    void pass() { m_latch.wait(); }

private:
    std::latch m_latch{1};
    std::atomic<bool> m_open = false;
};

/// A ledger and the versions of its views, as one opening sees them.
struct VersionBench : ViewBench {
    using ViewBench::ViewBench;

    struct Opened {
        std::unique_ptr<ViewShelf> shelf;
        std::unique_ptr<ViewCatalog> catalog;
        std::unique_ptr<ViewVersionKeeper> versions;
    };
    struct Setting {
        std::vector<FoldBinding> declared;
        std::vector<FoldBinding> known = {};
        FileSystem *fileSystem = nullptr;
        bool readOnly = false;
        std::size_t kept = 1;
    };
    [[nodiscard]] Result<Opened> openVersions(const Setting &setting);
    /// Waits until every version that can has come to the head of the ledger.
    [[nodiscard]] bool settle(Opened &opened);
    [[nodiscard]] std::vector<std::string> files() const;
    [[nodiscard]] std::string choicesPath() const { return path("test.ledger.views"); }

    SystemClock systemClock;
};

[[nodiscard]] std::vector<FoldBinding> tally(std::uint32_t version);
[[nodiscard]] FoldBinding tallyView(const std::shared_ptr<const Domain> &domain, std::string_view view = "tally");
/// Every document that a reader shows, as text.
[[nodiscard]] std::string allDocuments(ViewReader &reader, const std::string &view, std::optional<Position> at = {});

} // namespace viewtest
