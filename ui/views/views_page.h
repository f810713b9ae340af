// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine_link/engine_link.h"
#include "main_window/page.h"
#include "theme/theme.h"

#include <QTimer>

namespace commander::ui {

class Banner;
class DiffPanel;
class DocumentPanel;
class DocumentsPanel;
class HistoryPanel;
class MomentPlayer;
class TimeSlider;

/// What the views say, now or at any moment, and why: documents, who set each field, history, differences, and the
/// slider that takes all views to one position.
class ViewsPage final : public Page {
    Q_OBJECT
public:
    ViewsPage(EngineLink &link, Selection &selection, Theme &theme, QWidget *parent = nullptr);
    ~ViewsPage() override;

    [[nodiscard]] QString title() const override { return tr("Views"); }
    [[nodiscard]] QString iconName() const override { return QStringLiteral("views"); }
    void activate() override;
    void deactivate() override;

private:
    void build(Theme &theme);
    void connectParts();
    void noticeProgress();
    void refresh();
    void showMoment();
    void askTime();
    void showError(const Error &error);

    // Constant after construction
    MomentPlayer *m_player;
    Banner *m_error = nullptr;
    DocumentsPanel *m_documents = nullptr;
    DocumentPanel *m_document = nullptr;
    HistoryPanel *m_history = nullptr;
    DiffPanel *m_diff = nullptr;
    TimeSlider *m_slider = nullptr;

    // GUI thread only
    bool m_active = false;
    QTimer m_news; ///< spaces answers to progress
    Ask m_timeAsk;
};

} // namespace commander::ui
