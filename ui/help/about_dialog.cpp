// SPDX-License-Identifier: GPL-3.0-or-later
#include "help/about_dialog.h"

#include "help/help_topics.h"
#include "help/markdown_text.h"
#include "widgets/labels.h"

#include <QCoreApplication>
#include <QDialogButtonBox>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QTabWidget>
#include <QTextBrowser>
#include <QVBoxLayout>

using namespace Qt::StringLiterals;

namespace commander::ui {

namespace {

constexpr int iconPixels = 56;

QString thirdPartyMarkdown()
{
    for (const auto &topic : helpTopics()) {
        if (topic.name == u"third-party")
            return topic.markdown;
    }
    return {};
}

} // namespace

AboutDialog::AboutDialog(Theme &theme, QWidget *parent) : QDialog(parent)
{
    setWindowTitle(tr("About Commander"));
    resize(720, 600);
    auto *icon = new QLabel;
    icon->setPixmap(QIcon(u":/icons/commander.svg"_s).pixmap(iconPixels, iconPixels));
    auto *head = new QVBoxLayout;
    head->setSpacing(2);
    head->addWidget(makeLabel(LabelRole::Title, tr("Commander %1").arg(QCoreApplication::applicationVersion())));
    head->addWidget(makeLabel(LabelRole::Muted,
                              tr("An event-sourcing engine with a console. Built with Qt %1, running on %2.")
                                  .arg(QLatin1String(QT_VERSION_STR), QLatin1String(qVersion()))));
    auto *row = new QHBoxLayout;
    row->setSpacing(16);
    row->addWidget(icon);
    row->addLayout(head, 1);

    auto *terms
        = makeLabel(LabelRole::Body,
                    tr("Commander is free software: you may use, study, share and change it under the GNU General "
                       "Public License, version 3 or later. It comes without any warranty."));
    terms->setWordWrap(true);

    auto *libraries = new QTextBrowser;
    showMarkdown(*libraries, thirdPartyMarkdown(), theme);
    libraries->setAccessibleName(tr("Third-party notices"));
    auto *licence = new QPlainTextEdit(licenceText());
    licence->setReadOnly(true);
    licence->setFont(theme.monospace());
    licence->setAccessibleName(tr("Licence"));
    auto *tabs = new QTabWidget;
    tabs->addTab(libraries, tr("Third-party notices"));
    tabs->addTab(licence, tr("Licence"));

    auto *buttons = new QDialogButtonBox(QDialogButtonBox::Close);
    buttons->button(QDialogButtonBox::Close)->setIcon({});
    connect(buttons, &QDialogButtonBox::rejected, this, &QDialog::reject);
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(20, 18, 20, 16);
    column->setSpacing(14);
    column->addLayout(row);
    column->addWidget(terms);
    column->addWidget(tabs, 1);
    column->addWidget(buttons);
}

} // namespace commander::ui
