// SPDX-License-Identifier: GPL-3.0-or-later
#include "console.h"

#include "domain_watch.h"
#include "rest_desk.h"
#include "workspace.h"

#include "engine_link/engine_link.h"
#include "engine_link/selection.h"
#include "main_window/main_window.h"
#include "theme/theme.h"

#include <QtConcurrent>

namespace commander {

namespace {
constexpr std::uint16_t portsToTry = 20;
}

Console::Console(ConsoleOptions options) : m_options(std::move(options))
{
    connect(&m_opening, &QFutureWatcherBase::finished, this, [this] {
        auto &engine = *m_opening.result();
        if (!engine) {
            Q_EMIT refused(engine.error());
            return;
        }
        show(std::move(*engine));
        Q_EMIT opened();
    });
}

Console::~Console()
{
    m_opening.waitForFinished();
}

ui::RestControl &Console::rest()
{
    return *m_rest;
}

void Console::open()
{
    m_opening.setFuture(QtConcurrent::run([path = m_options.ledgerPath, folders = m_options.domainFolders] {
        auto options = workspaceOptions(path);
        const auto added = addDomainFolders(options, folders);
        return std::make_shared<Result<std::unique_ptr<Engine>>>(
            added ? Engine::open(std::move(options)) : Result<std::unique_ptr<Engine>>(fail(added.error())));
    }));
}

void Console::show(std::unique_ptr<Engine> engine)
{
    m_engine = std::move(engine);
    m_rest = std::make_unique<RestDesk>(*m_engine, m_options.ledgerPath);
    m_rest->startNow(m_options.port.value_or(RestOptions().port), m_options.port ? 1 : portsToTry);

    m_theme = std::make_unique<ui::Theme>();
    m_selection = std::make_unique<ui::Selection>();
    m_link = std::make_unique<ui::EngineLink>(*m_engine);
    m_window = std::make_unique<ui::MainWindow>(*m_link, *m_selection, *m_theme, *m_rest);
    if (m_options.rememberSettings)
        m_window->remember(m_settings);
    m_window->show();
    for (const auto &folder : m_options.domainFolders) {
        m_watches.push_back(
            std::make_unique<DomainWatch>(m_engine->domains(), folder, [this](const DomainWatch::Attempt &attempt) {
                QStringList problems;
                for (const auto &problem : attempt.problems)
                    problems << QString::fromStdString(problem.text());
                m_window->showDomainProblems(QString::fromStdString(attempt.folder), problems);
            }));
    }
}

} // namespace commander
