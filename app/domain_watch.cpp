// SPDX-License-Identifier: GPL-3.0-or-later
#include "domain_watch.h"

#include <commander/script_domain.h>

#include <algorithm>
#include <QDirIterator>
#include <utility>

namespace commander {

namespace {

constexpr std::chrono::milliseconds quietTime{150}; ///< without a change: whoever saves several files is through

std::vector<DomainProblem> problemsOf(const Error &error)
{
    return {{{}, 0, 0, {}, error.what + (error.where.empty() ? "" : " (" + error.where + ")"), error.remedy}};
}

} // namespace

DomainWatch::DomainWatch(Domains &domains, std::string folder, std::function<void(const Attempt &)> onAttempt,
                         OnRead onRead, QObject *parent)
    : QObject(parent), m_domains(domains), m_folder(std::move(folder)), m_onAttempt(std::move(onAttempt)),
      m_onRead(std::move(onRead)), m_watcher(this), m_quiet(this)
{
    m_quiet.setSingleShot(true);
    m_quiet.setInterval(quietTime);
    const auto changed = [this] { m_quiet.start(); };
    connect(&m_watcher, &QFileSystemWatcher::fileChanged, this, changed);
    connect(&m_watcher, &QFileSystemWatcher::directoryChanged, this, changed);
    connect(&m_quiet, &QTimer::timeout, this, [this] { install(); });
    watchAll();
    m_quiet.start(); // for what was saved since the workspace was opened
}

DomainWatch::~DomainWatch()
{
    m_worker.request_stop();
    if (m_worker.joinable())
        m_worker.join();
}

void DomainWatch::watchAll()
{
    const auto root = QString::fromStdString(m_folder);
    QStringList paths{root};
    for (QDirIterator at(root, QDir::Files | QDir::Dirs | QDir::NoDotAndDotDot | QDir::NoSymLinks,
                         QDirIterator::Subdirectories);
         at.hasNext();)
        paths << at.next();
    const auto watched = m_watcher.files() + m_watcher.directories();
    QStringList fresh;
    std::copy_if(paths.begin(), paths.end(), std::back_inserter(fresh),
                 [&](const QString &path) { return !watched.contains(path); });
    if (!fresh.isEmpty())
        m_watcher.addPaths(fresh);
}

void DomainWatch::install()
{
    watchAll();
    if (std::exchange(m_installing, true)) {
        m_again = true;
        return;
    }
    m_worker = std::jthread([this](const std::stop_token &stop) {
        auto done = attempt(stop);
        QMetaObject::invokeMethod(
            this, [this, done = std::move(done)] { finished(done); }, Qt::QueuedConnection);
    });
}

DomainWatch::Attempt DomainWatch::attempt(const std::stop_token &stop) const
{
    Attempt attempt;
    attempt.folder = m_folder;
    const auto files = readDomainFiles(m_folder);
    if (!files) {
        attempt.problems = problemsOf(files.error());
        return attempt;
    }
    if (const auto taken = m_onRead ? m_onRead(*files) : Result<void>(); !taken) {
        attempt.problems = problemsOf(taken.error());
        return attempt;
    }
    const auto before = m_domains.installed();
    auto installed = m_domains.install(*files, stop);
    if (installed) {
        attempt.installed = std::move(*installed);
        attempt.changed = std::none_of(before.begin(), before.end(), [&](const InstalledDomain &one) {
            return one.runs && one.name == attempt.installed.name && one.hash == attempt.installed.hash;
        });
        return attempt;
    }
    // Only what was refused for its content leaves a list of problems.
    if (installed.error().code == ErrorCode::InvalidArgument)
        attempt.problems = m_domains.problems();
    if (attempt.problems.empty())
        attempt.problems = problemsOf(installed.error());
    return attempt;
}

void DomainWatch::finished(const Attempt &attempt)
{
    m_installing = false;
    m_onAttempt(attempt);
    if (std::exchange(m_again, false))
        install();
}

} // namespace commander
