// SPDX-License-Identifier: GPL-3.0-or-later
#include "ledger/record_table.h"

#include "ledger/record_delegate.h"

#include <algorithm>
#include <cstdlib>
#include <QAction>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QKeyEvent>
#include <QMenu>
#include <QPushButton>
#include <QScopedValueRollback>
#include <QScrollBar>
#include <QSettings>
#include <QTableView>

using namespace Qt::StringLiterals;

namespace commander::ui {

namespace {

constexpr int rowHeight = 28;
constexpr int rowsPerWheelStep = 3;
constexpr int wheelStep = 120;
constexpr auto columnsKey = "ledger/columns"_L1;

// A scroll bar counts in int; longer ledgers move in bigger steps.
std::uint64_t unitOf(std::uint64_t range)
{
    return range / (1u << 30) + 1;
}

} // namespace

RecordTable::RecordTable(RecordWindowModel &model, Theme &theme, QWidget *parent)
    : QWidget(parent), m_model(model), m_grid(new QTableView), m_bar(new QScrollBar(Qt::Vertical)),
      m_pill(new QPushButton(m_grid))
{
    setProperty("surface", true);
    setAttribute(Qt::WA_StyledBackground);
    setUpGrid(theme);
    setUpColumns();
    m_bar->setAccessibleName(tr("Place in the ledger"));
    m_pill->setProperty("primary", true);
    m_pill->setCursor(Qt::PointingHandCursor);
    m_pill->setFocusPolicy(Qt::NoFocus);
    m_pill->hide();

    auto *row = new QHBoxLayout(this);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(0);
    row->addWidget(m_grid, 1);
    row->addWidget(m_bar);
    setFocusProxy(m_grid);

    connect(&m_model, &RecordWindowModel::totalChanged, this, &RecordTable::layOut);
    connect(&m_model, &QAbstractItemModel::modelReset, this, &RecordTable::layOut);
    connect(m_bar, &QScrollBar::valueChanged, this, [this](int value) {
        if (m_syncing)
            return;
        const bool atEnd = value == m_bar->maximum();
        scrollTo(atEnd ? lastFirst() : std::uint64_t(value) * unitOf(lastFirst()));
    });
    // Selected, not current: a view that takes the focus makes some row current by itself.
    connect(m_grid->selectionModel(), &QItemSelectionModel::selectionChanged, this,
            [this](const QItemSelection &selected) {
                if (m_syncing || selected.isEmpty())
                    return;
                m_current = m_model.positionAt(m_model.first() + std::uint64_t(selected.first().top()));
                Q_EMIT currentChanged(*m_current);
            });
    connect(m_grid, &QTableView::doubleClicked, this, [this] {
        if (m_current)
            Q_EMIT activated(*m_current);
    });
    connect(m_grid, &QWidget::customContextMenuRequested, this, [this](const QPoint &place) {
        const QModelIndex index = m_grid->indexAt(place);
        if (index.isValid())
            Q_EMIT menuRequested(m_model.positionAt(m_model.first() + std::uint64_t(index.row())), index.column(),
                                 m_grid->viewport()->mapToGlobal(place));
    });
    connect(m_pill, &QPushButton::clicked, this, [this] { setFollowing(true); });
}

void RecordTable::setUpGrid(Theme &theme)
{
    m_grid->setProperty("flat", true);
    m_grid->setAccessibleName(tr("Records"));
    m_grid->setModel(&m_model);
    m_grid->setItemDelegate(new RecordDelegate(theme, m_grid));
    m_grid->setSelectionBehavior(QAbstractItemView::SelectRows);
    m_grid->setSelectionMode(QAbstractItemView::SingleSelection);
    m_grid->setEditTriggers(QAbstractItemView::NoEditTriggers);
    m_grid->setShowGrid(false);
    m_grid->setWordWrap(false);
    m_grid->setAutoScroll(false);
    m_grid->setTabKeyNavigation(false);
    m_grid->setContextMenuPolicy(Qt::CustomContextMenu);
    m_grid->setVerticalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    m_grid->setHorizontalScrollMode(QAbstractItemView::ScrollPerPixel);
    m_grid->verticalHeader()->hide();
    m_grid->verticalHeader()->setSectionResizeMode(QHeaderView::Fixed);
    m_grid->verticalHeader()->setDefaultSectionSize(rowHeight);
    m_grid->installEventFilter(this);
    m_grid->viewport()->installEventFilter(this);
    connect(&theme, &Theme::changed, m_grid->viewport(), qOverload<>(&QWidget::update));
}

void RecordTable::setUpColumns()
{
    QHeaderView *header = m_grid->horizontalHeader();
    header->setSectionsMovable(true);
    header->setHighlightSections(false);
    header->setStretchLastSection(false);
    header->setMinimumSectionSize(48);
    constexpr std::pair<RecordColumn, int> widths[]
        = {{RecordColumn::Position, 92}, {RecordColumn::Time, 150},  {RecordColumn::Kind, 102},
           {RecordColumn::Action, 166},  {RecordColumn::Key, 96},    {RecordColumn::Status, 112},
           {RecordColumn::Data, 340},    {RecordColumn::Topic, 136}, {RecordColumn::Actor, 130},
           {RecordColumn::Id, 110},      {RecordColumn::Size, 76}};
    for (const auto &[column, width] : widths)
        header->resizeSection(int(column), width);

    header->setContextMenuPolicy(Qt::CustomContextMenu);
    connect(header, &QWidget::customContextMenuRequested, this, [this, header](const QPoint &place) {
        QMenu menu;
        for (int column = 0; column < recordColumnCount; ++column) {
            QAction *action = menu.addAction(columnTitle(RecordColumn(column), m_model.timeStyle()));
            action->setCheckable(true);
            action->setChecked(!header->isSectionHidden(column));
            action->setEnabled(column != int(RecordColumn::Position)); // one must stay
            connect(action, &QAction::toggled, header,
                    [header, column](bool shown) { header->setSectionHidden(column, !shown); });
        }
        menu.exec(header->mapToGlobal(place));
    });
}

void RecordTable::setCurrent(std::optional<Position> position)
{
    m_current = position;
    showMark();
}

void RecordTable::goTo(Position position)
{
    if (m_model.total() == 0) {
        m_current = position;
        return;
    }
    const std::uint64_t index = m_model.indexNear(position);
    m_current = m_model.positionAt(index);
    bringIntoSight(index);
    showMark();
}

void RecordTable::setFollowing(bool following)
{
    if (following != m_following) {
        m_following = following;
        m_totalWhenPaused = m_model.total();
        Q_EMIT followingChanged(following);
    }
    layOut();
}

std::uint64_t RecordTable::newCount() const
{
    return m_following || m_model.total() < m_totalWhenPaused ? 0 : m_model.total() - m_totalWhenPaused;
}

void RecordTable::saveColumns(QSettings &settings) const
{
    settings.setValue(columnsKey, m_grid->horizontalHeader()->saveState());
}

void RecordTable::restoreColumns(const QSettings &settings)
{
    if (const QByteArray state = settings.value(columnsKey).toByteArray(); !state.isEmpty())
        m_grid->horizontalHeader()->restoreState(state);
}

std::uint64_t RecordTable::rowsThatFit() const
{
    return std::uint64_t(std::max(m_grid->viewport()->height() / rowHeight, 1));
}

std::uint64_t RecordTable::lastFirst() const
{
    const std::uint64_t rows = rowsThatFit();
    return m_model.total() > rows ? m_model.total() - rows : 0;
}

void RecordTable::layOut()
{
    const QScopedValueRollback guard(m_syncing, true);
    if (m_model.total() < m_totalWhenPaused) // another filter: what was counted is gone
        m_totalWhenPaused = m_model.total();
    const std::uint64_t last = lastFirst();
    m_model.setWindow(m_following ? last : std::min(m_model.first(), last), rowsThatFit());
    const std::uint64_t unit = unitOf(last);
    m_bar->setRange(0, int(last / unit));
    m_bar->setPageStep(int(std::max<std::uint64_t>(rowsThatFit() / unit, 1)));
    m_bar->setSingleStep(1);
    m_bar->setValue(m_model.first() >= last ? m_bar->maximum() : int(m_model.first() / unit));
    m_bar->setEnabled(last > 0);
    showMark();
    showPill();
}

void RecordTable::scrollTo(std::uint64_t first)
{
    const std::uint64_t last = lastFirst();
    const std::uint64_t target = std::min(first, last);
    const bool atEnd = target == last;
    if (atEnd != m_following) {
        m_following = atEnd;
        m_totalWhenPaused = m_model.total();
        Q_EMIT followingChanged(atEnd);
    }
    {
        const QScopedValueRollback guard(m_syncing, true);
        m_model.setWindow(target, rowsThatFit());
    }
    layOut();
}

void RecordTable::bringIntoSight(std::uint64_t index)
{
    const std::uint64_t rows = rowsThatFit();
    if (index >= m_model.first() && index < m_model.first() + rows)
        return;
    scrollTo(index > rows / 2 ? index - rows / 2 : 0);
}

void RecordTable::showMark()
{
    const QScopedValueRollback guard(m_syncing, true);
    QItemSelectionModel *marks = m_grid->selectionModel();
    const auto index = m_current ? m_model.indexOf(*m_current) : std::nullopt;
    if (!index || *index < m_model.first() || *index >= m_model.first() + std::uint64_t(m_model.rowCount())) {
        marks->clear();
        return;
    }
    const int column = std::max(marks->currentIndex().column(), 0);
    marks->setCurrentIndex(m_model.index(int(*index - m_model.first()), column),
                           QItemSelectionModel::ClearAndSelect | QItemSelectionModel::Rows);
}

void RecordTable::showPill()
{
    const std::uint64_t count = newCount();
    m_pill->setVisible(count > 0);
    if (count == 0)
        return;
    m_pill->setText(u"↓  "_s + tr("%1 new").arg(formatCount(count)));
    m_pill->setAccessibleName(tr("%1 new records: go to the newest and follow").arg(formatCount(count)));
    m_pill->adjustSize();
    m_pill->move((m_grid->width() - m_pill->width()) / 2, m_grid->height() - m_pill->height() - 24);
    m_pill->raise();
}

bool RecordTable::eventFilter(QObject *watched, QEvent *event)
{
    switch (event->type()) {
    case QEvent::Resize:
        if (watched == m_grid->viewport())
            layOut();
        break;
    case QEvent::Wheel:
        if (watched == m_grid->viewport()) {
            const auto *wheel = static_cast<QWheelEvent *>(event);
            if (wheel->modifiers() & Qt::ShiftModifier || wheel->angleDelta().y() == 0)
                break; // sideways: the table's own business
            m_wheelRest += wheel->angleDelta().y() * rowsPerWheelStep;
            const int rows = m_wheelRest / wheelStep;
            m_wheelRest -= rows * wheelStep;
            const auto first = std::int64_t(m_model.first()) - rows;
            if (rows != 0)
                scrollTo(std::uint64_t(std::max<std::int64_t>(first, 0)));
            return true;
        }
        break;
    case QEvent::KeyPress:
        if (watched == m_grid) {
            const auto *key = static_cast<QKeyEvent *>(event);
            if (takeKey(key->key(), key->text(), key->modifiers()))
                return true;
        }
        break;
    default:
        break;
    }
    return QWidget::eventFilter(watched, event);
}

bool RecordTable::takeKey(int key, const QString &text, Qt::KeyboardModifiers modifiers)
{
    if (modifiers & (Qt::ControlModifier | Qt::AltModifier | Qt::MetaModifier))
        return false;
    const auto page = std::int64_t(rowsThatFit());
    switch (key) {
    case Qt::Key_Up:
    case Qt::Key_K:
        moveCurrent(-1);
        return true;
    case Qt::Key_Down:
    case Qt::Key_J:
        moveCurrent(1);
        return true;
    case Qt::Key_PageUp:
        moveCurrent(-page);
        return true;
    case Qt::Key_PageDown:
        moveCurrent(page);
        return true;
    case Qt::Key_Home:
        moveCurrent(-std::int64_t(m_model.total()));
        return true;
    case Qt::Key_End:
        moveCurrent(std::int64_t(m_model.total()));
        return true;
    case Qt::Key_Return:
    case Qt::Key_Enter:
        if (m_current)
            Q_EMIT activated(*m_current);
        return true;
    default:
        break;
    }
    if (text.isEmpty() || !text.at(0).isPrint())
        return false;
    Q_EMIT keyTyped(text);
    return true;
}

void RecordTable::moveCurrent(std::int64_t by)
{
    if (m_model.total() == 0)
        return;
    const auto last = std::int64_t(m_model.total()) - 1;
    // Without a mark the first key marks the newest row in sight, except for the keys that lead to an end.
    const bool none = !m_current && std::abs(by) <= last;
    const auto from = m_current ? std::int64_t(m_model.indexNear(*m_current))
                                : std::int64_t(m_model.first()) + m_model.rowCount() - 1;
    const auto target = std::uint64_t(std::clamp<std::int64_t>(none ? from : from + by, 0, last));
    m_current = m_model.positionAt(target);
    const std::uint64_t rows = rowsThatFit();
    if (target < m_model.first())
        scrollTo(target);
    else if (target >= m_model.first() + rows)
        scrollTo(target - rows + 1);
    showMark();
    Q_EMIT currentChanged(*m_current);
}

} // namespace commander::ui
