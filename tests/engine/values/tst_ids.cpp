// SPDX-License-Identifier: GPL-3.0-or-later
#include <commander/clock.h>
#include <commander/derived_id.h>
#include <commander/domain.h>
#include <commander/ids.h>

#include <QTest>

#include <algorithm>
#include <set>
#include <thread>

using namespace commander;

namespace {

class FixedClock final : public Clock {
public:
    Timestamp now() const override { return time; }
    std::chrono::steady_clock::time_point steady() const override { return {}; }
    Timestamp time{1'463'754'808'902'123};
};

class CountingRandom final : public RandomSource {
public:
    void fill(std::span<std::uint8_t> bytes) override
    {
        for (std::uint8_t &byte : bytes)
            byte = m_next++;
    }

private:
    std::atomic<std::uint8_t> m_next = 0;
};

Uuid id(const char *text)
{
    return Uuid::parse(text).value();
}

} // namespace

class TestIds : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void parsesBothCasesAndPrintsLower()
    {
        const Uuid uuid = id("33BB75db-6e13-48EE-8a54-b3976d3d065b");
        QCOMPARE(uuid.bytes[0], std::uint8_t(0x33));
        QCOMPARE(uuid.bytes[15], std::uint8_t(0x5b));
        QCOMPARE(uuid.text(), std::string("33bb75db-6e13-48ee-8a54-b3976d3d065b"));
        QVERIFY(!uuid.isNull());
        QVERIFY(id("00000000-0000-0000-0000-000000000000").isNull());
    }

    void refusesEverythingElse_data()
    {
        QTest::addColumn<QByteArray>("text");
        QTest::newRow("empty") << QByteArray();
        QTest::newRow("short") << QByteArray("33bb75db-6e13-48ee-8a54-b3976d3d065");
        QTest::newRow("long") << QByteArray("33bb75db-6e13-48ee-8a54-b3976d3d065b0");
        QTest::newRow("no hyphens") << QByteArray("33bb75db6e1348ee8a54b3976d3d065b0000");
        QTest::newRow("braces") << QByteArray("{33bb75db-6e13-48ee-8a54-b3976d3d06}");
        QTest::newRow("not hex") << QByteArray("33bb75db-6e13-48ee-8a54-b3976d3d065g");
        QTest::newRow("hyphen as digit") << QByteArray("33bb75db-6e13-48ee-8a54-b3976d3d06--");
        QTest::newRow("huge") << QByteArray(100'000, 'a');
        QTest::newRow("control bytes") << QByteArray("\x01\x02\xff\n");
    }
    void refusesEverythingElse()
    {
        QFETCH(QByteArray, text);
        const auto parsed = Uuid::parse(std::string_view(text.constData(), std::size_t(text.size())));
        QVERIFY(!parsed);
        QCOMPARE(parsed.error().code, ErrorCode::InvalidUuid);
        QVERIFY(parsed.error().where.size() < 50);
        QVERIFY(std::all_of(parsed.error().where.begin(), parsed.error().where.end(),
                            [](char c) { return c >= ' ' && c <= '~'; }));
    }

    void nameBasedIdsMatchTheStandard()
    {
        // RFC 9562, appendix A.4: the DNS name space and "www.example.com".
        const Uuid dns = id("6ba7b810-9dad-11d1-80b4-00c04fd430c8");
        QCOMPARE(uuid5(dns, "www.example.com").text(), std::string("2ed6657d-e927-568b-95e1-2665a8aea6a2"));
    }

    void derivedIdsKeepTheOrderOfTheirSource()
    {
        const Uuid source = id("01890a5d-ac96-774b-bcce-b302099a8057"); // version 7
        const Uuid derived = derivedId(source, "event/1");
        QCOMPARE(derived.text().substr(0, 18), source.text().substr(0, 18));
        QCOMPARE(derived.text().substr(19), uuid5(source, "event/1").text().substr(19));
        QCOMPARE(derivedId(source, "event/1"), derived);
        QVERIFY(derivedId(source, "event/2") != derived);
        QVERIFY(derivedId(derived, "command/1").text().starts_with("01890a5d-ac96-774b-"));
        QVERIFY(derivedIdsEver(source, "event/1") == (std::vector{derived, uuid5(source, "event/1")}));
    }

    void derivedIdsOfOtherSourcesAreNameBased()
    {
        const Uuid source = id("33bb75db-6e13-48ee-8a54-b3976d3d065b"); // version 4
        QCOMPARE(derivedId(source, "result"), uuid5(source, "result"));
        QCOMPARE(resultIdOf(source), uuid5(source, "result"));
        QVERIFY(derivedIdsEver(source, "result") == std::vector{uuid5(source, "result")});
        // As old as the version, but not of RFC 9562's layout.
        const Uuid other = id("33bb75db-6e13-78ee-ca54-b3976d3d065b");
        QCOMPARE(derivedId(other, "result"), uuid5(other, "result"));
    }

    void handlerIdsAreDerivedFromTheCommand()
    {
        const Uuid command = id("33bb75db-6e13-48ee-8a54-b3976d3d065b");
        HandlerContext first(command, Timestamp{5});
        HandlerContext second(command, Timestamp{6});
        const Uuid one = first.newId();
        const Uuid two = first.newId();
        QVERIFY(one != two);
        QCOMPARE(one, uuid5(command, "data/1"));
        QCOMPARE(two, uuid5(command, "data/2"));
        QCOMPARE(second.newId(), one);
        QCOMPARE(first.now().micros, std::int64_t(5));
    }

    void timeOrderedIdsHaveTheStandardsShape()
    {
        FixedClock clock;
        CountingRandom random;
        IdSource ids(clock, random);
        const Uuid uuid = ids.next();
        std::int64_t millis = 0;
        for (std::size_t i = 0; i < 6; ++i)
            millis = millis << 8 | uuid.bytes[i];
        QCOMPARE(millis, clock.time.micros / 1000);
        QCOMPARE(uuid.bytes[6] >> 4, 7);
        QCOMPARE(uuid.bytes[8] >> 6, 2);
    }

    void timeOrderedIdsAscendWhateverTheClockDoes()
    {
        FixedClock clock;
        CountingRandom random;
        IdSource ids(clock, random);
        Uuid last = ids.next();
        const auto expectAscending = [&](int count) {
            for (int i = 0; i < count; ++i) {
                const Uuid next = ids.next();
                QVERIFY(last < next);
                last = next;
            }
        };
        expectAscending(10'000); // far more than the counter holds, the clock standing still
        clock.time.micros -= 3'600'000'000;
        expectAscending(100);
        clock.time.micros += 2 * 3'600'000'000LL;
        expectAscending(100);
    }

    void timeOrderedIdsAreUniqueAcrossThreads()
    {
        SystemClockStub clock;
        CountingRandom random;
        IdSource ids(clock, random);
        std::vector<std::vector<Uuid>> made(4);
        {
            std::vector<std::jthread> threads;
            for (auto &mine : made) {
                threads.emplace_back([&mine, &ids] {
                    for (int i = 0; i < 5000; ++i)
                        mine.push_back(ids.next());
                });
            }
        }
        std::set<Uuid> all;
        for (const auto &mine : made) {
            QVERIFY(std::is_sorted(mine.begin(), mine.end()));
            all.insert(mine.begin(), mine.end());
        }
        QCOMPARE(all.size(), std::size_t(20'000));
    }

    void hexadecimal()
    {
        const std::uint8_t bytes[] = {0x00, 0x7f, 0xab, 0xff};
        QCOMPARE(toHex(bytes, 4), std::string("007fabff"));
        QCOMPARE(toHex(Hash256{}), std::string(64, '0'));
    }

private:
    class SystemClockStub final : public Clock {
    public:
        Timestamp now() const override
        {
            const auto now = std::chrono::system_clock::now().time_since_epoch();
            return {std::chrono::duration_cast<std::chrono::microseconds>(now).count()};
        }
        std::chrono::steady_clock::time_point steady() const override { return {}; }
    };
};

QTEST_GUILESS_MAIN(TestIds)
#include "tst_ids.moc"
