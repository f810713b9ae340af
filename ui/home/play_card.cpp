// SPDX-License-Identifier: GPL-3.0-or-later
#include "home/play_card.h"

#include "models/format.h"
#include "models/words.h"
#include "widgets/labels.h"
#include "widgets/segmented_control.h"

#include <array>
#include <QHBoxLayout>
#include <QProgressBar>
#include <QPushButton>

namespace commander::ui {

namespace {
struct DaySize {
    std::size_t commands;
    std::chrono::seconds duration;
};
constexpr std::array sizes = {DaySize{300, std::chrono::seconds(20)}, DaySize{2000, std::chrono::seconds(45)},
                              DaySize{20'000, std::chrono::seconds(60)}};
} // namespace

PlayCard::PlayCard(EngineLink &link, QWidget *parent)
    : QWidget(parent), m_link(link), m_player(link),
      m_size(new SegmentedControl(tr("Size of the day"), {tr("Quiet"), tr("Busy"), tr("Rush")})),
      m_button(new QPushButton), m_bar(new QProgressBar), m_state(makeLabel(LabelRole::Small))
{
    auto *intro
        = makeLabel(LabelRole::Muted,
                    tr("Customers come, open accounts, pay in, draw and transfer. Some are refused, some move so much "
                       "that it is flagged. Eight hours pass in under a minute."));
    intro->setWordWrap(true);
    m_bar->setTextVisible(false);
    m_bar->setAccessibleName(tr("Progress of the day"));
    m_bar->setMaximumHeight(8);
    m_button->setMinimumWidth(120);
    m_size->setCurrent(1);

    auto *row = new QHBoxLayout;
    row->setSpacing(10);
    row->addWidget(m_button);
    row->addWidget(m_size);
    row->addWidget(m_state, 1);
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(10);
    column->addWidget(intro);
    column->addLayout(row);
    column->addWidget(m_bar);

    connect(m_button, &QPushButton::clicked, this, &PlayCard::toggle);
    connect(&m_player, &BankDayPlayer::progressed, this, &PlayCard::refresh);
    refresh();
}

void PlayCard::setReadOnly(bool readOnly)
{
    if (readOnly != m_readOnly) {
        m_readOnly = readOnly;
        refresh();
    }
}

void PlayCard::toggle()
{
    if (m_player.isPlaying()) {
        m_player.stop();
        return;
    }
    const DaySize &size = sizes[std::size_t(m_size->current())];
    // The ledger's length as the seed: every day in this workspace is another one.
    m_player.play(BankDay(m_link.progress().ledger.value + 1, size.commands), size.duration);
}

void PlayCard::refresh()
{
    const bool playing = m_player.isPlaying();
    m_button->setText(playing ? tr("Stop") : tr("Play a day"));
    m_button->setAccessibleName(playing ? tr("Stop the day at the bank") : tr("Play a day at the bank"));
    m_button->setEnabled(!m_readOnly);
    m_size->setEnabled(!playing && !m_readOnly);
    m_bar->setVisible(m_player.total() > 0);
    m_bar->setRange(0, int(std::max<std::size_t>(m_player.total(), 1)));
    m_bar->setValue(int(m_player.recorded()));
    if (m_player.error())
        m_state->setText(errorText(*m_player.error()));
    else if (m_readOnly)
        m_state->setText(tr("This workspace is open for reading only"));
    else if (playing)
        m_state->setText(
            tr("%1 of %2 commands recorded").arg(formatCount(m_player.recorded()), formatCount(m_player.total())));
    else if (m_player.total() > 0)
        m_state->setText(tr("%1 commands recorded").arg(formatCount(m_player.recorded())));
    else
        m_state->clear();
}

} // namespace commander::ui
