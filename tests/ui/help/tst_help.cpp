// SPDX-License-Identifier: GPL-3.0-or-later
#include "help/about_dialog.h"
#include "help/help_topics.h"
#include "help/help_window.h"

#include <QFile>
#include <QListWidget>
#include <QPlainTextEdit>
#include <QTest>
#include <QTextBrowser>

using namespace commander::ui;
using namespace Qt::StringLiterals;

class TestHelp : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void everyTopicHasATitleAndIsShown()
    {
        const auto topics = helpTopics();
        QVERIFY(topics.size() >= 2);
        QCOMPARE(topics.first().name, u"getting-started"_s);
        QCOMPARE(topics.last().name, u"third-party"_s);
        Theme theme;
        HelpWindow window(theme);
        window.show();
        const auto *text = window.findChild<QTextBrowser *>();
        for (const auto &topic : topics) {
            QVERIFY2(!topic.title.isEmpty(), qPrintable(topic.name));
            window.showTopic(topic.name);
            QVERIFY2(text->toPlainText().startsWith(topic.title), qPrintable(topic.name));
        }
    }

    void unknownTopicChangesNothing()
    {
        Theme theme;
        HelpWindow window(theme);
        window.showTopic(u"third-party"_s);
        window.showTopic(u"no-such-topic"_s);
        QCOMPARE(window.findChild<QListWidget *>()->currentRow(), int(helpTopics().size()) - 1);
    }

    void aboutBoxHoldsTheLicences()
    {
        Theme theme;
        AboutDialog dialog(theme);
        QVERIFY(dialog.findChild<QTextBrowser *>()->toPlainText().contains(u"librdkafka"_s));
        QVERIFY(dialog.findChild<QPlainTextEdit *>()->toPlainText().contains(u"GNU GENERAL PUBLIC LICENSE"_s));
    }
};

QTEST_MAIN(TestHelp)
#include "tst_help.moc"
