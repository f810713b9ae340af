// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine_link/engine_link.h"
#include "engine_link/selection.h"
#include "main_window/page.h"
#include "rest_page/request_model.h"
#include "rest_page/rest_control.h"
#include "theme/theme.h"

#include <QTimer>

class QLabel;
class QLineEdit;
class QPushButton;
class QSplitter;
class QStackedWidget;
class QTableView;

namespace commander::ui {

class EmptyState;
class RequestDetail;
class SegmentedControl;
class ServerCard;
class TokensCard;

/// The REST server: whether it runs and where, who may come in, and every request with what became of it.
class RestPage final : public Page {
    Q_OBJECT
public:
    RestPage(EngineLink &link, Selection &selection, Theme &theme, RestControl &control, QWidget *parent = nullptr);
    [[nodiscard]] QString title() const override { return tr("REST"); }
    [[nodiscard]] QString iconName() const override { return QStringLiteral("link"); }
    void activate() override;
    void deactivate() override;
    void saveState(QSettings &settings) const override;
    void restoreState(const QSettings &settings) override;

    /// The requests that are shown, oldest first, as a script that sends them again.
    void saveScript(const QString &path);

private:
    [[nodiscard]] QWidget *makeRequests(Theme &theme);
    void look();
    void filter();
    void showChosen();
    void showCounts();
    void chooseFile();

    RestControl &m_control;
    RequestModel m_model;
    QTimer m_timer;
    Ask m_ask;
    bool m_paused = false;
    int m_looks = 0;

    ServerCard *m_server;
    TokensCard *m_tokens;
    RequestDetail *m_detail;
    QTableView *m_table = nullptr;
    QStackedWidget *m_stack = nullptr;
    EmptyState *m_empty = nullptr;
    QLineEdit *m_words = nullptr;
    SegmentedControl *m_only = nullptr;
    QPushButton *m_pause = nullptr;
    QPushButton *m_save = nullptr;
    QLabel *m_counts = nullptr;
    QSplitter *m_sides;
    QSplitter *m_rows;
};

} // namespace commander::ui
