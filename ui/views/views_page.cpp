// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/views_page.h"

#include "engine_link/selection.h"
#include "models/words.h"
#include "views/diff_panel.h"
#include "views/document_panel.h"
#include "views/documents_panel.h"
#include "views/history_panel.h"
#include "views/moment_player.h"
#include "views/time_slider.h"
#include "views/versions_dialog.h"
#include "widgets/banner.h"
#include "widgets/card.h"

#include <QSplitter>
#include <QToolButton>
#include <QVBoxLayout>

namespace commander::ui {

namespace {

using namespace std::chrono_literals;
constexpr auto newsInterval = 300ms;

QWidget *inCard(QWidget *content, const QString &heading = {})
{
    auto *card = new Card(heading);
    card->body()->addWidget(content, 1);
    card->layout()->setContentsMargins(12, 12, 12, 12);
    return card;
}

} // namespace

ViewsPage::ViewsPage(EngineLink &link, Selection &selection, Theme &theme, QWidget *parent)
    : Page(link, selection, parent), m_player(new MomentPlayer(link, selection, this))
{
    m_news.setSingleShot(true);
    m_news.setInterval(newsInterval);
    build(theme);
    connectParts();
}

ViewsPage::~ViewsPage() = default;

void ViewsPage::build(Theme &theme)
{
    m_error = new Banner(theme, Theme::Tone::Failed, Banner::Weight::Quiet, QStringLiteral("warning"));
    m_error->setAction(tr("Try again"));
    m_error->hide();
    m_documents = new DocumentsPanel(m_link, m_selection, theme);
    m_document = new DocumentPanel(m_link, m_selection, theme);
    m_history = new HistoryPanel(m_link, m_selection, theme);
    m_diff = new DiffPanel(m_link, m_selection, theme);
    m_slider = new TimeSlider(theme);

    auto *right = new QSplitter(Qt::Vertical);
    right->addWidget(inCard(m_history, tr("History")));
    right->addWidget(inCard(m_diff));
    right->setSizes({400, 300});
    auto *columns = new QSplitter(Qt::Horizontal);
    auto *documents = new Card(tr("Views"));
    documents->body()->addWidget(m_documents, 1);
    documents->layout()->setContentsMargins(12, 12, 12, 12);
    auto *versions = new QToolButton;
    versions->setText(tr("Versions…"));
    versions->setToolTip(tr("Versions of views that are built beside each other: compare, switch, go back"));
    versions->setProperty("link", true);
    documents->corner()->addWidget(versions);
    connect(versions, &QToolButton::clicked, this, [this, &theme] {
        auto *dialog = new VersionsDialog(m_link, theme, m_link.status().readOnly, this);
        dialog->setAttribute(Qt::WA_DeleteOnClose);
        dialog->show();
    });
    columns->addWidget(documents);
    columns->addWidget(inCard(m_document));
    columns->addWidget(right);
    columns->setSizes({304, 496, 480});
    for (int i = 0; i < 3; ++i)
        columns->setStretchFactor(i, i == 1 ? 2 : 1);
    for (auto *splitter : {right, columns}) {
        splitter->setChildrenCollapsible(false);
        splitter->setHandleWidth(10);
        splitter->setStyleSheet(QStringLiteral("QSplitter::handle { background: transparent; }"));
    }
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(16, 14, 16, 14);
    column->setSpacing(10);
    column->addWidget(m_error);
    column->addWidget(columns, 1);
    column->addWidget(m_slider);
}

void ViewsPage::connectParts()
{
    connect(&m_link, &EngineLink::progressed, this, &ViewsPage::noticeProgress);
    connect(&m_news, &QTimer::timeout, this, &ViewsPage::refresh);
    connect(&m_selection, &Selection::momentChanged, this, &ViewsPage::showMoment);
    connect(&m_selection, &Selection::documentChanged, this, [this] {
        m_player->setPlaying(false);
        m_slider->setStepsChanges(m_selection.document().has_value());
        m_diff->clearPins();
        m_diff->refresh();
    });
    connect(m_slider, &TimeSlider::momentWanted, this, [this](const std::optional<Position> &moment) {
        m_player->setPlaying(false);
        m_selection.setMoment(moment);
    });
    connect(m_slider, &TimeSlider::timeWanted, m_player, &MomentPlayer::goToTime);
    connect(m_slider, &TimeSlider::stepWanted, this, [this](int direction) {
        m_player->setPlaying(false);
        m_player->step(direction);
    });
    connect(m_slider, &TimeSlider::playWanted, m_player, &MomentPlayer::setPlaying);
    connect(m_player, &MomentPlayer::playingChanged, m_slider, &TimeSlider::setPlaying);
    connect(m_player, &MomentPlayer::failed, this, &ViewsPage::showError);
    connect(m_documents, &DocumentsPanel::failed, this, &ViewsPage::showError);
    connect(m_documents, &DocumentsPanel::viewsLoaded, m_error, &QWidget::hide);
    connect(m_history, &HistoryPanel::failed, this, &ViewsPage::showError);
    connect(m_history, &HistoryPanel::pinAWanted, m_diff, &DiffPanel::pinA);
    connect(m_history, &HistoryPanel::pinBWanted, m_diff, &DiffPanel::pinB);
    connect(m_diff, &DiffPanel::pinsChanged, m_history, &HistoryPanel::setPins);
    connect(m_diff, &DiffPanel::failed, this, &ViewsPage::showError);
    connect(m_error, &Banner::acted, this, &ViewsPage::activate);
}

void ViewsPage::activate()
{
    m_active = true;
    m_slider->setStepsChanges(m_selection.document().has_value());
    m_documents->setActive(true);
    m_document->setActive(true);
    m_history->setActive(true);
    showMoment();
    m_diff->setActive(true);
}

void ViewsPage::deactivate()
{
    m_active = false;
    m_player->setPlaying(false);
    m_news.stop();
    m_timeAsk.cancel();
    m_documents->setActive(false);
    m_document->setActive(false);
    m_history->setActive(false);
    m_diff->setActive(false);
}

void ViewsPage::noticeProgress()
{
    if (m_active && !m_news.isActive())
        m_news.start();
}

void ViewsPage::refresh()
{
    const auto head = m_link.progress().viewed;
    m_slider->setHead(head);
    m_diff->setHead(head);
    m_documents->refresh();
    m_history->refresh();
    if (m_selection.moment())
        return; // the past does not change
    m_document->refresh();
    m_diff->refresh();
    askTime();
}

void ViewsPage::showMoment()
{
    if (!m_active)
        return;
    const auto head = m_link.progress().viewed;
    m_slider->setHead(head);
    m_slider->setMoment(m_selection.moment());
    m_diff->setHead(head);
    m_diff->refresh();
    askTime();
}

void ViewsPage::askTime()
{
    m_link.ask<std::vector<RecordPtr>>(
        m_timeAsk,
        [at = m_slider->shown()](Engine &engine, std::stop_token stop) { return engine.records().range(at, 1, stop); },
        [this](Result<std::vector<RecordPtr>> answer) {
            if (!answer)
                showError(answer.error());
            else if (!answer->empty())
                m_slider->setTime(answer->front()->recordedAt);
        });
}

void ViewsPage::showError(const Error &error)
{
    if (error.code == ErrorCode::Cancelled)
        return;
    m_error->setText(errorText(error));
    m_error->show();
}

} // namespace commander::ui
