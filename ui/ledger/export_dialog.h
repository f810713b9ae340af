// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine_link/engine_link.h"
#include "theme/theme.h"

#include <commander/exchange.h>
#include <commander/record_reader.h>

#include <atomic>
#include <memory>
#include <QDialog>
#include <QTimer>

class QCheckBox;
class QLabel;
class QLineEdit;
class QProgressBar;
class QPushButton;

namespace commander::ui {

class SegmentedControl;

/// Writes every record that the filter lets through into a file, whole or not at all, and can be stopped at any time.
class ExportDialog final : public QDialog {
    Q_OBJECT
public:
    ExportDialog(EngineLink &link, RecordFilter filter, QWidget *parent = nullptr);
    void exportTo(const QString &path);
    [[nodiscard]] bool isRunning() const { return m_ask.isPending(); }

protected:
    void reject() override; ///< stops first

private:
    /// Written by the worker, read by the timer.
    struct Done {
        std::atomic<std::uint64_t> records = 0;
        std::atomic<std::uint64_t> total = 0;
    };
    [[nodiscard]] ExportOptions options() const;
    void askWhere();
    void finish(const Result<ExportReport> &report, const QString &path);
    void update();

    EngineLink &m_link;
    const RecordFilter m_filter;
    std::shared_ptr<Done> m_done;
    QTimer m_timer;
    Ask m_ask;

    SegmentedControl *m_format;
    QWidget *m_csv;
    QLineEdit *m_fields;
    QCheckBox *m_guard;
    QProgressBar *m_bar;
    QLabel *m_state;
    QPushButton *m_save;
    QPushButton *m_close;
};

} // namespace commander::ui
