// SPDX-License-Identifier: GPL-3.0-or-later
#include "rest_page/rest_page.h"

#include "models/format.h"
#include "models/words.h"
#include "rest_page/request_detail.h"
#include "rest_page/request_dialog.h"
#include "rest_page/server_card.h"
#include "rest_page/tokens_card.h"
#include "widgets/empty_state.h"
#include "widgets/labels.h"
#include "widgets/segmented_control.h"

#include <algorithm>
#include <QFileDialog>
#include <QHeaderView>
#include <QLineEdit>
#include <QPushButton>
#include <QSaveFile>
#include <QScrollArea>
#include <QScrollBar>
#include <QSettings>
#include <QSplitter>
#include <QStackedWidget>
#include <QTableView>
#include <QVBoxLayout>

using namespace Qt::StringLiterals;

namespace commander::ui {

namespace {

constexpr int lookMs = 250;
constexpr int looksPerRefresh = 8; ///< of the tokens: another process may make some
constexpr int rowHeight = 28;
constexpr int cardGap = 10;
constexpr int scriptMax = 1'000;
constexpr auto sidesKey = "rest/sides"_L1;
constexpr auto rowsKey = "rest/rows"_L1;

} // namespace

RestPage::RestPage(EngineLink &link, Selection &selection, Theme &theme, RestControl &control, QWidget *parent)
    : Page(link, selection, parent), m_control(control), m_model(theme), m_server(new ServerCard(control, theme)),
      m_tokens(new TokensCard(control, link, theme)), m_detail(new RequestDetail(link, selection, theme)),
      m_sides(new QSplitter(Qt::Horizontal)), m_rows(new QSplitter(Qt::Vertical))
{
    auto *scroll = new QScrollArea;
    scroll->setWidget(m_detail);
    scroll->setWidgetResizable(true);
    scroll->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    for (QWidget *one : {static_cast<QWidget *>(m_detail), scroll->viewport()})
        one->setAutoFillBackground(false); // the card's shows through
    auto *detail = new QFrame;
    detail->setProperty("card", true);
    auto *inside = new QVBoxLayout(detail);
    inside->setContentsMargins(1, 1, 1, 1);
    inside->addWidget(scroll);
    m_sides->setChildrenCollapsible(false);
    m_sides->addWidget(makeRequests(theme));
    m_sides->addWidget(detail);
    m_sides->setStretchFactor(0, 5);
    m_sides->setStretchFactor(1, 3);
    m_sides->setSizes({820, 480});
    m_rows->setChildrenCollapsible(false);
    m_rows->addWidget(m_sides);
    m_rows->addWidget(m_tokens);
    m_rows->setStretchFactor(0, 5);
    m_rows->setStretchFactor(1, 2);
    m_rows->setSizes({540, 200});
    // Cards have their own edges.
    for (auto *splitter : {m_sides, m_rows}) {
        splitter->setHandleWidth(cardGap);
        splitter->setStyleSheet(u"QSplitter::handle { background: transparent; }"_s);
    }
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(16, 14, 16, 14);
    column->setSpacing(10);
    column->addWidget(m_server);
    column->addWidget(m_rows, 1);

    m_timer.setInterval(lookMs);
    connect(&m_timer, &QTimer::timeout, this, &RestPage::look);
    connect(&control, &RestControl::changed, this, [this] {
        if (m_timer.isActive())
            look();
    });
    connect(m_tokens, &TokensCard::accessChanged, m_server, &ServerCard::setAccess);
    connect(m_server, &ServerCard::composeWanted, this, [this, &theme] {
        auto *dialog = new RequestDialog(m_control, theme, this);
        dialog->setAttribute(Qt::WA_DeleteOnClose);
        dialog->show();
    });
    showCounts();
}

QWidget *RestPage::makeRequests(Theme &theme)
{
    m_words = new QLineEdit;
    m_words->setPlaceholderText(tr("Words in path, status, client, token or command"));
    m_words->setAccessibleName(tr("Filter of the requests"));
    m_words->setClearButtonEnabled(true);
    m_only = new SegmentedControl(tr("Which requests"), {tr("All"), tr("Writes"), tr("Refused or failed")});
    m_pause = new QPushButton(tr("Pause"));
    m_pause->setCheckable(true);
    m_pause->setToolTip(tr("Leave the list as it is; nothing is lost meanwhile"));
    m_save = new QPushButton(tr("Save as a test…"));
    m_save->setToolTip(tr("A shell script that sends what is shown again and compares the statuses"));

    m_table = new QTableView;
    m_table->setModel(&m_model);
    m_table->setProperty("flat", true);
    m_table->setAccessibleName(tr("Requests, newest first"));
    m_table->setSelectionBehavior(QAbstractItemView::SelectRows);
    m_table->setSelectionMode(QAbstractItemView::SingleSelection);
    m_table->setShowGrid(false);
    m_table->setAlternatingRowColors(true);
    m_table->setWordWrap(false);
    m_table->setTabKeyNavigation(false);
    m_table->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    m_table->verticalHeader()->hide();
    m_table->verticalHeader()->setDefaultSectionSize(rowHeight);
    auto *header = m_table->horizontalHeader();
    header->setHighlightSections(false);
    header->setSectionResizeMode(QHeaderView::Interactive);
    header->setSectionResizeMode(RequestModel::Target, QHeaderView::Stretch);
    constexpr std::pair<int, int> widths[]
        = {{RequestModel::Time, 112},    {RequestModel::Method, 76}, {RequestModel::Status, 78},
           {RequestModel::Duration, 76}, {RequestModel::Size, 84},   {RequestModel::Client, 130}};
    for (const auto &[section, width] : widths)
        header->resizeSection(section, width);

    m_empty = new EmptyState(theme, u"link"_s);
    m_stack = new QStackedWidget;
    m_stack->addWidget(m_table);
    m_stack->addWidget(m_empty);
    m_counts = makeLabel(LabelRole::Small);

    auto *bar = new QHBoxLayout;
    bar->setContentsMargins(12, 10, 12, 0);
    bar->setSpacing(8);
    bar->addWidget(m_words, 1);
    bar->addWidget(m_only);
    bar->addWidget(m_pause);
    bar->addWidget(m_save);
    auto *foot = new QHBoxLayout;
    foot->setContentsMargins(12, 0, 12, 8);
    foot->addWidget(m_counts);
    auto *panel = new QFrame;
    panel->setProperty("card", true);
    auto *column = new QVBoxLayout(panel);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(8);
    column->addLayout(bar);
    column->addWidget(m_stack, 1);
    column->addLayout(foot);

    connect(m_words, &QLineEdit::textChanged, this, &RestPage::filter);
    connect(m_only, &SegmentedControl::chosen, this, &RestPage::filter);
    connect(m_pause, &QPushButton::toggled, this, [this](bool on) {
        m_paused = on;
        look();
    });
    connect(m_save, &QPushButton::clicked, this, &RestPage::chooseFile);
    connect(m_table->selectionModel(), &QItemSelectionModel::selectionChanged, this, &RestPage::showChosen);
    connect(&m_model, &QAbstractItemModel::modelReset, this, &RestPage::showChosen);
    connect(&m_model, &QAbstractItemModel::dataChanged, this, &RestPage::showChosen);
    // Who reads further down stays where they are.
    connect(&m_model, &QAbstractItemModel::rowsInserted, this, [this](const QModelIndex &, int first, int last) {
        auto *place = m_table->verticalScrollBar();
        if (place->value() > 0)
            place->setValue(place->value() + last - first + 1);
    });
    return panel;
}

void RestPage::activate()
{
    m_timer.start();
    m_tokens->refresh();
    look();
}

void RestPage::deactivate()
{
    m_timer.stop();
    m_tokens->cancel();
}

void RestPage::look()
{
    m_server->update();
    if (!m_paused) {
        m_model.setLog(m_control.requests());
        m_model.update();
    }
    showCounts();
    if (m_timer.isActive() && m_looks++ % looksPerRefresh == 0)
        m_tokens->refresh();
}

void RestPage::filter()
{
    m_model.setFilter(m_words->text(), RequestModel::Only(m_only->current()));
    showCounts();
}

void RestPage::showCounts()
{
    const int shown = m_model.rowCount();
    QString text = tr("%Ln request(s) shown", nullptr, shown);
    if (m_paused) {
        const auto log = m_control.requests();
        const auto waiting = log ? log->newest() - std::min(log->newest(), m_model.seen()) : 0;
        text += u" · "_s + tr("paused, %Ln newer", nullptr, int(waiting));
    }
    if (m_model.missed() > 0)
        text += u" · "_s + tr("%Ln older one(s) are not kept any more", nullptr, int(m_model.missed()));
    m_counts->setText(text);
    m_save->setEnabled(shown > 0);
    const bool any = m_model.taken() > 0;
    m_stack->setCurrentIndex(shown > 0 ? 0 : 1);
    m_empty->setTexts(any ? tr("No request fits") : tr("No request yet"),
                      any ? tr("Take words away, or show all of them.")
                          : tr("Each request to the server appears here with what became of it."));
}

void RestPage::showChosen()
{
    const auto rows = m_table->selectionModel()->selectedRows();
    m_detail->setEntry(rows.isEmpty() ? nullptr : m_model.entryAt(rows.front().row()),
                       toText(m_control.status().baseUrl));
}

void RestPage::chooseFile()
{
    const QString path
        = QFileDialog::getSaveFileName(this, tr("Save as a test"), u"requests.sh"_s, tr("Shell scripts (*.sh)"));
    if (!path.isEmpty())
        saveScript(path);
}

void RestPage::saveScript(const QString &path)
{
    auto entries = m_model.entries();
    if (entries.size() > scriptMax)
        entries.resize(scriptMax);
    std::reverse(entries.begin(), entries.end());
    m_link.ask<void>(
        m_ask,
        [entries = std::move(entries), path](Engine &engine, std::stop_token stop) -> Result<void> {
            std::vector<KnownRequest> requests;
            for (const auto &entry : entries) {
                if (stop.stop_requested())
                    return fail(ErrorCode::Cancelled, "stopped");
                KnownRequest request{entry, {}};
                const auto id = Uuid::parse(entry.command);
                if (id && entry.method == "POST" && entry.target.starts_with("/commands")
                    && !entry.target.starts_with("/commands/")) {
                    if (const auto record = engine.records().find(*id); record)
                        request.body = bodyOfCommand(**record);
                }
                requests.push_back(std::move(request));
            }
            QSaveFile file(path);
            const auto script = requestScript(requests).toUtf8();
            if (!file.open(QIODevice::WriteOnly) || file.write(script) != script.size() || !file.commit())
                return fail(ErrorCode::IoError, toUtf8(file.errorString()), toUtf8(path));
            return {};
        },
        [this, path](const Result<void> &saved) {
            m_counts->setText(saved ? tr("Saved as %1. Run it with sh.").arg(path) : errorText(saved.error()));
        });
}

void RestPage::saveState(QSettings &settings) const
{
    settings.setValue(sidesKey, m_sides->saveState());
    settings.setValue(rowsKey, m_rows->saveState());
}

void RestPage::restoreState(const QSettings &settings)
{
    m_sides->restoreState(settings.value(sidesKey).toByteArray());
    m_rows->restoreState(settings.value(rowsKey).toByteArray());
}

} // namespace commander::ui
