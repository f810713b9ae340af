// SPDX-License-Identifier: GPL-3.0-or-later
#include "support_ui/fake_engine.h"
#include "ui/controls.h"

#include "main_window/translations.h"
#include "views/version_comparison.h"
#include "views/versions_dialog.h"

#include <QApplication>
#include <QFile>
#include <QLabel>
#include <QPushButton>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>
#include <QTreeWidget>

using namespace commander;
using namespace commander::ui;
using namespace Qt::StringLiterals;

namespace {

ViewVersionStatus version(std::uint32_t number, ViewVersionState state)
{
    ViewVersionStatus status;
    status.id.view = "accounts";
    status.id.version = number;
    status.domain = "bank";
    status.state = state;
    status.position = Position{19'003};
    status.head = Position{19'003};
    status.documents = 1204;
    return status;
}

VersionRow row(const std::string &key, VersionRow::Kind kind)
{
    VersionRow row;
    row.key = key;
    row.kind = kind;
    row.fields = {{"/balance", "23958446825181076828", "1.0"}};
    return row;
}

struct Fixture {
    explicit Fixture(Theme &theme, std::vector<ViewVersionStatus> versions, bool readOnly = false) : link(engine)
    {
        engine.versions().set(std::move(versions));
        dialog = std::make_unique<VersionsDialog>(link, theme, readOnly);
        dialog->show();
        tables = dialog->findChildren<QTreeWidget *>();
    }
    QTreeWidget &versions() { return *tables[0]; }
    QTreeWidget &rows() { return *tables[1]; }
    QPushButton *button(const QString &text)
    {
        for (auto *one : dialog->findChildren<QPushButton *>()) {
            if (one->text() == text)
                return one;
        }
        return nullptr;
    }
    bool shows(const QString &part)
    {
        for (auto *label : dialog->findChildren<QLabel *>()) {
            if (label->isVisible() && label->text().contains(part))
                return true;
        }
        return false;
    }
    void select(int row) { versions().setCurrentItem(versions().topLevelItem(row)); }
    [[nodiscard]] ViewVersionState stateOf(std::uint32_t number)
    {
        for (const auto &one : engine.versions().list()) {
            if (one.id.version == number)
                return one.state;
        }
        return ViewVersionState::Waiting;
    }

    test::FakeEngine engine;
    EngineLink link;
    std::unique_ptr<VersionsDialog> dialog;
    QList<QTreeWidget *> tables;
};

} // namespace

class TestVersionsDialog : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void initTestCase();
    void cleanupTestCase() { m_theme.reset(); }

    void showsHowFarABuildIs();
    void comparesRowByRow();
    void promotesOnlyAfterTheCountsWereShown();
    void refusalsAreTold();
    void readOnlyChangesNothing();
    void buildsTheViewsOfAFolder();

private:
    std::unique_ptr<Theme> m_theme;
};

void TestVersionsDialog::initTestCase()
{
    QLocale::setDefault(QLocale(QLocale::English, QLocale::UnitedStates));
    installTranslation(qApp);
    m_theme = std::make_unique<Theme>();
}

void TestVersionsDialog::showsHowFarABuildIs()
{
    auto building = version(2, ViewVersionState::Building);
    building.position = Position{4'750};
    building.recordsPerSecond = 1204;
    building.remaining = std::chrono::milliseconds(71'400);
    Fixture f(*m_theme, {version(1, ViewVersionState::Serving), building});
    QTRY_COMPARE(f.versions().topLevelItemCount(), 2);
    const auto *item = f.versions().topLevelItem(1);
    QCOMPARE(item->text(2), u"Building"_s);
    QCOMPARE(item->text(3), u"4,750 of 19,003 (24 %)"_s);
    QCOMPARE(item->text(5), u"1,204 records a second, 1 min 12 s left"_s);
    f.select(1);
    QVERIFY(!f.button(u"Let it serve…"_s)->isEnabled());
    f.button(u"Stop building"_s)->click();
    QTRY_COMPARE(f.engine.versions().list().size(), std::size_t(1));
    QTRY_COMPARE(f.versions().topLevelItemCount(), 1);
}

void TestVersionsDialog::comparesRowByRow()
{
    Fixture f(*m_theme, {version(1, ViewVersionState::Serving), version(2, ViewVersionState::Ready)});
    f.engine.versions().setDifferences(1200,
                                       {row("a", VersionRow::Kind::Changed), row("b", VersionRow::Kind::Added),
                                        row("c", VersionRow::Kind::Removed), row("d", VersionRow::Kind::Changed)},
                                       2);
    QTRY_COMPARE(f.versions().topLevelItemCount(), 2);
    QVERIFY(!f.button(u"Compare"_s)->isEnabled()); // what serves is not compared with itself
    f.select(1);
    f.button(u"Compare"_s)->click();
    QTRY_VERIFY(f.shows(u"1,200 of 1,204 documents compared are the same, 2 changed, 1 added, 1 removed."_s));
    QTRY_COMPARE(f.rows().topLevelItemCount(), 4);
    QCOMPARE(f.rows().topLevelItem(1)->text(0), u"b · added"_s);
    const auto *field = f.rows().topLevelItem(0)->child(0);
    QCOMPARE(field->text(0), u"/balance"_s);
    QCOMPARE(field->text(1), u"23958446825181076828"_s);
    QCOMPARE(field->text(2), u"1.0"_s);
    // Again: nothing is doubled.
    f.button(u"Compare"_s)->click();
    QTRY_COMPARE(f.rows().topLevelItemCount(), 4);
}

void TestVersionsDialog::promotesOnlyAfterTheCountsWereShown()
{
    Fixture f(*m_theme, {version(1, ViewVersionState::Serving), version(2, ViewVersionState::Ready)});
    f.engine.versions().setDifferences(7, {row("a", VersionRow::Kind::Changed)}, 10);
    QTRY_COMPARE(f.versions().topLevelItemCount(), 2);
    f.select(1);
    f.button(u"Let it serve…"_s)->click();
    QTRY_VERIFY(f.shows(u"Of 8 documents, 7 are the same, 1 changed, 0 added and 0 removed."_s));
    QCOMPARE(f.stateOf(2), ViewVersionState::Ready);
    f.button(u"Leave it as it is"_s)->click();
    QVERIFY(!f.shows(u"Of 8 documents"_s));
    f.button(u"Let it serve…"_s)->click();
    QTRY_VERIFY(f.button(u"Let it serve"_s)->isEnabled());
    f.button(u"Let it serve"_s)->click();
    QTRY_COMPARE(f.stateOf(2), ViewVersionState::Serving);
    QCOMPARE(f.stateOf(1), ViewVersionState::Kept);

    // And back.
    QTRY_VERIFY(f.versions().topLevelItem(1)->text(2) == u"Serving"_s);
    QTRY_VERIFY(f.button(u"Go back…"_s)->isEnabled());
    f.button(u"Go back…"_s)->click();
    QTRY_VERIFY(f.shows(u"Go back to accounts"_s));
    QTRY_VERIFY(f.button(u"Go back"_s)->isEnabled());
    f.button(u"Go back"_s)->click();
    QTRY_COMPARE(f.stateOf(1), ViewVersionState::Serving);
}

void TestVersionsDialog::refusalsAreTold()
{
    Fixture f(*m_theme, {version(1, ViewVersionState::Serving), version(2, ViewVersionState::Kept)});
    f.engine.versions().refuseChanges(ErrorCode::NotReady);
    QTRY_COMPARE(f.versions().topLevelItemCount(), 2);
    f.select(1);
    f.button(u"Discard…"_s)->click();
    f.button(u"Discard"_s)->click();
    QTRY_VERIFY(f.shows(u"Still catching up"_s));
    QCOMPARE(f.engine.versions().list().size(), std::size_t(2));
}

void TestVersionsDialog::readOnlyChangesNothing()
{
    Fixture f(*m_theme, {version(1, ViewVersionState::Serving), version(2, ViewVersionState::Ready)}, true);
    QTRY_COMPARE(f.versions().topLevelItemCount(), 2);
    f.select(1);
    QVERIFY(f.button(u"Compare"_s)->isEnabled());
    QVERIFY(!f.button(u"Let it serve…"_s)->isEnabled());
    QVERIFY(!f.button(u"Discard…"_s)->isEnabled());
    QVERIFY(!f.button(u"Build from a folder…"_s)->isEnabled());
    QCOMPARE(test::controlsWithoutName(*f.dialog), QStringList());
}

void TestVersionsDialog::buildsTheViewsOfAFolder()
{
    Fixture f(*m_theme, {version(1, ViewVersionState::Serving)});
    QTRY_COMPARE(f.versions().topLevelItemCount(), 1);
    QVERIFY(f.button(u"Build from a folder…"_s)->isEnabled());
    const QTemporaryDir folder;
    f.dialog->buildFrom(folder.filePath(u"missing"_s));
    QTRY_VERIFY(f.shows(u"missing"_s));
    QCOMPARE(f.versions().topLevelItemCount(), 1);
    QFile manifest(folder.filePath(u"domain.json"_s));
    QVERIFY(manifest.open(QIODevice::WriteOnly));
    manifest.write("{}");
    manifest.close();
    f.dialog->buildFrom(folder.path());
    QTRY_COMPARE(f.versions().topLevelItemCount(), 3); // its accounts and statements
    QVERIFY(!f.shows(u"missing"_s));
    QCOMPARE(f.versions().topLevelItem(1)->text(0), u"accounts"_s);
    QCOMPARE(f.versions().topLevelItem(1)->text(2), u"Building"_s);
}

QTEST_MAIN(TestVersionsDialog)
#include "tst_versions_dialog.moc"
