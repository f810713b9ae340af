// SPDX-License-Identifier: GPL-3.0-or-later
#include "demo_shots.h"

#include "rest_page/rest_control.h"

#include "console.h"

#include "main_window/main_window.h"
#include "theme/theme.h"

#include <array>
#include <cstdio>
#include <QCoreApplication>
#include <QDir>

namespace commander {

namespace {

using Page = ui::Selection::Page;

constexpr std::chrono::milliseconds tickInterval{100};
constexpr int quietTicksWanted = 6; // animations are shorter than this
constexpr std::uint64_t seed = 2016;
constexpr std::size_t dayCommands = 3000;
constexpr std::chrono::seconds dayLength{20};
constexpr QSize windowSize{1440, 900};

struct PageName {
    Page page;
    const char *name;
};
constexpr std::array pages{PageName{Page::Home, "home"},
                           PageName{Page::Ledger, "ledger"},
                           PageName{Page::Timeline, "timeline"},
                           PageName{Page::Lineage, "lineage"},
                           PageName{Page::Views, "views"},
                           PageName{Page::Compose, "commands"},
                           PageName{Page::Operations, "operations"},
                           PageName{Page::Rest, "rest"}};
constexpr std::array modes{ui::Theme::Mode::Light, ui::Theme::Mode::Dark};

Uuid talkCommand()
{
    return Uuid::parse("33bb75db-6e13-48ee-8a54-b3976d3d065b").value_or(Uuid{});
}

CommandDraft openAccount(const std::string &account, const std::string &owner, const std::string &balance)
{
    CommandDraft draft;
    draft.action = "open-account";
    draft.data = R"({"account":")" + account + R"(","owner":")" + owner + R"(","opening_balance":)" + balance + "}";
    draft.actor = "console";
    return draft;
}

} // namespace

DemoShots::DemoShots(Console &console, QString folder)
    : m_console(console), m_folder(std::move(folder)), m_player(console.link())
{
    m_timer.setInterval(tickInterval);
    connect(&m_timer, &QTimer::timeout, this, &DemoShots::tick);
}

void DemoShots::start()
{
    if (!QDir().mkpath(m_folder)) {
        leave(QStringLiteral("cannot make the folder ") + m_folder);
        return;
    }
    m_console.window().resize(windowSize);
    planSteps();
    m_timer.start();
}

void DemoShots::planSteps()
{
    m_steps.emplace_back([this] { shootPages(QStringLiteral("empty-")); });
    m_steps.emplace_back([this] { sendTalk(); });
    m_steps.emplace_back([this] { shootTalk(); });
    m_steps.emplace_back([this] { playDay(); });
    m_steps.emplace_back([this] { selectLargeTransfer(); });
    m_steps.emplace_back([this] { askOverRest(); });
    m_steps.emplace_back([this] { shootPages({}); });
}

void DemoShots::shootPages(const QString &prefix)
{
    // In front of what is still planned, in order.
    std::deque<Step> shots;
    for (const auto mode : modes) {
        shots.emplace_back([this, mode] { m_console.theme().setMode(mode); });
        for (const auto &[page, name] : pages)
            addShot(shots, page, prefix + QLatin1String(name), mode);
    }
    m_steps.insert(m_steps.begin(), shots.begin(), shots.end());
}

void DemoShots::shootTalk()
{
    m_console.selection().selectRecord(talkCommand());
    std::deque<Step> shots;
    for (const auto mode : modes) {
        shots.emplace_back([this, mode] { m_console.theme().setMode(mode); });
        addShot(shots, Page::Lineage, QStringLiteral("talk-lineage"), mode);
    }
    m_steps.insert(m_steps.begin(), shots.begin(), shots.end());
}

void DemoShots::addShot(std::deque<Step> &shots, Page page, const QString &name, ui::Theme::Mode mode)
{
    const auto file = name + (mode == ui::Theme::Mode::Light ? QStringLiteral("-light") : QStringLiteral("-dark"));
    shots.emplace_back([this, page] { m_console.window().showPage(page); });
    shots.emplace_back([this, file] { shoot(file); });
}

bool DemoShots::isSettled()
{
    const auto progress = m_console.engine().updates().progress();
    const auto status = m_console.link().status();
    return m_asking == 0 && !m_player.isPlaying() && !m_ask.isPending() && m_console.link().isIdle()
        && progress.indexed >= progress.ledger && progress.viewed >= progress.ledger
        && status.commands == status.succeeded + status.rejected + status.failed;
}

void DemoShots::tick()
{
    m_quietTicks = isSettled() ? m_quietTicks + 1 : 0;
    if (m_quietTicks < quietTicksWanted)
        return;
    m_quietTicks = 0;
    if (m_steps.empty()) {
        leave();
        return;
    }
    const auto step = std::move(m_steps.front());
    m_steps.pop_front();
    step();
}

void DemoShots::shoot(const QString &name)
{
    const auto file = QDir(m_folder).filePath(name + QStringLiteral(".png"));
    if (!m_console.window().grab().save(file))
        leave(QStringLiteral("cannot write ") + file);
}

void DemoShots::sendTalk()
{
    CommandDraft transfer;
    transfer.id = talkCommand();
    transfer.action = "transfer-money";
    transfer.data = R"({"from_account": "12345", "to_account": "54321", "amount": 10000})";
    transfer.actor = "console";
    if (const auto stated = Timestamp::parse("2016-05-20T14:33:28.902-00:00"))
        transfer.timestamp = *stated;
    for (auto &draft :
         {openAccount("12345", "Ada Abbott", "50000"), openAccount("54321", "Ken Baker", "0"), transfer}) {
        m_console.link().submit(draft, this, [this](const Result<CommandReceipt> &receipt) {
            if (!receipt)
                leave(QString::fromStdString(receipt.error().text()));
        });
    }
}

void DemoShots::playDay()
{
    m_console.window().showPage(Page::Home);
    m_player.play(ui::BankDay(seed, dayCommands), dayLength);
}

void DemoShots::selectLargeTransfer()
{
    if (m_player.error()) {
        leave(QString::fromStdString(m_player.error()->text()));
        return;
    }
    // The newest transfer that was flagged: the longest chain there is.
    m_console.link().ask<RecordPtr>(
        m_ask,
        [](Engine &engine, const std::stop_token &stop) -> Result<RecordPtr> {
            RecordFilter filter;
            filter.actions = {"large-transfer-flagged"};
            const auto extent = engine.records().extent();
            if (!extent)
                return fail(extent.error());
            const auto found = engine.records().match(filter, extent->position, ScanDirection::NewestFirst, 1, stop);
            if (!found)
                return fail(found.error());
            if (found->positions.empty())
                return fail(ErrorCode::NotFound, "no large transfer was played");
            const auto records = engine.records().at(found->positions, stop);
            if (!records)
                return fail(records.error());
            return engine.records().find(records->front()->correlation);
        },
        [this](const Result<RecordPtr> &command) {
            if (!command) {
                leave(QString::fromStdString(command.error().text()));
                return;
            }
            m_console.selection().selectRecord((*command)->id);
            selectAccount((*command)->key);
        });
}

void DemoShots::askOverRest()
{
    const std::pair<const char *, const char *> reads[]
        = {{"GET", "/accounts?limit=20"}, {"GET", "/accounts/12345"},  {"GET", "/views/accounts/12345/blame"},
           {"GET", "/commands?limit=5"},  {"GET", "/accounts/nobody"}, {"DELETE", "/commands"},
           {"GET", "/ledger/head"},       {"GET", "/health/ready"}};
    std::vector<ui::RestQuestion> questions;
    for (const auto &[method, path] : reads)
        questions.push_back({QString::fromLatin1(method), QString::fromLatin1(path), {}});
    for (const auto amount : {"100", "2500", "99999999"}) {
        questions.push_back(
            {QStringLiteral("POST"), QStringLiteral("/commands?sync=true"),
             QByteArray(R"({"action":"withdraw-money","data":{"account":"12345","amount":)") + amount + "}}"});
    }
    for (const auto &question : questions) {
        ++m_asking;
        m_console.rest().send(question, this, [this](const ui::RestAnswer &) { --m_asking; });
    }
}

void DemoShots::selectAccount(const std::string &key)
{
    m_console.selection().selectDocument(ui::Selection::DocumentKey{"accounts", key});
}

void DemoShots::leave(const QString &problem)
{
    m_timer.stop();
    if (!problem.isEmpty())
        std::fprintf(stderr, "commander: %s\n", qPrintable(problem));
    QCoreApplication::exit(problem.isEmpty() ? 0 : 1);
}

} // namespace commander
