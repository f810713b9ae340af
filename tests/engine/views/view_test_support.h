// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ledger/memory/memory_ledger.h"
#include "views/view_engine.h"

#include <commander/clock.h>
#include <commander/domain.h>
#include <commander/file_system.h>

#include <QTemporaryDir>

#include <atomic>
#include <functional>
#include <map>
#include <optional>
#include <random>
#include <string>
#include <vector>

namespace viewtest {

using namespace commander;

/// A clock that goes on by a millisecond at every look: the same looks, the same times.
class SteppingClock final : public Clock {
public:
    [[nodiscard]] Timestamp now() const override { return {m_micros += 1000}; }
    [[nodiscard]] std::chrono::steady_clock::time_point steady() const override
    {
        return std::chrono::steady_clock::now();
    }

private:
    mutable std::atomic<std::int64_t> m_micros{1'463'754'808'902'000};
};

/// The same seed, the same bytes.
class SeededRandom final : public RandomSource {
public:
    explicit SeededRandom(std::uint64_t seed) : m_engine(seed) { }
    void fill(std::span<std::uint8_t> bytes) override;

private:
    std::mutex m_mutex;
    std::mt19937_64 m_engine;
};

/// A ledger in memory that is the same, ids and hashes too, for the same seed and the same appends.
struct SeededLedger {
    explicit SeededLedger(std::uint64_t seed) : random(seed), ledger(clock, random) { }
    /// Appends one event with the command that caused it; returns the event's position.
    Position append(const std::string &action, const std::string &data, const std::string &topic = "note-events");

    SteppingClock clock;
    SeededRandom random;
    MemoryLedger ledger;
    std::uint64_t commands = 0;
};

/// A domain whose events say what to do with documents:
/// `documents-set` {"set": [{"key", "document"}], "removed": [key]} and `document-edited` {"key", "edits": [[name,
/// value] | [name]]}. View `documents` does it; `letters` does it only for keys up to "m", in a document more;
/// `fragile` counts, and fails when the data has the member "break".
class NotesDomain final : public Domain {
public:
    explicit NotesDomain(std::uint32_t version = 1);
    [[nodiscard]] const DomainDescription &description() const noexcept override { return m_description; }
    [[nodiscard]] Result<Decision> decide(const ParsedRecord &, DocumentSource &, HandlerContext &) const override;
    [[nodiscard]] Result<void> fold(const ViewSpec &view, const ParsedRecord &event,
                                    DocumentFold &documents) const override;
    [[nodiscard]] Result<std::vector<FollowUpCommand>> react(const ParsedRecord &, DocumentSource &,
                                                             HandlerContext &) const override;

    /// Called at every fold, before it does anything.
    std::function<void(const ViewSpec &, const Record &)> onFold;
    /// Folds do not mind "break".
    bool mended = false;

private:
    DomainDescription m_description;
};

/// Documents of all views after each position, kept the plain way: a copy of everything at every step.
using Documents = std::map<std::string, Json>;
class NaiveViews final {
public:
    explicit NaiveViews(const Domain &domain) : m_domain(domain) { }
    void fold(const Record &event);
    /// Documents of a view as of a position.
    [[nodiscard]] Documents at(const std::string &view, Position position) const;

private:
    const Domain &m_domain;
    std::map<std::string, std::map<Position, Documents>> m_history;
};

/// Random events for NotesDomain.
class EventMaker {
public:
    explicit EventMaker(std::uint64_t seed, int keys = 12) : m_engine(seed), m_keys(keys) { }
    struct Event {
        std::string action;
        std::string data;
    };
    [[nodiscard]] Event next();
    [[nodiscard]] Json value(int depth);
    [[nodiscard]] std::string key();
    [[nodiscard]] int upTo(int max) { return std::uniform_int_distribution<int>(0, max)(m_engine); }

private:
    [[nodiscard]] Json document();
    /// Another document, near the given one.
    [[nodiscard]] Json edited(const Json &value, int depth);

    std::mt19937_64 m_engine;
    const int m_keys;
    std::map<std::string, Json> m_last;
};

[[nodiscard]] std::vector<FoldBinding> foldsOf(const std::shared_ptr<const Domain> &domain);

inline constexpr std::chrono::seconds patience{30};

/// A ledger of random events, and a folder for views files.
struct ViewBench {
    explicit ViewBench(std::uint64_t seed, int events = 0);
    void grow(int events);
    [[nodiscard]] std::string path(const char *name = "views.sqlite") const;
    [[nodiscard]] Result<std::unique_ptr<ViewEngine>> open(const std::string &file,
                                                           const std::shared_ptr<const Domain> &domain);
    /// Opens, folds everything, closes; returns what the file holds then.
    [[nodiscard]] std::string build(const std::string &file,
                                    const std::shared_ptr<const Domain> &domain = std::make_shared<NotesDomain>());

    SeededLedger ledger;
    EventMaker maker;
    QTemporaryDir folder;
    SystemFileSystem files;
    Position head;
    std::string rebuildReason; ///< of the last build()
};

/// Everything the file holds, as text: equal files give equal texts.
[[nodiscard]] std::string dump(const std::string &path);

/// Every record of the ledger, in order.
[[nodiscard]] std::vector<RecordPtr> records(Ledger &ledger);

/// The seed of COMMANDER_SEED, or one by chance; printed either way.
[[nodiscard]] std::uint64_t seedOf(const char *test);

} // namespace viewtest
