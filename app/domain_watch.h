// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <commander/domains.h>

#include <functional>
#include <QFileSystemWatcher>
#include <QObject>
#include <QTimer>
#include <stop_token>
#include <string>
#include <thread>

namespace commander {

/// Installs the domain of a folder again whenever a file of it is saved. Belongs to a thread with an event loop; the
/// work is done on a thread of its own.
class DomainWatch : public QObject {
public:
    /// What came of one attempt; on the thread of the watch. `problems` holds one or more when it was refused.
    struct Attempt {
        std::string folder;
        InstalledDomain installed;           ///< when it went well
        bool changed = false;                ///< it did not run before
        std::vector<DomainProblem> problems; ///< else
    };
    /// Sees the files before they are installed, on the thread that does the work. An error is a problem of the
    /// attempt.
    using OnRead = std::function<Result<void>(const std::vector<DomainFile> &)>;
    /// `domains` must outlive the watch.
    DomainWatch(Domains &domains, std::string folder, std::function<void(const Attempt &)> onAttempt,
                OnRead onRead = {}, QObject *parent = nullptr);
    ~DomainWatch() override; ///< an installation that is not yet recorded is given up

private:
    /// Folders and files as they are now: editors replace files, and a watch ends with its file.
    void watchAll();
    void install();
    void finished(const Attempt &attempt);
    [[nodiscard]] Attempt attempt(const std::stop_token &stop) const;

    Domains &m_domains;
    const std::string m_folder;
    const std::function<void(const Attempt &)> m_onAttempt;
    const OnRead m_onRead;
    QFileSystemWatcher m_watcher;
    QTimer m_quiet; ///< runs while files are being saved
    bool m_installing = false;
    bool m_again = false; ///< something was saved meanwhile
    std::jthread m_worker;
};

} // namespace commander
