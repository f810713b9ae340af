// SPDX-License-Identifier: GPL-3.0-or-later
#include "rest_page/tokens_card.h"

#include "models/format.h"
#include "models/words.h"
#include "widgets/banner.h"
#include "widgets/code_box.h"
#include "widgets/flat_table.h"
#include "widgets/labels.h"

#include <algorithm>
#include <QCheckBox>
#include <QCoreApplication>
#include <QLineEdit>
#include <QPushButton>
#include <QRegularExpressionValidator>
#include <QStackedWidget>
#include <QTreeWidget>

using namespace Qt::StringLiterals;

namespace commander::ui {

namespace {

constexpr int nameMax = 64;

class Texts {
    Q_DECLARE_TR_FUNCTIONS(commander::ui::TokensCard)
};

QString roleWord(AccessRole role)
{
    switch (role) {
    case AccessRole::Read:
        return Texts::tr("Read");
    case AccessRole::Submit:
        return Texts::tr("Submit");
    case AccessRole::Operate:
        return Texts::tr("Operate");
    case AccessRole::Audit:
        return Texts::tr("Audit");
    }
    return {};
}

QString roleTip(AccessRole role)
{
    switch (role) {
    case AccessRole::Read:
        return Texts::tr("Records, views, lineage, streams of updates");
    case AccessRole::Submit:
        return Texts::tr("Record commands, and preview them");
    case AccessRole::Operate:
        return Texts::tr("Consumers, retries, domains, versions of views, tokens");
    case AccessRole::Audit:
        return Texts::tr("Verification and the log of requests");
    }
    return {};
}

QString rolesText(AccessRoles roles)
{
    QStringList words;
    for (const auto role : accessRoles) {
        if (roles.has(role))
            words << roleWord(role);
    }
    return words.join(u", "_s);
}

} // namespace

TokensCard::TokensCard(RestControl &control, EngineLink &link, Theme &theme, QWidget *parent)
    : Card(tr("Tokens"), parent), m_control(control), m_link(link),
      m_error(new Banner(theme, Theme::Tone::Failed, Banner::Weight::Quiet, u"failed"_s)), m_stack(new QStackedWidget),
      m_table(makeFlatTable(tr("Tokens"), {tr("Name"), tr("May"), tr("Made"), tr("Expires")}, 1)),
      m_secretNote(makeLabel(LabelRole::Muted)), m_secret(new CodeBox(theme, tr("the token")))
{
    auto *none = makeLabel(LabelRole::Muted,
                           tr("No token was made. Everybody on this machine may do everything; the "
                              "first token ends that."));
    none->setWordWrap(true);
    none->setAlignment(Qt::AlignCenter);
    m_stack->addWidget(m_table);
    m_stack->addWidget(none);
    m_stack->setCurrentIndex(1);
    m_error->hide();
    m_secretNote->setWordWrap(true);
    m_secretNote->hide();
    m_secret->hide();
    body()->addWidget(m_error);
    body()->addWidget(m_stack, 1);
    body()->addWidget(m_secretNote);
    body()->addWidget(m_secret);
    body()->addWidget(makeForm());
    connect(m_table, &QTreeWidget::currentItemChanged, this, [this] { updateButtons(); });
    updateButtons();
}

QWidget *TokensCard::makeForm()
{
    m_name = new QLineEdit;
    m_name->setPlaceholderText(tr("Name of a new token"));
    m_name->setAccessibleName(tr("Name of a new token"));
    m_name->setMaxLength(nameMax);
    m_name->setValidator(new QRegularExpressionValidator(QRegularExpression(u"[A-Za-z0-9._-]{0,64}"_s), m_name));
    auto *form = new QWidget;
    auto *row = new QHBoxLayout(form);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(10);
    row->addWidget(m_name, 1);
    for (std::size_t i = 0; i < m_roles.size(); ++i) {
        m_roles[i] = new QCheckBox(roleWord(accessRoles[i]));
        m_roles[i]->setToolTip(roleTip(accessRoles[i]));
        m_roles[i]->setChecked(accessRoles[i] == AccessRole::Read || accessRoles[i] == AccessRole::Submit);
        connect(m_roles[i], &QCheckBox::toggled, this, &TokensCard::updateButtons);
        row->addWidget(m_roles[i]);
    }
    m_create = new QPushButton(tr("Make a token"));
    m_create->setToolTip(tr("Its secret is shown once"));
    m_revoke = new QPushButton(tr("Revoke"));
    m_revoke->setToolTip(tr("Whoever uses the chosen token is refused from now on"));
    row->addWidget(m_create);
    row->addWidget(m_revoke);
    connect(m_name, &QLineEdit::textChanged, this, &TokensCard::updateButtons);
    connect(m_name, &QLineEdit::returnPressed, m_create, &QPushButton::click);
    connect(m_create, &QPushButton::clicked, this, &TokensCard::create);
    connect(m_revoke, &QPushButton::clicked, this, &TokensCard::revoke);
    return form;
}

void TokensCard::refresh()
{
    const auto tokens = m_control.tokens();
    setEnabled(tokens != nullptr);
    if (!tokens || m_ask.isPending())
        return;
    m_link.ask<Access>(
        m_ask,
        [tokens](Engine &, std::stop_token) -> Result<Access> {
            auto list = tokens->list();
            if (!list)
                return fail(list.error());
            return Access{std::move(*list), tokens->isClosed()};
        },
        [this](Result<Access> access) {
            if (access)
                take(std::move(*access));
            else
                showError(access.error());
        });
}

void TokensCard::cancel()
{
    m_ask.cancel();
}

void TokensCard::take(Access access)
{
    m_access = std::move(access);
    std::vector<QStringList> rows;
    const auto now = currentTime();
    for (const auto &token : m_access.tokens) {
        const auto expires = [&] {
            if (token.forThisRun)
                return tr("with this run");
            return token.expires ? formatTimeLong(*token.expires, TimeStyle::Local, now) : u"–"_s;
        };
        rows.push_back({toText(token.name), rolesText(token.roles),
                        formatTimeLong(token.created, TimeStyle::Local, now), expires()});
    }
    setRows(*m_table, rows);
    m_stack->setCurrentIndex(rows.empty() ? 1 : 0);
    Q_EMIT accessChanged(!m_access.closed   ? tr("Open: everybody on this machine may do everything.")
                             : rows.empty() ? tr("Closed: a token is needed, and there is none any more.")
                                            : tr("Closed: a token is needed."));
    updateButtons();
}

const AccessToken *TokensCard::current() const
{
    const int row = m_table->indexOfTopLevelItem(m_table->currentItem());
    return row >= 0 && row < int(m_access.tokens.size()) ? &m_access.tokens[std::size_t(row)] : nullptr;
}

void TokensCard::updateButtons()
{
    const bool busy = m_askChange.isPending();
    const bool someRole
        = std::any_of(m_roles.begin(), m_roles.end(), [](const auto *role) { return role->isChecked(); });
    m_create->setEnabled(!busy && someRole && !m_name->text().isEmpty());
    m_revoke->setEnabled(!busy && current());
}

void TokensCard::create()
{
    const auto tokens = m_control.tokens();
    if (!tokens || !m_create->isEnabled())
        return;
    NewAccessToken wanted;
    wanted.name = toUtf8(m_name->text());
    for (std::size_t i = 0; i < m_roles.size(); ++i) {
        if (m_roles[i]->isChecked())
            wanted.roles.add(accessRoles[i]);
    }
    m_error->hide();
    m_link.ask<CreatedToken>(
        m_askChange, [tokens, wanted = std::move(wanted)](Engine &, std::stop_token) { return tokens->create(wanted); },
        [this](Result<CreatedToken> made) {
            if (!made) {
                showError(made.error());
                return;
            }
            m_name->clear();
            m_secretNote->setText(tr("The token of %1. It is shown only now; give it to whoever is to use it.")
                                      .arg(toText(made->token.name)));
            m_secret->setCode(toText(made->secret));
            m_secretNote->show();
            m_secret->show();
            m_ask.cancel();
            refresh();
            updateButtons();
        });
    updateButtons();
}

void TokensCard::revoke()
{
    const auto tokens = m_control.tokens();
    const auto *token = current();
    if (!tokens || !token)
        return;
    m_error->hide();
    m_link.ask<void>(
        m_askChange, [tokens, name = token->name](Engine &, std::stop_token) { return tokens->revoke(name); },
        [this](const Result<void> &done) {
            m_secretNote->hide();
            m_secret->hide();
            if (!done)
                showError(done.error());
            m_ask.cancel();
            refresh();
            updateButtons();
        });
    updateButtons();
}

void TokensCard::showError(const Error &error)
{
    if (error.code == ErrorCode::Cancelled)
        return;
    m_error->setText(errorText(error));
    m_error->show();
    updateButtons();
}

} // namespace commander::ui
