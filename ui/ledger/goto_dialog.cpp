// SPDX-License-Identifier: GPL-3.0-or-later
#include "ledger/goto_dialog.h"

#include "models/format.h"
#include "widgets/labels.h"

#include <QDateTime>
#include <QHBoxLayout>
#include <QLineEdit>
#include <QPushButton>
#include <QStyle>

using namespace Qt::StringLiterals;

namespace commander::ui {

GotoDialog::GotoDialog(QWidget *parent)
    : QDialog(parent), m_edit(new QLineEdit), m_hint(makeLabel(LabelRole::Small)), m_go(new QPushButton(tr("Go")))
{
    setWindowTitle(tr("Go to"));
    m_edit->setPlaceholderText(tr("Position, id or time"));
    m_edit->setAccessibleName(tr("Position, id or time to go to"));
    m_edit->setMinimumWidth(360);
    m_hint->setWordWrap(true);
    m_go->setProperty("primary", true);
    m_go->setDefault(true);
    auto *cancel = new QPushButton(tr("Cancel"));

    auto *buttons = new QHBoxLayout;
    buttons->addStretch(1);
    buttons->addWidget(cancel);
    buttons->addWidget(m_go);
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(18, 18, 18, 14);
    column->setSpacing(10);
    column->addWidget(m_edit);
    column->addWidget(m_hint);
    column->addLayout(buttons);

    connect(m_edit, &QLineEdit::textChanged, this, &GotoDialog::check);
    connect(m_go, &QPushButton::clicked, this, &QDialog::accept);
    connect(cancel, &QPushButton::clicked, this, &QDialog::reject);
    check();
}

GotoDialog::Target GotoDialog::read(const QString &text)
{
    const QString trimmed = text.trimmed();
    if (trimmed.isEmpty())
        return {};
    QString digits;
    bool onlyDigits = true;
    for (const QChar c : trimmed) {
        if (c.isDigit())
            digits += c;
        else if (c != u',' && c != u'.' && c != u'\'' && !c.isSpace() && c != u'#')
            onlyDigits = false;
    }
    if (onlyDigits && !digits.isEmpty()) {
        bool fits = false;
        const std::uint64_t value = digits.toULongLong(&fits);
        if (fits && value > 0)
            return Position{value};
    }
    const std::string utf8 = toUtf8(trimmed);
    if (const auto id = Uuid::parse(utf8))
        return *id;
    if (const auto time = Timestamp::parse(utf8))
        return *time;
    for (const auto *format : {"HH:mm", "HH:mm:ss", "HH:mm:ss.zzz"}) {
        if (const QTime time = QTime::fromString(trimmed, QLatin1String(format)); time.isValid())
            return Timestamp{QDateTime(QDate::currentDate(), time).toMSecsSinceEpoch() * 1000};
    }
    for (const auto *format : {"yyyy-MM-dd", "yyyy-MM-dd HH:mm", "yyyy-MM-dd HH:mm:ss"}) {
        if (const QDateTime time = QDateTime::fromString(trimmed, QLatin1String(format)); time.isValid())
            return Timestamp{time.toMSecsSinceEpoch() * 1000};
    }
    return {};
}

void GotoDialog::check()
{
    m_target = read(m_edit->text());
    const bool bad = std::holds_alternative<std::monostate>(m_target) && !m_edit->text().isEmpty();
    m_go->setEnabled(!std::holds_alternative<std::monostate>(m_target));
    m_edit->setProperty("invalid", bad);
    m_edit->style()->unpolish(m_edit);
    m_edit->style()->polish(m_edit);
    m_hint->setText(bad ? tr("That is neither a position, nor an id, nor a time.")
                        : tr("For example 18442, an id, 14:33 (today), or 2016-05-20T14:33:28Z."));
}

} // namespace commander::ui
