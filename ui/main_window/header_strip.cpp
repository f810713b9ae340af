// SPDX-License-Identifier: GPL-3.0-or-later
#include "main_window/header_strip.h"

#include "models/format.h"
#include "widgets/elided_label.h"
#include "widgets/icon_button.h"
#include "widgets/labels.h"

#include <QFileInfo>
#include <QHBoxLayout>

using namespace Qt::StringLiterals;

namespace commander::ui {

namespace {
constexpr int addressWidthMin = 230;
constexpr int counterWidth = 96;
} // namespace

HeaderStrip::HeaderStrip(EngineMeter &meter, Theme &theme, std::function<RestStatus()> restStatus, QWidget *parent)
    : QFrame(parent), m_meter(meter), m_theme(theme), m_restStatus(std::move(restStatus)),
      m_head(makeLabel(LabelRole::Heading)), m_rate(makeLabel(LabelRole::Heading)),
      m_mode(new IconButton(theme, u"dark"_s, {}))
{
    setProperty("bar", true);
    m_mode->setIconSize({20, 20});
    auto *row = new QHBoxLayout(this);
    row->setContentsMargins(16, 9, 14, 9);
    row->setSpacing(20);
    row->addWidget(makeWorkspace());
    row->addStretch(1);
    row->addWidget(makeAddress());
    row->addStretch(1);
    row->addWidget(makeCounter(m_head, tr("newest position")));
    row->addWidget(makeCounter(m_rate, tr("commands/s")));
    row->addWidget(m_mode);
    connect(m_mode, &QToolButton::clicked, &theme, &Theme::toggle);
    connect(&theme, &Theme::changed, this, &HeaderStrip::showMode);
    connect(&meter, &EngineMeter::measured, this, &HeaderStrip::refresh);
    showMode();
    refresh();
}

QWidget *HeaderStrip::makeWorkspace()
{
    auto *box = new QWidget;
    m_name = new ElidedLabel(Qt::ElideMiddle);
    m_name->setProperty("role", u"heading"_s);
    m_name->setMaximumWidth(360);
    m_note = makeLabel(LabelRole::Small);
    auto *column = new QVBoxLayout(box);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(1);
    column->addWidget(m_name);
    column->addWidget(m_note);
    return box;
}

QWidget *HeaderStrip::makeAddress()
{
    auto *box = new QFrame;
    box->setProperty("inset", true);
    m_addressIcon = new IconLabel(m_theme, u"link"_s, 18);
    m_address = new ElidedLabel;
    QFont font = m_theme.monospace();
    font.setPointSizeF(13);
    font.setWeight(QFont::DemiBold);
    m_address->setFont(font);
    m_address->setMinimumWidth(addressWidthMin);
    m_addressNote = makeLabel(LabelRole::Small);
    m_copy = new CopyButton(m_theme, tr("Copy the address of the REST interface"),
                            [this] { return m_address->fullText(); });
    auto *row = new QHBoxLayout(box);
    row->setContentsMargins(12, 4, 6, 4);
    row->setSpacing(9);
    row->addWidget(m_addressIcon);
    row->addWidget(m_address);
    row->addWidget(m_addressNote);
    row->addWidget(m_copy);
    return box;
}

QWidget *HeaderStrip::makeCounter(QLabel *value, const QString &caption)
{
    auto *box = new QWidget;
    auto *column = new QVBoxLayout(box);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(1);
    auto *label = makeLabel(LabelRole::Small, caption);
    value->setAlignment(Qt::AlignRight);
    label->setAlignment(Qt::AlignRight);
    column->addWidget(value);
    column->addWidget(label);
    box->setMinimumWidth(counterWidth);
    return box;
}

void HeaderStrip::refresh()
{
    const EngineStatus &status = m_meter.status();
    const QFileInfo file(toText(status.ledgerPath));
    m_name->setFullText(file.completeBaseName().isEmpty() ? tr("Workspace") : file.completeBaseName());
    m_note->setToolTip(file.filePath());
    m_head->setText(formatCount(status.progress.ledger.value));
    m_rate->setText(formatRate(m_meter.rates().commands));

    const RestStatus rest = m_restStatus();
    m_note->setText(status.readOnly   ? tr("Read-only workspace")
                        : rest.closed ? tr("Sandbox, a token is needed")
                                      : tr("Sandbox, no token: loopback only"));
    m_addressIcon->setIcon(rest.listening ? u"link"_s : u"warning"_s);
    m_addressIcon->setTone(rest.listening ? Theme::Tone::Accent : Theme::Tone::Failed);
    m_address->setFullText(rest.listening ? toText(rest.baseUrl) : tr("REST is off"));
    m_addressNote->setText(rest.listening
                               ? (rest.streams > 0 ? tr("%Ln stream(s)", nullptr, int(rest.streams)) : QString())
                               : toText(rest.error).left(80));
    m_addressNote->setVisible(!m_addressNote->text().isEmpty());
    m_copy->setEnabled(rest.listening);
}

void HeaderStrip::showMode()
{
    const bool light = m_theme.mode() == Theme::Mode::Light;
    m_mode->setIconName(light ? u"dark"_s : u"light"_s);
    m_mode->setName(light ? tr("Dark colours") : tr("Light colours"));
}

} // namespace commander::ui
