// SPDX-License-Identifier: GPL-3.0-or-later
#include "ledger_contract.h"

#include "support/record_factory.h"
#include "support/result_macros.h"

#include <commander/limits.h>

#include <QTest>

#include <algorithm>
#include <atomic>
#include <future>
#include <map>
#include <set>
#include <thread>

namespace commander {

using namespace std::chrono_literals;

namespace {

std::vector<Uuid> idsOf(const std::vector<RecordPtr> &records)
{
    std::vector<Uuid> ids;
    for (const auto &record : records)
        ids.push_back(record->id);
    return ids;
}

/// In the order of one partition, which every ledger keeps.
std::vector<Uuid> idsOf(const std::vector<RecordPtr> &records, const TopicPartition &source)
{
    std::vector<Uuid> ids;
    for (const auto &record : records) {
        if (record->topic == source.topic && record->partition == source.partition)
            ids.push_back(record->id);
    }
    return ids;
}

bool sameDraft(const Record &record, const RecordDraft &draft)
{
    return record.kind == draft.kind && record.id == draft.id && record.parent == draft.parent
        && record.correlation == draft.correlation && record.topic == draft.topic && record.partition == draft.partition
        && record.key == draft.key && record.action == draft.action && record.actor == draft.actor
        && record.depth == draft.depth && record.schemaVersion == draft.schemaVersion
        && record.domainVersion == draft.domainVersion && record.timestamp == draft.timestamp
        && record.headers == draft.headers && record.data == draft.data;
}

} // namespace

void LedgerContract::init()
{
    auto made = make();
    QVERIFY_RESULT(made);
    m_fixture = std::move(*made);
}

void LedgerContract::cleanup()
{
    m_fixture.reset();
}

RecordDraft LedgerContract::draft(std::uint64_t n, const TopicPartition &to) const
{
    auto made = to == first() ? testCommand(n) : testEvent(n);
    made.topic = to.topic;
    made.partition = to.partition;
    return made;
}

FollowFrom LedgerContract::everything() const
{
    if (m_fixture->ledger().traits().totalOrder)
        return Position{0};
    return std::vector<TopicStart>{{first(), {0}}, {second(), {0}}};
}

Result<std::vector<RecordPtr>> LedgerContract::take(LedgerCursor &cursor, std::size_t count) const
{
    std::vector<RecordPtr> all;
    const auto deadline = std::chrono::steady_clock::now() + patience();
    while (all.size() < count && std::chrono::steady_clock::now() < deadline) {
        auto some = cursor.next(count - all.size(), 100ms);
        if (!some)
            return some;
        all.insert(all.end(), some->begin(), some->end());
    }
    return all;
}

void LedgerContract::startsEmpty()
{
    QVERIFY(!ledger().ledgerId().isNull());
    const auto records = ledger().read(first(), {0}, 10);
    QVERIFY_RESULT(records);
    QVERIFY(records->empty());
    const auto progress = ledger().progress("processor", first());
    QVERIFY_RESULT(progress);
    QVERIFY(!progress->has_value());
    if (!ledger().traits().totalOrder)
        return;
    const auto head = ledger().head();
    QVERIFY_RESULT(head);
    QCOMPARE(head->position.value, 0u);
    QVERIFY(head->chain == Hash256{});
}

void LedgerContract::keepsEveryField()
{
    auto full = draft(1, second());
    full.parent = testId(77);
    full.correlation = testId(78);
    full.key = "Schlüssel";
    full.actor = "reaction:bank";
    full.depth = 31;
    full.schemaVersion = 4'000'000'000;
    full.domainVersion.fill(0xab);
    full.timestamp = Timestamp{-5};
    full.headers = R"({"trace":"00-1"})";
    RecordDraft bare = draft(2, first());
    bare.correlation = {};
    bare.key.clear();
    bare.data.clear();
    const auto appended = ledger().appendAndWait({{full, bare}, {}});
    QVERIFY_RESULT(appended);
    QCOMPARE(appended->records.size(), 2u);
    QVERIFY(sameDraft(*appended->records[0], full));
    QVERIFY(sameDraft(*appended->records[1], bare));

    for (const auto &[wanted, source] : {std::pair{full, second()}, std::pair{bare, first()}}) {
        const auto read = ledger().read(source, {0}, 10);
        QVERIFY_RESULT(read);
        QCOMPARE(read->size(), 1u);
        QVERIFY(sameDraft(*read->front(), wanted));
    }
}

void LedgerContract::keepsBytesExactly()
{
    const std::vector<std::string> texts{R"({"a":1.0,"b":23958446825181076828,"a":-0.0})", "{ \"x\" :\t1 }\n",
                                         R"("\u0000 é")", std::string("a\0b", 3),
                                         std::string(limits::payloadBytesMax, 'x')};
    LedgerTransaction transaction;
    for (std::size_t i = 0; i < texts.size(); ++i) {
        transaction.records.push_back(draft(i + 1, first()));
        transaction.records.back().data = texts[i];
    }
    QVERIFY_RESULT(ledger().appendAndWait(transaction));
    const auto read = ledger().read(first(), {0}, 100);
    QVERIFY_RESULT(read);
    QCOMPARE(read->size(), texts.size());
    for (std::size_t i = 0; i < texts.size(); ++i)
        QVERIFY2(read->at(i)->data == texts[i], texts[i].substr(0, 40).c_str());
}

void LedgerContract::countsOffsetsAndPositions()
{
    std::uint64_t n = 0;
    std::vector<RecordPtr> all;
    for (int round = 0; round < 5; ++round) {
        const auto appended
            = ledger().appendAndWait({{draft(++n, first()), draft(n, second()), draft(++n, first())}, {}});
        QVERIFY_RESULT(appended);
        all.insert(all.end(), appended->records.begin(), appended->records.end());
    }
    std::map<std::string, std::uint64_t> next;
    for (std::size_t i = 0; i < all.size(); ++i) {
        if (ledger().traits().totalOrder)
            QCOMPARE(all[i]->position.value, i + 1);
        auto &offset = next[all[i]->topic];
        if (denseOffsets())
            QCOMPARE(all[i]->offset.value, offset);
        else
            QVERIFY(all[i]->offset.value >= offset);
        offset = all[i]->offset.value + 1;
    }
    if (!ledger().traits().totalOrder)
        return;
    const auto head = ledger().head();
    QVERIFY_RESULT(head);
    QCOMPARE(head->position.value, all.size());
    QVERIFY(head->chain == all.back()->chain);
    QVERIFY(head->recordedAt == all.back()->recordedAt);
}

void LedgerContract::neverLetsTimeGoBack()
{
    if (!ledger().traits().totalOrder)
        QSKIP("needs a total order");
    Timestamp last{};
    for (std::uint64_t n = 1; n <= 5; ++n) {
        const auto appended = ledger().appendAndWait({{draft(n, first())}, {}});
        QVERIFY_RESULT(appended);
        QVERIFY(appended->records.front()->recordedAt >= last);
        last = appended->records.front()->recordedAt;
    }
}

void LedgerContract::linksTheChain()
{
    if (!ledger().traits().hashed)
        QSKIP("keeps no hashes");
    for (std::uint64_t n = 1; n <= 3; ++n)
        QVERIFY_RESULT(ledger().appendAndWait({{draft(n, first()), draft(n, second())}, {}}));
    const auto records = ledger().readAt({1}, 100);
    QVERIFY_RESULT(records);
    QCOMPARE(records->size(), 6u);
    Hash256 chain{};
    for (const auto &record : *records) {
        QVERIFY(recordLeaf(*record) == record->leaf);
        chain = chainNext(chain, record->leaf);
        QVERIFY(chain == record->chain);
    }
}

void LedgerContract::findsById()
{
    QVERIFY_RESULT(ledger().appendAndWait({{draft(1, first()), draft(2, first())}, {}}));
    const auto found = ledger().find(testId(2));
    QVERIFY_RESULT(found);
    QVERIFY(sameDraft(**found, draft(2, first())));
    QCOMPARE_ERROR(ledger().find(testId(3)), ErrorCode::NotFound);
}

void LedgerContract::readsInPages()
{
    LedgerTransaction transaction;
    for (std::uint64_t n = 1; n <= 25; ++n) {
        transaction.records.push_back(draft(n, first()));
        transaction.records.push_back(draft(n, second()));
    }
    const auto appended = ledger().appendAndWait(transaction);
    QVERIFY_RESULT(appended);
    std::vector<Uuid> paged;
    for (Offset from{0};;) {
        const auto page = ledger().read(second(), from, 7);
        QVERIFY_RESULT(page);
        if (page->empty())
            break;
        QVERIFY(page->size() <= 7);
        for (const auto &record : *page)
            paged.push_back(record->id);
        from = page->back()->offset.next();
    }
    QVERIFY(paged == idsOf(appended->records, second()));
    const auto other = ledger().read({"no-such-topic", 0}, {0}, 5);
    QVERIFY(!other || other->empty());

    if (!ledger().traits().totalOrder) {
        QCOMPARE_ERROR(ledger().readAt({1}, 5), ErrorCode::Unsupported);
        return;
    }
    paged.clear();
    for (Position from{1};;) {
        const auto page = ledger().readAt(from, 7);
        QVERIFY_RESULT(page);
        if (page->empty())
            break;
        for (const auto &record : *page)
            paged.push_back(record->id);
        from = page->back()->position.next();
    }
    QVERIFY(paged == idsOf(appended->records));
    QVERIFY(ledger().readAt({51}, 5)->empty());
}

void LedgerContract::followsFromTheStart()
{
    std::vector<RecordPtr> all;
    for (std::uint64_t n = 1; n <= 10; ++n) {
        const auto appended = ledger().appendAndWait({{draft(n, first()), draft(n, second())}, {}});
        QVERIFY_RESULT(appended);
        all.insert(all.end(), appended->records.begin(), appended->records.end());
    }
    auto cursor = ledger().follow(everything());
    QVERIFY_RESULT(cursor);
    const auto taken = take(**cursor, all.size());
    QVERIFY_RESULT(taken);
    QCOMPARE(taken->size(), all.size());
    for (const auto &source : {first(), second()})
        QVERIFY(idsOf(*taken, source) == idsOf(all, source));
    if (ledger().traits().totalOrder)
        QVERIFY(idsOf(*taken) == idsOf(all));
}

void LedgerContract::followsFromTheMiddle()
{
    std::vector<RecordPtr> all;
    for (std::uint64_t n = 1; n <= 10; ++n) {
        const auto appended = ledger().appendAndWait({{draft(n, first()), draft(n, second())}, {}});
        QVERIFY_RESULT(appended);
        all.insert(all.end(), appended->records.begin(), appended->records.end());
    }
    const auto commands = idsOf(all, first());
    const auto middle = ledger().read(first(), {0}, 100)->at(4)->offset;
    auto cursor = ledger().follow(std::vector<TopicStart>{{first(), middle}});
    QVERIFY_RESULT(cursor);
    QVERIFY_RESULT(ledger().appendAndWait({{draft(11, second()), draft(11, first())}, {}}));
    const auto taken = take(**cursor, 7);
    QVERIFY_RESULT(taken);
    auto wanted = std::vector(commands.begin() + 4, commands.end());
    wanted.push_back(testId(11));
    QVERIFY(idsOf(*taken) == wanted);
    const auto none = (*cursor)->next(10, 0ms);
    QVERIFY_RESULT(none);
    QVERIFY(none->empty());

    if (!ledger().traits().totalOrder)
        return;
    auto after = ledger().follow(Position{15});
    QVERIFY_RESULT(after);
    const auto rest = take(**after, 7);
    QVERIFY_RESULT(rest);
    QCOMPARE(rest->size(), 7u);
    QCOMPARE(rest->front()->position.value, 16u);
}

void LedgerContract::followsLiveWithoutGapOrRepeat()
{
    constexpr int writers = 4;
    const auto perWriter = static_cast<std::uint64_t>(rounds());
    const auto total = writers * perWriter * 3;
    const auto follower = [&](std::size_t max) -> Result<std::vector<RecordPtr>> {
        auto cursor = ledger().follow(everything());
        if (!cursor)
            return fail(cursor.error());
        std::vector<RecordPtr> all;
        const auto deadline = std::chrono::steady_clock::now() + patience();
        while (all.size() < total && std::chrono::steady_clock::now() < deadline) {
            auto some = (*cursor)->next(max, 100ms);
            if (!some)
                return some;
            all.insert(all.end(), some->begin(), some->end());
        }
        return all;
    };
    auto early = std::async(std::launch::async, follower, 100);
    std::vector<std::thread> threads;
    std::atomic<int> failures{0};
    for (std::uint64_t w = 0; w < writers; ++w) {
        threads.emplace_back([&, w] {
            for (std::uint64_t i = 0; i < perWriter; ++i) {
                const auto n = w * 100'000 + i * 2;
                if (!ledger().appendAndWait({{draft(n, first()), draft(n, second()), draft(n + 1, first())}, {}}))
                    ++failures;
            }
        });
    }
    auto late = std::async(std::launch::async, follower, 1);
    for (auto &thread : threads)
        thread.join();
    QCOMPARE(failures.load(), 0);

    const auto stored
        = std::map<std::string, std::vector<Uuid>>{{first().topic, idsOf(*ledger().read(first(), {0}, total))},
                                                   {second().topic, idsOf(*ledger().read(second(), {0}, total))}};
    for (auto *const future : {&early, &late}) {
        const auto taken = future->get();
        QVERIFY_RESULT(taken);
        QCOMPARE(taken->size(), total);
        for (const auto &source : {first(), second()})
            QVERIFY(idsOf(*taken, source) == stored.at(source.topic));
        if (!ledger().traits().totalOrder)
            continue;
        for (std::size_t i = 0; i < taken->size(); ++i)
            QCOMPARE(taken->at(i)->position.value, i + 1);
    }
}

void LedgerContract::wakesAWaitingCursor()
{
    auto cursor = ledger().follow(everything());
    QVERIFY_RESULT(cursor);
    auto waiting = std::async(std::launch::async, [&] { return (*cursor)->next(10, 1h); });
    QVERIFY(waiting.wait_for(50ms) == std::future_status::timeout);
    (*cursor)->wake();
    QVERIFY(waiting.wait_for(patience()) == std::future_status::ready);
    const auto taken = waiting.get();
    QVERIFY_RESULT(taken);
    QVERIFY(taken->empty());
}

void LedgerContract::remembersAWakeThatCameEarly()
{
    auto cursor = ledger().follow(everything());
    QVERIFY_RESULT(cursor);
    (*cursor)->wake();
    const auto woken = (*cursor)->next(10, 1h);
    QVERIFY_RESULT(woken);
    QVERIFY(woken->empty());
    // … once.
    QVERIFY_RESULT(ledger().appendAndWait({{draft(1, first())}, {}}));
    const auto taken = take(**cursor, 1);
    QVERIFY_RESULT(taken);
    QCOMPARE(taken->size(), 1u);
}

void LedgerContract::waitsNoLongerThanAsked()
{
    auto cursor = ledger().follow(everything());
    QVERIFY_RESULT(cursor);
    const auto started = std::chrono::steady_clock::now();
    const auto taken = (*cursor)->next(10, 50ms);
    QVERIFY_RESULT(taken);
    QVERIFY(taken->empty());
    QVERIFY(std::chrono::steady_clock::now() - started < patience());
}

void LedgerContract::commitsProgressWithRecords()
{
    const auto commands = ledger().appendAndWait({{draft(1, first()), draft(2, first())}, {}});
    QVERIFY_RESULT(commands);
    std::atomic<bool> done{false};
    std::atomic<int> torn{0};
    // Whoever sees the progress sees the records.
    std::thread watcher([&] {
        while (!done) {
            const auto progress = ledger().progress("processor", first());
            const auto events = ledger().read(second(), {0}, 1000);
            if (!progress || !events || events->size() < (progress->has_value() ? (*progress)->value : 0))
                ++torn;
        }
    });
    for (std::uint64_t n = 1; n <= static_cast<std::uint64_t>(rounds()); ++n) {
        const auto appended = ledger().appendAndWait({{draft(n, second())}, {{"processor", first(), Offset{n}}}});
        if (!appended) {
            done = true;
            watcher.join();
            QVERIFY_RESULT(appended);
        }
    }
    done = true;
    watcher.join();
    QCOMPARE(torn.load(), 0);
    const auto progress = ledger().progress("processor", first());
    QVERIFY_RESULT(progress);
    QVERIFY(*progress == Offset{static_cast<std::uint64_t>(rounds())});
    const auto other = ledger().progress("another", first());
    QVERIFY_RESULT(other);
    QVERIFY(!other->has_value());
}

void LedgerContract::commitsProgressAlone()
{
    QVERIFY_RESULT(ledger().appendAndWait({{}, {{"processor", first(), {5}}, {"processor", second(), {6}}}}));
    QVERIFY_RESULT(ledger().appendAndWait({{}, {{"processor", first(), {7}}}}));
    QVERIFY(ledger().progress("processor", first()).value() == Offset{7});
    QVERIFY(ledger().progress("processor", second()).value() == Offset{6});
}

void LedgerContract::refusesADuplicateIdWholly()
{
    if (!ledger().traits().detectsDuplicateIds)
        QSKIP("does not detect duplicate ids");
    QVERIFY_RESULT(ledger().appendAndWait({{draft(1, first())}, {}}));
    const auto refused = ledger().appendAndWait(
        {{draft(2, first()), draft(1, first()), draft(3, second())}, {{"processor", first(), {9}}}});
    QCOMPARE_ERROR(refused, ErrorCode::DuplicateId);
    QCOMPARE(refused.error().where, testId(1).text());
    QCOMPARE_ERROR(ledger().find(testId(2)), ErrorCode::NotFound);
    QVERIFY(!ledger().progress("processor", first()).value().has_value());
    QCOMPARE(ledger().read(first(), {0}, 10)->size(), 1u);
    QVERIFY(ledger().read(second(), {0}, 10)->empty());
    // The refused ones are free again, and the offsets go on without a gap.
    const auto appended = ledger().appendAndWait({{draft(2, first()), draft(3, second())}, {}});
    QVERIFY_RESULT(appended);
    QCOMPARE(appended->records[0]->offset.value, 1u);
    QCOMPARE(appended->records[1]->offset.value, 0u);
}

void LedgerContract::refusesAnIdTwiceInOneTransaction()
{
    if (!ledger().traits().detectsDuplicateIds)
        QSKIP("does not detect duplicate ids");
    QCOMPARE_ERROR(ledger().appendAndWait({{draft(1, first()), draft(1, first())}, {}}), ErrorCode::DuplicateId);
    QCOMPARE_ERROR(ledger().find(testId(1)), ErrorCode::NotFound);
}

void LedgerContract::letsOthersOfTheBatchGoOn()
{
    if (!ledger().traits().detectsDuplicateIds)
        QSKIP("does not detect duplicate ids");
    QVERIFY_RESULT(ledger().appendAndWait({{draft(1, first())}, {}}));
    constexpr std::size_t count = 300;
    std::vector<std::promise<Result<Appended>>> answers(count);
    for (std::size_t i = 0; i < count; ++i) {
        // Every third one repeats an id, of before or of the same batch.
        const std::uint64_t n = i % 3 == 2 ? i / 6 + 1 : 1000 + i;
        ledger().append({{draft(n, first()), draft(n + 10'000, second())}, {}},
                        [&answers, i](Result<Appended> appended) { answers[i].set_value(std::move(appended)); });
    }
    std::size_t written = 1;
    for (std::size_t i = 0; i < count; ++i) {
        const auto answer = answers[i].get_future().get();
        const std::uint64_t n = i % 3 == 2 ? i / 6 + 1 : 1000 + i;
        const bool duplicate = i % 3 == 2 && (n == 1 || (i / 3) % 2 == 1);
        QCOMPARE(answer.has_value(), !duplicate);
        if (duplicate) {
            QVERIFY(answer.error().code == ErrorCode::DuplicateId);
        } else {
            ++written;
            QVERIFY(sameDraft(*answer->records[0], draft(n, first())));
            QVERIFY(sameDraft(*answer->records[1], draft(n + 10'000, second())));
        }
    }
    const auto all = ledger().read(first(), {0}, 1000);
    QVERIFY_RESULT(all);
    QCOMPARE(all->size(), written);
    for (std::size_t i = 0; i < all->size() && denseOffsets(); ++i)
        QCOMPARE(all->at(i)->offset.value, i);
}

void LedgerContract::refusesWhatIsTooLarge()
{
    auto large = draft(1, first());
    large.data.assign(limits::payloadBytesMax + 1, 'x');
    QCOMPARE_ERROR(ledger().appendAndWait({{large}, {}}), ErrorCode::LimitExceeded);
    auto longName = draft(1, first());
    longName.key.assign(limits::nameBytesMax + 1, 'x');
    QCOMPARE_ERROR(ledger().appendAndWait({{draft(2, first()), longName}, {}}), ErrorCode::LimitExceeded);
    auto nameless = draft(1, first());
    nameless.id = {};
    QCOMPARE_ERROR(ledger().appendAndWait({{nameless}, {}}), ErrorCode::InvalidArgument);
    auto homeless = draft(1, first());
    homeless.topic.clear();
    QCOMPARE_ERROR(ledger().appendAndWait({{homeless}, {}}), ErrorCode::InvalidArgument);
    QVERIFY(ledger().read(first(), {0}, 10)->empty());
}

void LedgerContract::takesAnEmptyTransaction()
{
    const auto appended = ledger().appendAndWait({});
    QVERIFY_RESULT(appended);
    QVERIFY(appended->records.empty());
}

void LedgerContract::keepsTransactionsWholeFromEightThreads()
{
    constexpr std::uint64_t writers = 8;
    const auto perWriter = static_cast<std::uint64_t>(rounds());
    std::vector<std::thread> threads;
    std::atomic<int> failures{0};
    for (std::uint64_t w = 0; w < writers; ++w) {
        threads.emplace_back([&, w] {
            for (std::uint64_t i = 0; i < perWriter; ++i) {
                const auto n = w * 100'000 + i;
                const auto appended
                    = ledger().appendAndWait({{draft(n, first()), draft(n, second()), draft(n + 50'000, first())}, {}});
                if (!appended || appended->records.size() != 3 || appended->records[2]->id != testId(n + 50'000))
                    ++failures;
                if (appended && ledger().traits().totalOrder
                    && appended->records[2]->position.value != appended->records[0]->position.value + 2)
                    ++failures;
                // What was acknowledged can be read.
                const auto found = ledger().find(testId(n));
                if (!found && found.error().code != ErrorCode::Unsupported)
                    ++failures;
            }
        });
    }
    for (auto &thread : threads)
        thread.join();
    QCOMPARE(failures.load(), 0);
    const auto commands = ledger().read(first(), {0}, writers * perWriter * 2 + 1);
    QVERIFY_RESULT(commands);
    QCOMPARE(commands->size(), writers * perWriter * 2);
    const auto ids = idsOf(*commands);
    QCOMPARE(std::set<Uuid>(ids.begin(), ids.end()).size(), commands->size());
}

void LedgerContract::answersEveryAppendWhenItCloses()
{
    constexpr int count = 2000;
    std::vector<std::atomic<int>> answers(count);
    std::vector<std::atomic<bool>> written(count);
    for (int i = 0; i < count; ++i) {
        ledger().append({{draft(static_cast<std::uint64_t>(i) + 1, first())}, {}},
                        [&answers, &written, i](const Result<Appended> &appended) {
                            ++answers[static_cast<std::size_t>(i)];
                            written[static_cast<std::size_t>(i)] = appended.has_value();
                        });
    }
    m_fixture->close();
    bool refused = false;
    for (std::size_t i = 0; i < count; ++i) {
        QCOMPARE(answers[i].load(), 1);
        // In order: nothing is written behind something that was refused.
        QVERIFY(!(refused && written[i]));
        refused = refused || !written[i];
    }
}

} // namespace commander
