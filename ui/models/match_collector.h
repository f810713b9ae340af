// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine_link/engine_link.h"

#include <commander/record_reader.h>

#include <QString>
#include <vector>

namespace commander::ui {

/// Finds all records that a filter lets through, piece by piece and oldest first, and goes on as the ledger grows.
/// Knows at any time how far it has searched and why it stopped.
class MatchCollector : public QObject {
    Q_OBJECT
public:
    enum class State {
        Idle, ///< no filter
        Searching,
        Complete, ///< everything there is was searched; new records are searched as they come
        Stopped,  ///< by cancel()
        Full,     ///< matchesMax reached
        Failed    ///< see error()
    };
    static constexpr std::size_t matchesMax = 4'000'000;

    explicit MatchCollector(EngineLink &link, QObject *parent = nullptr);

    void start(const RecordFilter &filter);
    void clear(); ///< back to Idle
    void cancel();
    void keepGoing(); ///< after Stopped, Full (once more as many) or Failed
    /// New records may be there.
    void poll(Position indexed);

    [[nodiscard]] State state() const { return m_state; }
    [[nodiscard]] const std::vector<Position> &positions() const { return m_positions; } ///< ascending
    [[nodiscard]] Position searchedTo() const { return {m_next.value == 0 ? 0 : m_next.value - 1}; }
    [[nodiscard]] const Error &error() const { return m_error; }

Q_SIGNALS:
    void grew(); ///< positions() got longer
    void stateChanged();

private:
    void searchOn();
    void accept(Result<MatchPage> page);
    void setState(State state);

    EngineLink &m_link;
    Ask m_ask;
    RecordFilter m_filter;
    State m_state = State::Idle;
    std::vector<Position> m_positions;
    Position m_next;
    Position m_polled; ///< newest position that poll() was told of
    std::size_t m_room = matchesMax;
    Error m_error;
};

} // namespace commander::ui
