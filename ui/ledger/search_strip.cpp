// SPDX-License-Identifier: GPL-3.0-or-later
#include "ledger/search_strip.h"

#include "models/words.h"
#include "widgets/labels.h"

#include <QHBoxLayout>
#include <QToolButton>

using namespace Qt::StringLiterals;

namespace commander::ui {

using State = MatchCollector::State;

SearchStrip::SearchStrip(RecordWindowModel &model, EngineLink &link, Theme &theme, QWidget *parent)
    : QWidget(parent), m_model(model), m_link(link), m_icon(new IconLabel(theme, u"warning"_s, 14)),
      m_text(makeLabel(LabelRole::Small)), m_action(new QToolButton)
{
    auto *row = new QHBoxLayout(this);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(8);
    m_icon->setTone(Theme::Tone::Failed);
    row->addWidget(m_icon);
    row->addWidget(m_text);
    row->addWidget(m_action);
    row->addStretch(1);
    connect(&model, &RecordWindowModel::totalChanged, this, &SearchStrip::refresh);
    connect(&model.matches(), &MatchCollector::stateChanged, this, &SearchStrip::refresh);
    connect(m_action, &QToolButton::clicked, this, [this] {
        if (m_model.matches().state() == State::Searching)
            m_model.matches().cancel();
        else
            m_model.matches().keepGoing();
    });
    refresh();
}

void SearchStrip::setProblem(const QString &problem)
{
    m_problem = problem;
    refresh();
}

void SearchStrip::refresh()
{
    const State state = m_model.matches().state();
    const bool canGoOn = state == State::Stopped || state == State::Full || state == State::Failed;
    m_action->setVisible(m_model.isFiltered() && (state == State::Searching || canGoOn));
    m_action->setText(canGoOn ? tr("Keep going") : tr("Stop"));
    m_action->setAccessibleName(canGoOn ? tr("Keep searching") : tr("Stop searching"));
    m_icon->setVisible(!m_problem.isEmpty() || state == State::Failed);
    m_text->setText(describe());
}

QString SearchStrip::describe() const
{
    if (!m_problem.isEmpty())
        return m_problem;
    const QString head = formatCount(m_link.progress().indexed.value);
    if (!m_model.isFiltered())
        return tr("%Ln record(s)", nullptr, int(std::min<std::uint64_t>(m_model.total(), 2'000'000'000)));

    const MatchCollector &matches = m_model.matches();
    const QString count = matches.positions().size() == 1
        ? tr("1 match")
        : tr("%1 matches").arg(formatCount(matches.positions().size()));
    const QString reached = formatCount(matches.searchedTo().value);
    switch (matches.state()) {
    case State::Searching:
        return tr("%1 so far · searched to %2 of %3").arg(count, reached, head);
    case State::Complete:
        return tr("%1 · searched all %2").arg(count, head);
    case State::Stopped:
        return tr("%1 · stopped at %2 of %3").arg(count, reached, head);
    case State::Full:
        return tr("%1 · too many to list, searched to %2 of %3").arg(count, reached, head);
    case State::Failed:
        return tr("%1 · search failed at %2: %3").arg(count, reached, errorText(matches.error()));
    case State::Idle:
        break;
    }
    return count;
}

} // namespace commander::ui
