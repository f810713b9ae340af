// SPDX-License-Identifier: GPL-3.0-or-later
#include "home/activity_list.h"

#include "models/words.h"
#include "widgets/elided_label.h"
#include "widgets/labels.h"

#include <QHBoxLayout>
#include <QToolButton>

using namespace Qt::StringLiterals;

namespace commander::ui {

namespace {
constexpr std::size_t rowsShown = 12;
constexpr int paceMs = 250;
} // namespace

/// One record as a button: icon, action and key, outcome, age.
class ActivityRow final : public QToolButton {
public:
    explicit ActivityRow(Theme &theme)
        : m_icon(new IconLabel(theme, {}, 16)), m_action(new ElidedLabel), m_key(new ElidedLabel),
          m_status(new IconLabel(theme, {}, 14)), m_time(makeLabel(LabelRole::Small))
    {
        setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
        setFixedHeight(28);
        setAccessibleName(ActivityList::tr("Record"));
        m_key->setProperty("role", u"small"_s);
        auto *row = new QHBoxLayout(this);
        row->setContentsMargins(8, 0, 8, 0);
        row->setSpacing(9);
        row->addWidget(m_icon);
        row->addWidget(m_action, 3);
        row->addWidget(m_key, 2);
        row->addWidget(m_status);
        row->addWidget(m_time);
        m_time->setMinimumWidth(74);
        m_time->setAlignment(Qt::AlignRight | Qt::AlignVCenter);
        for (QWidget *part : findChildren<QWidget *>())
            part->setAttribute(Qt::WA_TransparentForMouseEvents);
    }

    void show(const RecordRow &row, Timestamp now)
    {
        const Record &record = *row.record;
        m_id = record.id;
        m_icon->setIcon(Theme::kindIcon(record.kind));
        m_icon->setTone(record.kind == RecordKind::Command     ? Theme::Tone::Command
                            : record.kind == RecordKind::Event ? Theme::Tone::Event
                                                               : Theme::Tone::Pending);
        m_action->setFullText(toText(record.action));
        m_key->setFullText(toText(record.key));
        const auto status = row.status.value_or(CommandStatus::Accepted);
        m_status->setIcon(row.status ? Theme::statusIcon(status) : QString());
        m_status->setTone(status == CommandStatus::Succeeded      ? Theme::Tone::Succeeded
                              : status == CommandStatus::Rejected ? Theme::Tone::Rejected
                              : status == CommandStatus::Failed   ? Theme::Tone::Failed
                                                                  : Theme::Tone::Pending);
        m_time->setText(formatTime(record.recordedAt, TimeStyle::Relative, now));
        QString name = u"%1 %2 %3"_s.arg(kindWord(record.kind), toText(record.action), toText(record.key));
        if (row.status)
            name += u", "_s + statusWord(status);
        setAccessibleName(name);
        setToolTip(formatTimeLong(record.recordedAt, TimeStyle::Local, now));
        setVisible(true);
    }
    [[nodiscard]] const Uuid &id() const { return m_id; }

private:
    Uuid m_id;
    IconLabel *m_icon;
    ElidedLabel *m_action;
    ElidedLabel *m_key;
    IconLabel *m_status;
    QLabel *m_time;
};

ActivityList::ActivityList(EngineLink &link, Theme &theme, QWidget *parent)
    : QWidget(parent), m_link(link), m_theme(theme), m_empty(makeLabel(LabelRole::Muted))
{
    setAccessibleName(tr("Latest activity"));
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    m_empty->setText(tr("Nothing is recorded yet. Send a command and watch what follows from it."));
    m_empty->setWordWrap(true);
    column->addWidget(m_empty);
    for (std::size_t i = 0; i < rowsShown; ++i) {
        auto *row = new ActivityRow(theme);
        row->hide();
        connect(row, &QToolButton::clicked, this, [this, row] { Q_EMIT chosen(row->id()); });
        column->addWidget(row);
        m_rows.push_back(row);
    }
    column->addStretch(1);
    m_pace.setSingleShot(true);
    m_pace.setInterval(paceMs);
    connect(&m_pace, &QTimer::timeout, this, &ActivityList::load);
    connect(&link, &EngineLink::progressed, this, [this] {
        if (m_active && !m_pace.isActive())
            m_pace.start();
    });
}

void ActivityList::setActive(bool active)
{
    m_active = active;
    if (active)
        load();
}

void ActivityList::load()
{
    const std::uint64_t head = m_link.progress().indexed.value;
    if (head == 0 || !m_active)
        return;
    const Position first{head > rowsShown ? head - rowsShown + 1 : 1};
    m_link.ask<std::vector<RecordRow>>(
        m_ask,
        [first](Engine &engine, std::stop_token stop) -> Result<std::vector<RecordRow>> {
            auto records = engine.records().range(first, rowsShown, stop);
            if (!records)
                return fail(std::move(records.error()));
            std::vector<RecordRow> rows;
            for (RecordPtr &record : *records) {
                RecordRow row{record, std::nullopt, record->data.size()};
                if (record->kind == RecordKind::Command) {
                    auto status = engine.records().status(record->id);
                    if (!status)
                        return fail(std::move(status.error()));
                    row.status = *status;
                } else if (record->kind == RecordKind::Result) {
                    row.status = commandStatusFromName(record->action);
                }
                rows.push_back(std::move(row));
            }
            return rows;
        },
        [this](Result<std::vector<RecordRow>> rows) {
            if (rows) {
                show(std::move(*rows));
            } else {
                m_empty->setText(errorText(rows.error()));
                m_empty->show();
            }
        });
}

void ActivityList::show(std::vector<RecordRow> rows)
{
    m_empty->setVisible(rows.empty());
    const Timestamp now = currentTime();
    for (std::size_t i = 0; i < m_rows.size(); ++i) {
        if (i < rows.size())
            m_rows[i]->show(rows[rows.size() - 1 - i], now);
        else
            m_rows[i]->hide();
    }
}

} // namespace commander::ui
