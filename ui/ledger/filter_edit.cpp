// SPDX-License-Identifier: GPL-3.0-or-later
#include "ledger/filter_edit.h"

#include "models/format.h"
#include "widgets/labels.h"

#include <QAction>
#include <QKeyEvent>
#include <QMenu>
#include <QSettings>
#include <QStyle>

using namespace Qt::StringLiterals;

namespace commander::ui {

namespace {

constexpr int debounceMs = 150;
constexpr qsizetype historyMax = 20;
constexpr qsizetype menuCharacters = 90;

/// Columns count characters, the cursor UTF-16 units.
int cursorAt(const QString &text, std::size_t column)
{
    int at = 0;
    for (std::size_t passed = 1; passed < column && at < text.size(); ++passed)
        at += text.at(at).isHighSurrogate() ? 2 : 1;
    return at;
}

} // namespace

FilterEdit::FilterEdit(Theme &theme, QWidget *parent)
    : QLineEdit(parent), m_theme(theme), m_icon(addAction(QIcon(), QLineEdit::LeadingPosition)),
      m_historyAction(addAction(QIcon(), QLineEdit::TrailingPosition))
{
    setPlaceholderText(tr("Filter: a text, or action = transfer-money and data.amount >= 1000"));
    setAccessibleName(tr("Filter expression"));
    setToolTip(tr("Words are searched in data, action, key and id. Fields are compared with = != < <= > >= in contains "
                  "starts with ~ exists, and joined with and, or, not and parentheses."));
    setClearButtonEnabled(true);
    m_historyAction->setText(tr("Earlier filters"));
    m_historyAction->setToolTip(tr("Earlier filters (Up and Down keys)"));
    connect(m_historyAction, &QAction::triggered, this, &FilterEdit::showHistory);
    m_pause.setSingleShot(true);
    m_pause.setInterval(debounceMs);
    connect(&m_pause, &QTimer::timeout, this, [this] { applyNow(false); });
    connect(this, &QLineEdit::textEdited, this, [this] {
        m_recalled = -1;
        check();
        m_pause.start();
    });
    connect(this, &QLineEdit::returnPressed, this, [this] { applyNow(true); });
    connect(&theme, &Theme::changed, this, &FilterEdit::updateIcons);
    check();
}

void FilterEdit::showExpression(const std::shared_ptr<const FilterExpression> &expression)
{
    if (expression == m_applied || m_pause.isActive())
        return;
    m_applied = expression;
    setText(expression ? toText(expression->text()) : QString());
    check();
    Q_EMIT problemChanged({});
    if (expression)
        remember(text());
}

void FilterEdit::check()
{
    m_error.reset();
    if (const auto expression = FilterExpression::parse(toUtf8(text()), currentTime()); !expression)
        m_error = expression.error();
    const QString validity = text().trimmed().isEmpty() ? u"none"_s : m_error ? u"wrong"_s : u"good"_s;
    if (property("validity").toString() != validity) {
        setProperty("validity", validity);
        style()->unpolish(this);
        style()->polish(this);
        updateIcons();
    }
}

void FilterEdit::applyNow(bool byReturn)
{
    m_pause.stop();
    check();
    if (m_error) {
        const std::size_t column = m_error->details.empty() ? 0 : m_error->details.front().column;
        const QString message = toText(m_error->details.empty() ? m_error->what : m_error->details.front().message);
        Q_EMIT problemChanged(tr("Column %1: %2").arg(column).arg(message));
        if (byReturn && column > 0)
            setCursorPosition(cursorAt(text(), column));
        return;
    }
    Q_EMIT problemChanged({});
    const bool isEmpty = text().trimmed().isEmpty();
    auto expression = FilterExpression::parse(toUtf8(text()), currentTime());
    if (!expression)
        return;
    // The same again only when it is asked for: now-1h has moved on.
    const bool isSame = isEmpty ? m_applied == nullptr : m_applied && m_applied->text() == (*expression)->text();
    if (byReturn && !isEmpty)
        remember(text());
    if (isSame && !byReturn)
        return;
    m_applied = isEmpty ? nullptr : *expression;
    Q_EMIT applied(m_applied);
}

void FilterEdit::keyPressEvent(QKeyEvent *event)
{
    if (event->key() == Qt::Key_Up)
        recall(1);
    else if (event->key() == Qt::Key_Down)
        recall(-1);
    else
        QLineEdit::keyPressEvent(event);
}

void FilterEdit::recall(int step)
{
    const int place = m_recalled + step;
    if (place < -1 || place >= m_history.size())
        return;
    if (m_recalled == -1)
        m_typed = text();
    m_recalled = place;
    setText(place == -1 ? m_typed : m_history.at(place));
    check();
    m_pause.start();
}

void FilterEdit::remember(const QString &text)
{
    const QString line = text.trimmed();
    if (line.isEmpty())
        return;
    m_history.removeAll(line);
    m_history.prepend(line);
    while (m_history.size() > historyMax)
        m_history.removeLast();
    m_recalled = -1;
}

void FilterEdit::saveHistory(QSettings &settings) const
{
    settings.setValue("ledger/filterHistory", m_history);
}

void FilterEdit::restoreHistory(const QSettings &settings)
{
    m_history = settings.value("ledger/filterHistory").toStringList().mid(0, historyMax);
}

void FilterEdit::showHistory()
{
    QMenu menu;
    if (m_history.isEmpty())
        menu.addAction(tr("Filters that you apply with Return are kept here"))->setEnabled(false);
    for (const QString &line : std::as_const(m_history)) {
        QString shown = line.size() > menuCharacters ? line.left(menuCharacters) + u'…' : line;
        menu.addAction(shown.replace(u'&', u"&&"_s), this, [this, line] {
            setText(line);
            applyNow(true);
        });
    }
    menu.exec(mapToGlobal(QPoint(0, height())));
}

void FilterEdit::updateIcons()
{
    const QString validity = property("validity").toString();
    const auto set
        = [this](const QString &name, Theme::Tone tone) { m_icon->setIcon(m_theme.icon(name, m_theme.color(tone))); };
    if (validity == u"good")
        set(u"check"_s, Theme::Tone::Succeeded);
    else if (validity == u"wrong")
        set(u"warning"_s, Theme::Tone::Failed);
    else
        set(u"filter"_s, Theme::Tone::TextMuted);
    m_historyAction->setIcon(m_theme.icon(u"history"_s, m_theme.color(Theme::Tone::TextMuted)));
}

} // namespace commander::ui
