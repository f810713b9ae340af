// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QObject>

#include <functional>
#include <mutex>
#include <vector>

namespace commander::rest {

/// The way back to the server thread: engine threads and workers leave closures here. However many come together, the
/// server's event loop is woken once for all of them. Held by shared pointers, because an engine may call back after
/// the server is gone.
class ReturnQueue {
public:
    using Work = std::function<void()>;

    /// `context` lives in the server thread; close() comes before its end.
    explicit ReturnQueue(QObject *context) : m_context(context) { }
    /// Any thread. Dropped after close().
    void post(Work work);
    /// Server thread: nothing that was posted runs any more.
    void close();

private:
    void drain();

    std::mutex m_mutex;
    // Guarded by m_mutex
    QObject *m_context;
    std::vector<Work> m_work;
    bool m_woken = false;
    // Server thread only
    std::vector<Work> m_running;
};

} // namespace commander::rest
