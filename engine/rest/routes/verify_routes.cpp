// SPDX-License-Identifier: GPL-3.0-or-later
#include "rest/json/object_writer.h"
#include "rest/routes/routes.h"
#include "rest/routes/submit_request.h"

#include <commander/verify.h>

#include <algorithm>
#include <charconv>
#include <mutex>
#include <thread>

namespace commander::rest {

namespace {

using namespace std::chrono_literals;

constexpr std::size_t tasksKept = 16;

/// One verification of the ledger. What it says may be asked for from any thread.
class VerifyTask {
public:
    VerifyTask(std::uint64_t id, std::string path) : m_id(id), m_path(std::move(path)) { }

    [[nodiscard]] std::uint64_t id() const noexcept { return m_id; }
    [[nodiscard]] std::string location() const { return "/ledger/verify/" + std::to_string(m_id); }
    [[nodiscard]] bool running() const
    {
        const std::scoped_lock lock(m_mutex);
        return !m_report;
    }
    /// Begins; `ended` runs once, on the thread of the task.
    void begin(std::function<void()> ended)
    {
        m_thread = std::jthread([this, ended = std::move(ended)](const std::stop_token &stop) {
            SystemFileSystem files;
            auto report = verifyLedger(m_path, files, stop, [this](std::uint64_t done, std::uint64_t total) {
                const std::scoped_lock lock(m_mutex);
                m_done = done;
                m_total = total;
            });
            {
                const std::scoped_lock lock(m_mutex);
                m_report = std::move(report);
            }
            ended();
        });
    }
    [[nodiscard]] std::string json() const
    {
        const std::scoped_lock lock(m_mutex);
        std::string out;
        ObjectWriter json(out);
        json.number("task", m_id);
        json.plain("state", m_report ? "done" : "running");
        if (!m_report) {
            json.number("done", m_done);
            json.number("total", m_total);
        } else if (*m_report) {
            json.name("report");
            appendReport(out, **m_report);
        } else {
            json.text("error", m_report->error().text());
        }
        json.end();
        return out;
    }

private:
    static void appendReport(std::string &out, const VerifyReport &report)
    {
        ObjectWriter json(out);
        json.plain("verdict", verifyVerdictName(report.verdict));
        json.number("records", report.records);
        json.number("position", report.head.value);
        json.plain("chain", toHex(report.chain));
        if (report.promised)
            json.number("promised", report.promised->value);
        if (report.firstBad.value > 0)
            json.number("firstBad", report.firstBad.value);
        if (!report.problem.empty())
            json.text("problem", report.problem);
    }

    // Constant after construction
    const std::uint64_t m_id;
    const std::string m_path;
    // Guarded by m_mutex
    mutable std::mutex m_mutex;
    std::uint64_t m_done = 0;
    std::uint64_t m_total = 0;
    std::optional<Result<VerifyReport>> m_report;

    std::jthread m_thread; ///< last: it stops before what it uses goes
};

/// The verifications of this server. One runs at a time: all of them read the same file. Server thread only.
class VerifyTasks {
public:
    explicit VerifyTasks(RestContext &context) : m_context(context) { }

    [[nodiscard]] std::shared_ptr<VerifyTask> begin()
    {
        if (!m_tasks.empty() && m_tasks.back()->running())
            return m_tasks.back();
        if (m_tasks.size() == tasksKept)
            m_tasks.erase(m_tasks.begin());
        auto task = std::make_shared<VerifyTask>(++m_lastId, m_context.engine().status().ledgerPath);
        m_tasks.push_back(task);
        task->begin([this, returns = m_context.returns()] { returns->post([this] { tellWaiting(); }); });
        return task;
    }
    [[nodiscard]] std::shared_ptr<VerifyTask> find(const std::string &id) const
    {
        const auto found = std::find_if(m_tasks.begin(), m_tasks.end(),
                                        [&id](const auto &task) { return std::to_string(task->id()) == id; });
        return found == m_tasks.end() ? nullptr : *found;
    }
    /// Answers once the task has ended or the client's patience is over.
    void answerWhenDone(ExchangeId exchange, const std::shared_ptr<VerifyTask> &task, WaitPreference preference,
                        int status)
    {
        Waiting waiting{exchange, task, std::move(preference.applied), status};
        if (preference.wait == 0ms || !task->running())
            return answer(waiting);
        m_waiting.push_back(std::move(waiting));
        QTimer::singleShot(preference.wait, &m_context, [this, exchange] {
            const auto found = std::find_if(m_waiting.begin(), m_waiting.end(),
                                            [exchange](const auto &one) { return one.exchange == exchange; });
            if (found == m_waiting.end())
                return;
            const auto late = std::move(*found);
            m_waiting.erase(found);
            answer(late);
        });
    }

private:
    struct Waiting {
        ExchangeId exchange;
        std::shared_ptr<VerifyTask> task;
        std::string applied;
        int status = 200;
    };
    void tellWaiting()
    {
        std::vector<Waiting> ended;
        std::erase_if(m_waiting, [&ended](Waiting &one) {
            if (one.task->running())
                return false;
            ended.push_back(std::move(one));
            return true;
        });
        for (const auto &one : ended)
            answer(one);
    }
    void answer(const Waiting &waiting)
    {
        Response response;
        response.status = waiting.status;
        response.body = waiting.task->json();
        response.with("Location", waiting.task->location());
        if (!waiting.applied.empty())
            response.with("Preference-Applied", waiting.applied);
        m_context.answer(waiting.exchange, response);
    }

    RestContext &m_context;
    std::uint64_t m_lastId = 0;
    std::vector<Waiting> m_waiting;
    std::vector<std::shared_ptr<VerifyTask>> m_tasks;
};

} // namespace

void addVerifyRoutes(Router &router, RestContext &context)
{
    const auto tasks = std::make_shared<VerifyTasks>(context);
    Route begin;
    begin.verb = Method::Post;
    begin.pattern = "/ledger/verify";
    begin.needs = Needs::Audit;
    begin.run = [&context, tasks](ExchangeId exchange, const RequestPtr &request) {
        auto preference = waitPreference(request->head);
        if (!preference)
            return context.answer(exchange, request, preference.error());
        if (context.engine().status().ledgerPath.empty()) {
            return context.answer(
                exchange, request,
                {ErrorCode::Unsupported, "this ledger is no file, so there is nothing to read again", {}, {}, {}});
        }
        tasks->answerWhenDone(exchange, tasks->begin(), std::move(*preference), 202);
    };
    router.add(std::move(begin));
    Route look;
    look.pattern = "/ledger/verify/{task}";
    look.needs = Needs::Audit;
    look.run = [&context, tasks](ExchangeId exchange, const RequestPtr &request) {
        auto preference = waitPreference(request->head);
        if (!preference)
            return context.answer(exchange, request, preference.error());
        const auto task = tasks->find(request->params.front());
        if (!task) {
            return context.answer(exchange, request,
                                  {ErrorCode::NotFound,
                                   "no such verification",
                                   request->params.front(),
                                   "POST /ledger/verify begins one.",
                                   {}});
        }
        tasks->answerWhenDone(exchange, task, std::move(*preference), 200);
    };
    router.add(std::move(look));
}

} // namespace commander::rest
