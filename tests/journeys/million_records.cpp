// SPDX-License-Identifier: GPL-3.0-or-later
#include "million_records.h"

#include "workspace.h"

#include <atomic>
#include <condition_variable>
#include <mutex>
#include <QFile>

using namespace commander;

QString fillLedger(const QString &path, std::size_t records, std::size_t accounts)
{
    auto options = workspaceOptions(path.toStdString());
    options.durability = Durability::Relaxed; // speed: this ledger only has to be large
    auto engine = Engine::open(std::move(options));
    if (!engine)
        return QString::fromStdString(engine.error().text());

    std::mutex mutex;
    std::condition_variable changed;
    std::size_t waiting = 0;
    QString problem;
    const auto submit = [&](const char *action, std::string data) {
        {
            std::unique_lock lock(mutex);
            changed.wait(lock, [&] { return waiting < 8192; });
            ++waiting;
        }
        CommandDraft draft;
        draft.action = action;
        draft.data = std::move(data);
        draft.actor = "filler";
        (*engine)->commands().submit(std::move(draft), [&](Result<CommandReceipt> receipt) {
            const std::scoped_lock lock(mutex);
            if (!receipt && problem.isEmpty())
                problem = QString::fromStdString(receipt.error().text());
            --waiting;
            changed.notify_all();
        });
    };
    const auto account = [accounts](std::size_t i) { return "\"acct-" + std::to_string(i % accounts) + '"'; };
    for (std::size_t i = 0; i < accounts; ++i)
        submit("open-account", R"({"account":)" + account(i) + R"(,"owner":"Filler","opening_balance":100000000000})");
    const auto opened = 3 * accounts; // each is a command, an event and a result
    for (std::size_t i = 0; i < (accounts > 500 ? (records - std::min(records, opened)) / 3 + 1 : records / 3); ++i) {
        submit("transfer-money",
               R"({"from_account":)" + account(i) + R"(,"to_account":)" + account(i * 7 + 1) + R"(,"amount":)"
                   + std::to_string(1 + i % 5000) + "}");
    }
    {
        std::unique_lock lock(mutex);
        changed.wait(lock, [&] { return waiting == 0; });
        if (!problem.isEmpty())
            return problem;
    }
    Progress now;
    const auto subscription
        = (*engine)->updates().subscribe(std::chrono::milliseconds(20), [&](const Progress &progress) {
              const std::scoped_lock lock(mutex);
              now = progress;
              changed.notify_all();
          });
    std::unique_lock lock(mutex);
    const bool caughtUp = changed.wait_for(lock, std::chrono::minutes(15), [&] {
        return now.ledger.value >= records && now.indexed >= now.ledger && now.viewed >= now.ledger;
    });
    return caughtUp ? QString() : QStringLiteral("index and views did not catch up");
}

double residentMiB(qint64 pid, bool peak)
{
    QFile status(QStringLiteral("/proc/%1/status").arg(pid));
    if (!status.open(QIODevice::ReadOnly))
        return -1;
    const QByteArray name = peak ? "VmHWM:" : "VmRSS:";
    for (const auto &line : status.readAll().split('\n')) {
        if (line.startsWith(name))
            return line.mid(name.size()).trimmed().split(' ').first().toDouble() / 1024;
    }
    return -1;
}
