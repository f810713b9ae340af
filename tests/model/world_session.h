// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "model/ledger_checker.h"

#include <commander/engine.h>

#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

namespace commander::model {

/// One thing that a session does, and waits for, before it does the next: that is what makes a run the same each time.
struct WorldStep {
    enum class Kind {
        Send,    ///< a command of the plan, by number
        Repeat,  ///< one that was recorded earlier
        Wait,    ///< the clock goes on; what is due then happens
        Install, ///< a version of the tally
        Exchange ///< the version of the turnover that does not serve takes over: promotion or rollback
    };
    Kind kind = Kind::Send;
    std::size_t command = 0;          ///< Send: in `commands`; Repeat: in `repeats`
    std::chrono::microseconds wait{}; ///< Wait
    int version = 0;                  ///< Install
};

struct WorldPlan {
    std::vector<WorldStep> steps;
    std::vector<Sent> commands;
    std::vector<Sent> repeats;
    std::uint64_t seed = 0;       ///< of the randomness that the session gives the engine
    Timestamp clock;              ///< when it begins
    std::uint64_t dieAtWrite = 0; ///< of the operations on the ledger and the chosen versions; 0 = never
    bool second = false;          ///< version 2 of the turnover was begun before
};

/// What is left of a session.
struct WorldReport {
    std::size_t done = 0;                ///< steps
    std::vector<std::string> operations; ///< on the ledger and the chosen versions, e.g. "write head"; the last is
                                         ///< where it died
    bool died = false;
    Timestamp clock;
};

/// Runs a session in a process of its own. Marks what was acknowledged. Empty, or what went wrong (a death that was
/// planned is fine). The caller must have no threads.
[[nodiscard]] std::string runWorldSession(const std::string &ledger, WorldPlan &plan, WorldReport &report);

/// All documents of a view, however many.
[[nodiscard]] Result<std::vector<Document>> allDocuments(Engine &engine, const std::string &view);
/// Waits until everything is decided, folded and indexed, and nothing more is due. Empty, or what went wrong.
[[nodiscard]] std::string awaitRest(Engine &engine, Timestamp now);
/// The version of the turnover that serves.
[[nodiscard]] std::uint32_t servingTurnover(Engine &engine);

} // namespace commander::model
