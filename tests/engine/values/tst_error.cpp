// SPDX-License-Identifier: GPL-3.0-or-later
#include <commander/error.h>

#include <QTest>

#include <set>

using namespace commander;

class TestError : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void everyCodeHasItsOwnWireName()
    {
        std::set<std::string_view> seen;
        for (int i = 0; i < static_cast<int>(ErrorCode::Count); ++i) {
            const std::string_view name = errorCodeName(static_cast<ErrorCode>(i));
            QVERIFY(!name.empty());
            QCOMPARE(name.find_first_not_of("abcdefghijklmnopqrstuvwxyz-"), std::string_view::npos);
            QVERIFY2(seen.insert(name).second, std::string(name).c_str());
        }
        QCOMPARE(errorCodeName(ErrorCode::InvalidArgument), std::string_view("invalid-argument"));
        QCOMPARE(errorCodeName(ErrorCode::LedgerLocked), std::string_view("ledger-locked"));
        QCOMPARE(errorCodeName(ErrorCode::DiskFull), std::string_view("disk-full"));
        QCOMPARE(errorCodeName(ErrorCode::NotReady), std::string_view("not-ready"));
        QCOMPARE(errorCodeName(ErrorCode::Internal), std::string_view("internal"));
    }

    void textIsOneLine()
    {
        QCOMPARE((Error{ErrorCode::NotFound, "no such record", "abc", "Look elsewhere.", {}}).text(),
                 std::string("no such record (abc). Look elsewhere."));
        QCOMPARE((Error{ErrorCode::NotFound, "no such record", {}, {}, {}}).text(), std::string("no such record"));
        QCOMPARE((Error{ErrorCode::NotFound, {}, {}, {}, {}}).text(), std::string("not-found"));
    }
};

QTEST_GUILESS_MAIN(TestError)
#include "tst_error.moc"
