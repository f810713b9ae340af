// SPDX-License-Identifier: GPL-3.0-or-later
#include "rest_page/server_card.h"

#include "models/format.h"
#include "widgets/icon_button.h"
#include "widgets/labels.h"

#include <QPushButton>
#include <QSpinBox>
#include <QUrl>

using namespace Qt::StringLiterals;

namespace commander::ui {

namespace {
constexpr int usualPort = 8080;
constexpr int portMax = 65'535;
} // namespace

ServerCard::ServerCard(RestControl &control, Theme &theme, QWidget *parent)
    : Card({}, parent), m_control(control), m_icon(new IconLabel(theme, u"link"_s, 22)),
      m_url(makeLabel(LabelRole::Title)), m_state(makeLabel(LabelRole::Muted)), m_access(makeLabel(LabelRole::Muted)),
      m_copy(new CopyButton(theme, tr("Copy the address"), [this] { return m_url->text(); })), m_port(new QSpinBox),
      m_compose(new QPushButton(tr("Send a request…"))), m_start(new QPushButton(tr("Start"))),
      m_stop(new QPushButton(tr("Stop")))
{
    setAccessibleName(tr("The REST server"));
    m_url->setTextInteractionFlags(Qt::TextSelectableByMouse | Qt::TextSelectableByKeyboard);
    m_url->setAccessibleName(tr("Address of the REST server"));
    m_state->setWordWrap(true);
    m_access->setWordWrap(true);
    m_port->setRange(0, portMax);
    m_port->setValue(usualPort);
    m_port->setPrefix(tr("Port "));
    m_port->setSpecialValueText(tr("Any free port"));
    m_port->setAccessibleName(tr("Port of the next start"));
    m_start->setProperty("primary", true);
    m_start->setToolTip(tr("Serve this workspace on this machine"));
    m_stop->setToolTip(tr("Finish what is being answered and close every stream"));
    m_compose->setToolTip(tr("Ask the server as any client would"));

    auto *row = new QHBoxLayout;
    row->setSpacing(8);
    row->addWidget(m_icon);
    row->addWidget(m_url);
    row->addWidget(m_copy);
    row->addSpacing(8);
    row->addWidget(m_state, 1);
    row->addWidget(m_port);
    row->addWidget(m_compose);
    row->addWidget(m_start);
    row->addWidget(m_stop);
    body()->addLayout(row);
    body()->addWidget(m_access);
    m_access->hide();

    connect(m_start, &QPushButton::clicked, this, [this] { m_control.start(std::uint16_t(m_port->value())); });
    connect(m_stop, &QPushButton::clicked, this, [this] { m_control.stop(); });
    connect(m_compose, &QPushButton::clicked, this, &ServerCard::composeWanted);
    connect(&control, &RestControl::changed, this, &ServerCard::update);
    update();
}

void ServerCard::setAccess(const QString &text)
{
    m_access->setText(text);
    m_access->setVisible(!text.isEmpty());
}

void ServerCard::update()
{
    const auto status = m_control.status();
    const bool changing = m_control.isChanging();
    m_icon->setTone(status.listening ? Theme::Tone::Succeeded : Theme::Tone::TextMuted);
    m_url->setText(status.listening ? toText(status.baseUrl) : tr("Not serving"));
    m_copy->setVisible(status.listening);
    if (changing)
        m_state->setText(status.listening ? tr("Stopping…") : tr("Starting…"));
    else if (status.listening)
        m_state->setText(u"%1 · %2"_s.arg(tr("%Ln request(s)", nullptr, int(status.requests)),
                                          tr("%Ln open stream(s)", nullptr, int(status.streams))));
    else
        m_state->setText(status.error.empty() ? tr("Nobody can reach this workspace over HTTP.")
                                              : toText(status.error));
    m_port->setVisible(!status.listening);
    m_start->setVisible(!status.listening);
    m_stop->setVisible(status.listening);
    m_compose->setEnabled(status.listening && !changing);
    m_start->setEnabled(!changing);
    m_stop->setEnabled(!changing);
    if (const int port = QUrl(toText(status.baseUrl)).port(); status.listening && port > 0)
        m_port->setValue(port);
}

} // namespace commander::ui
