// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine_link/engine_link.h"

#include <QObject>

namespace commander::ui {

/// Compares two versions of a view row by row, a page of documents at a time, until all are compared or it is told to
/// stop. Only the first rows are kept; all are counted.
class VersionComparison final : public QObject {
    Q_OBJECT
public:
    struct Counts {
        std::uint64_t same = 0;
        std::uint64_t changed = 0;
        std::uint64_t added = 0;
        std::uint64_t removed = 0;
        [[nodiscard]] std::uint64_t all() const { return same + changed + added + removed; }
    };
    explicit VersionComparison(EngineLink &link, QObject *parent = nullptr) : QObject(parent), m_link(link) { }
    void start(const ViewVersionId &from, const ViewVersionId &to);
    void stop();
    [[nodiscard]] bool isRunning() const { return m_ask.isPending(); }
    [[nodiscard]] bool isComplete() const { return m_complete; } ///< of from() and to()
    [[nodiscard]] const ViewVersionId &from() const { return m_request.from; }
    [[nodiscard]] const ViewVersionId &to() const { return m_request.to; }
    [[nodiscard]] const Counts &counts() const { return m_counts; }
    [[nodiscard]] const std::vector<VersionRow> &rows() const { return m_rows; }
    [[nodiscard]] Position at() const { return m_request.at.value_or(Position{}); }

Q_SIGNALS:
    void advanced(); ///< also when it is complete
    void failed(const commander::Error &error);

private:
    void askPage();

    EngineLink &m_link;
    VersionDiffRequest m_request;
    Counts m_counts;
    std::vector<VersionRow> m_rows;
    bool m_complete = false;
    Ask m_ask;
};

} // namespace commander::ui
