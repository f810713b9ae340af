// SPDX-License-Identifier: GPL-3.0-or-later
#include "model/session.h"

#include "support/faulty_vfs.h"

#include <array>
#include <condition_variable>
#include <cstdio>
#include <mutex>
#include <sys/wait.h>
#include <unistd.h>

namespace commander::model {

namespace {

constexpr int diedAsPlanned = 9;
constexpr int sessionFailed = 3;

enum class Answer : char { Recorded = 'r', Repeated = 'p', Problem = 'x' };

/// One line to the parent for each answer, written at once: what is in the pipe survives the process.
struct Line {
    Answer answer;
    std::uint32_t index;
};

class Child {
public:
    Child(SessionPlan &plan, int pipe) : m_plan(plan), m_pipe(pipe) { }

    int run(const std::string &ledger)
    {
        FaultPlan faults;
        SystemFileSystem real;
        FaultyFileSystem files(real, faults);
        if (m_plan.dieAtWrite > 0)
            faults.exitAt(m_plan.dieAtWrite, diedAsPlanned);
        auto options = modelOptions(ledger);
        options.fileSystem = &files;
        auto engine = Engine::open(std::move(options));
        if (!engine) {
            std::fprintf(stderr, "session: %s\n", engine.error().text().c_str());
            return sessionFailed;
        }
        std::size_t repeat = 0;
        for (std::size_t i = 0; i < m_plan.commands.size(); ++i) {
            submit((*engine)->commands(), m_plan.commands[i], static_cast<std::uint32_t>(i), Answer::Recorded);
            if (repeat < m_plan.repeats.size() && i % 7 == 3) {
                const auto index = static_cast<std::uint32_t>(repeat);
                submit((*engine)->commands(), m_plan.repeats[repeat++], index, Answer::Repeated);
            }
            waitUntil(m_plan.burst - 1);
        }
        waitUntil(0);
        engine->reset();
        return m_problem ? sessionFailed : 0;
    }

private:
    void submit(Commands &commands, const Sent &sent, std::uint32_t index, Answer wanted)
    {
        CommandDraft draft;
        draft.id = sent.id;
        draft.action = sent.action;
        draft.data = sent.data;
        draft.actor = "model";
        {
            const std::scoped_lock lock(m_mutex);
            ++m_open;
        }
        commands.submit(std::move(draft), [this, index, wanted](Result<CommandReceipt> receipt) {
            const bool good = receipt && receipt->replayed == (wanted == Answer::Repeated);
            if (!good)
                std::fprintf(stderr, "session: %s\n", receipt ? "recorded twice" : receipt.error().text().c_str());
            const Line line{good ? wanted : Answer::Problem, index};
            [[maybe_unused]] const auto written = ::write(m_pipe, &line, sizeof line);
            const std::scoped_lock lock(m_mutex);
            m_problem = m_problem || !good;
            --m_open;
            m_changed.notify_all();
        });
    }
    void waitUntil(std::size_t open)
    {
        std::unique_lock lock(m_mutex);
        m_changed.wait(lock, [&] { return m_open <= open; });
    }

    SessionPlan &m_plan;
    const int m_pipe;
    std::mutex m_mutex;
    std::condition_variable m_changed;
    std::size_t m_open = 0;
    bool m_problem = false;
};

} // namespace

OpenOptions modelOptions(const std::string &ledger)
{
    OpenOptions options;
    options.ledgerPath = ledger;
    options.domains = {makeBankDomain()};
    return options;
}

std::string runSession(const std::string &ledger, SessionPlan &plan, bool &died)
{
    std::array<int, 2> ends{};
    if (::pipe(ends.data()) != 0)
        return "no pipe";
    const auto child = ::fork();
    if (child < 0)
        return "no process";
    if (child == 0) {
        ::close(ends[0]);
        ::_exit(Child(plan, ends[1]).run(ledger));
    }
    ::close(ends[1]);
    std::string problem;
    Line line{};
    while (::read(ends[0], &line, sizeof line) == static_cast<ssize_t>(sizeof line)) {
        if (line.answer == Answer::Recorded)
            plan.commands.at(line.index).acknowledged = true;
        else if (line.answer == Answer::Problem)
            problem = "an answer was not the one expected";
    }
    ::close(ends[0]);
    int status = 0;
    ::waitpid(child, &status, 0);
    died = WIFEXITED(status) && WEXITSTATUS(status) == diedAsPlanned;
    if (problem.empty() && !died && !(WIFEXITED(status) && WEXITSTATUS(status) == 0))
        problem = "the session ended with status " + std::to_string(status);
    return problem;
}

} // namespace commander::model
