// SPDX-License-Identifier: GPL-3.0-or-later
#include "view_test_support.h"
#include "views/field_changes.h"

#include <commander/limits.h>

#include <QtTest>

#include <algorithm>
#include <limits>
#include <set>

using namespace commander;
using namespace viewtest;

namespace {

constexpr int events = 200;

struct NaiveOrigin {
    std::string value;
    Position position;
    bool operator==(const NaiveOrigin &) const = default;
};
using NaiveOrigins = std::map<std::string, NaiveOrigin>;

const Json *documentIn(const Documents &documents, const std::string &key)
{
    const auto found = documents.find(key);
    return found == documents.end() ? nullptr : &found->second;
}

/// A leaf keeps its origin while it stays at its pointer with the same bytes.
NaiveOrigins nextOrigins(const NaiveOrigins &before, const Json *document, Position position)
{
    NaiveOrigins next;
    if (!document)
        return next;
    forEachLeaf(*document, [&](std::string_view pointer, const Json &value) {
        NaiveOrigin origin{writeJson(value), position};
        const auto old = before.find(std::string(pointer));
        if (old != before.end() && old->second.value == origin.value)
            origin.position = old->second.position;
        next.emplace(pointer, origin);
    });
    return next;
}

} // namespace

/// Compares every answer of the views, at every position, with a plain copy of everything at every step.
class ViewModelTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void documentsAtEveryPosition();
    void listsAtEveryPosition();
    void pagesJoin();
    void historiesAndOrigins();
    void diffsOfAnyTwoPositions();
    void changesOfEveryEvent();
    void cleanupTestCase();

private:
    [[nodiscard]] std::vector<std::string> viewNames() const { return {"documents", "letters", "fragile"}; }
    [[nodiscard]] std::vector<std::string> keysOf(const std::string &view) const;

    std::uint64_t m_seed = 0;
    QTemporaryDir m_folder;
    std::shared_ptr<NotesDomain> m_domain = std::make_shared<NotesDomain>();
    std::unique_ptr<SeededLedger> m_ledger;
    std::unique_ptr<NaiveViews> m_naive;
    SystemFileSystem m_files;
    std::unique_ptr<ViewEngine> m_engine;
    std::vector<RecordPtr> m_records;
    Position m_head;
};

void ViewModelTest::initTestCase()
{
    m_seed = seedOf("tst_view_model");
    m_ledger = std::make_unique<SeededLedger>(m_seed);
    m_naive = std::make_unique<NaiveViews>(*m_domain);
    EventMaker maker(m_seed);
    auto engine = ViewEngine::open({.path = m_folder.filePath(QStringLiteral("views.sqlite")).toStdString(),
                                    .ledger = m_ledger->ledger,
                                    .fileSystem = m_files,
                                    .folds = foldsOf(m_domain),
                                    .onProgress = {},
                                    .sources = {}});
    QVERIFY2(engine, engine ? "" : engine.error().text().c_str());
    m_engine = std::move(*engine);
    QVERIFY(m_engine->start());
    for (int i = 0; i < events; ++i) {
        const auto event = maker.next();
        m_head = m_ledger->append(event.action, event.data);
        QVERIFY(m_head.value > 0);
        if (i % 50 == 0)
            QVERIFY(m_engine->reader().waitFor(m_head, std::chrono::seconds(20)));
    }
    QVERIFY(m_engine->reader().waitFor(m_head, std::chrono::seconds(20)));
    QVERIFY(m_engine->faults().empty());
    m_records = records(m_ledger->ledger);
    for (const auto &record : m_records) {
        if (record->kind == RecordKind::Event)
            m_naive->fold(*record);
    }
    for (const auto &status : m_engine->reader().views()) {
        QCOMPARE(status.error, std::string());
        QCOMPARE(status.position, m_head);
        QCOMPARE(status.documents, m_naive->at(status.name, m_head).size());
    }
}

std::vector<std::string> ViewModelTest::keysOf(const std::string &view) const
{
    std::set<std::string> keys;
    for (Position at{1}; at <= m_head; at = at.next()) {
        for (const auto &document : m_naive->at(view, at))
            keys.insert(document.first);
    }
    return {keys.begin(), keys.end()};
}

void ViewModelTest::documentsAtEveryPosition()
{
    auto &reader = m_engine->reader();
    for (const auto &view : viewNames()) {
        for (const auto &key : keysOf(view)) {
            for (Position at{0}; at <= m_head; at = at.next()) {
                const auto documents = m_naive->at(view, at);
                const auto *expected = documentIn(documents, key);
                const auto got = reader.get(view, key, at);
                QCOMPARE(got.has_value(), expected != nullptr);
                if (expected)
                    QCOMPARE(got->json, writeJson(*expected));
                else
                    QCOMPARE(got.error().code, ErrorCode::NotFound);
            }
            const auto documents = m_naive->at(view, m_head);
            const auto *expected = documentIn(documents, key);
            for (const auto at : {std::optional<Position>(), std::optional(Position{m_head.value + 7}),
                                  std::optional(Position{std::numeric_limits<std::uint64_t>::max()})}) {
                const auto newest = reader.get(view, key, at);
                QCOMPARE(newest.has_value(), expected != nullptr);
                if (expected)
                    QCOMPARE(newest->json, writeJson(*expected));
            }
            const auto current = m_engine->currentDocument(view, key);
            QVERIFY(current);
            QCOMPARE(*current, expected ? std::optional(writeJson(*expected)) : std::nullopt);
        }
    }
    QCOMPARE(reader.get("documents", "never there", {}).error().code, ErrorCode::NotFound);
    QCOMPARE(reader.get("nowhere", "a", {}).error().code, ErrorCode::UnknownView);
}

void ViewModelTest::listsAtEveryPosition()
{
    auto &reader = m_engine->reader();
    for (const auto &view : viewNames()) {
        for (Position at{0}; at <= m_head; at = at.next()) {
            DocumentListRequest request;
            request.at = at;
            for (const char *const prefix : {"", "a", "key-", "nothing"}) {
                request.prefix = prefix;
                const auto list = reader.list(view, request);
                QVERIFY(list);
                QVERIFY(!list->nextKey);
                auto expected = m_naive->at(view, at);
                std::erase_if(expected, [prefix](const auto &document) { return !document.first.starts_with(prefix); });
                QCOMPARE(list->documents.size(), expected.size());
                auto document = expected.begin();
                for (const auto &got : list->documents) {
                    QCOMPARE(got.key, document->first);
                    QCOMPARE(got.json, writeJson(document->second));
                    QVERIFY(got.position <= at);
                    QVERIFY(got.position.value > 0);
                    QCOMPARE(got.event, m_records[got.position.value - 1]->id);
                    ++document;
                }
            }
        }
    }
}

void ViewModelTest::pagesJoin()
{
    auto &reader = m_engine->reader();
    for (const auto at : {std::optional<Position>(), std::optional(Position{m_head.value / 2})}) {
        const auto expected = m_naive->at("documents", at.value_or(m_head));
        for (std::size_t limit = 1; limit < 8; ++limit) {
            DocumentListRequest request;
            request.at = at;
            request.limit = limit;
            Documents joined;
            for (;;) {
                const auto list = reader.list("documents", request);
                QVERIFY(list);
                QVERIFY(list->documents.size() == limit || !list->nextKey);
                for (const auto &document : list->documents)
                    QVERIFY(joined.emplace(document.key, *parseJson(document.json)).second);
                if (!list->nextKey)
                    break;
                request.afterKey = list->nextKey;
            }
            QVERIFY(joined == expected);
        }
    }
    DocumentListRequest bad;
    bad.limit = 0;
    QCOMPARE(reader.list("documents", bad).error().code, ErrorCode::InvalidArgument);
    bad.limit = limits::pageRowsMax + 1;
    QCOMPARE(reader.list("documents", bad).error().code, ErrorCode::InvalidArgument);
    std::stop_source stop;
    stop.request_stop();
    QCOMPARE(reader.list("documents", {}, stop.get_token()).error().code, ErrorCode::Cancelled);
}

void ViewModelTest::historiesAndOrigins()
{
    auto &reader = m_engine->reader();
    for (const auto &view : viewNames()) {
        for (const auto &key : keysOf(view)) {
            NaiveOrigins origins;
            std::vector<DocumentChange> expected; // oldest first
            Documents before;
            for (Position at{1}; at <= m_head; at = at.next()) {
                const auto after = m_naive->at(view, at);
                const auto *old = documentIn(before, key);
                const auto *now = documentIn(after, key);
                if ((old || now) && !(old && now && writeJson(*old) == writeJson(*now))) {
                    expected.push_back(
                        {view, 1, key, at, m_records[at.value - 1]->id, fieldChanges(old, now), !old, !now});
                    origins = nextOrigins(origins, now, at);
                }
                const auto blame = reader.blame(view, key, at);
                QCOMPARE(blame.has_value(), now != nullptr);
                if (now) {
                    NaiveOrigins got;
                    for (const auto &field : *blame) {
                        got.emplace(field.pointer, NaiveOrigin{field.value, field.position});
                        const auto &event = *m_records[field.position.value - 1];
                        QCOMPARE(field.event, event.id);
                        QCOMPARE(field.command, event.parent);
                        QCOMPARE(field.action, event.action);
                        QCOMPARE(field.recordedAt, event.recordedAt);
                    }
                    QVERIFY(got == origins);
                }
                before = after;
            }
            const auto compare = [&](std::optional<Position> end, std::size_t limit) {
                auto wanted = expected;
                std::erase_if(wanted, [end](const auto &change) { return end && change.position >= *end; });
                std::reverse(wanted.begin(), wanted.end());
                wanted.resize(std::min(wanted.size(), limit));
                const auto got = reader.history(view, key, end, limit);
                QVERIFY(got);
                QCOMPARE(got->size(), wanted.size());
                for (std::size_t i = 0; i < wanted.size(); ++i) {
                    QCOMPARE((*got)[i].position, wanted[i].position);
                    QCOMPARE((*got)[i].event, wanted[i].event);
                    QVERIFY((*got)[i].fields == wanted[i].fields);
                    QCOMPARE((*got)[i].created, wanted[i].created);
                    QCOMPARE((*got)[i].removed, wanted[i].removed);
                }
            };
            compare({}, 10'000);
            for (std::size_t limit = 0; limit < 20; ++limit)
                compare({}, limit);
            for (std::uint64_t end = 0; end <= m_head.value + 2; end += 7)
                compare(Position{end}, 3);
        }
    }
    QCOMPARE(reader.history("documents", "never there", {}, 5).error().code, ErrorCode::NotFound);
    QCOMPARE(reader.blame("documents", "never there", {}).error().code, ErrorCode::NotFound);
}

void ViewModelTest::diffsOfAnyTwoPositions()
{
    EventMaker chance(m_seed + 1);
    const auto keys = keysOf("documents");
    for (int round = 0; round < 2000; ++round) {
        const auto &key = keys[static_cast<std::size_t>(chance.upTo(static_cast<int>(keys.size()) - 1))];
        const Position from{static_cast<std::uint64_t>(chance.upTo(static_cast<int>(m_head.value)))};
        const Position to{static_cast<std::uint64_t>(chance.upTo(static_cast<int>(m_head.value)))};
        const auto before = m_naive->at("documents", from);
        const auto after = m_naive->at("documents", to);
        const auto diff = m_engine->reader().diff("documents", key, from, to);
        QVERIFY(diff);
        QVERIFY(*diff == fieldChanges(documentIn(before, key), documentIn(after, key)));
    }
    QCOMPARE(m_engine->reader().diff("documents", "never there", {1}, {2}).error().code, ErrorCode::NotFound);
}

void ViewModelTest::changesOfEveryEvent()
{
    for (Position at{0}; at <= m_head.next(); at = at.next()) {
        const auto changes = m_engine->reader().changesAt(at);
        QVERIFY(changes);
        std::map<std::pair<std::string, std::string>, const DocumentChange *> got;
        for (const auto &change : *changes)
            QVERIFY(got.emplace(std::pair(change.view, change.key), &change).second);
        std::size_t expected = 0;
        for (const auto &view : viewNames()) {
            const auto before = m_naive->at(view, {at.value > 0 ? at.value - 1 : 0});
            const auto after = m_naive->at(view, at);
            std::set<std::string> keys;
            for (const auto *const documents : {&before, &after}) {
                for (const auto &document : *documents)
                    keys.insert(document.first);
            }
            for (const auto &key : keys) {
                const auto *old = documentIn(before, key);
                const auto *now = documentIn(after, key);
                if (old && now && writeJson(*old) == writeJson(*now))
                    continue;
                ++expected;
                const auto change = got.find({view, key});
                QVERIFY(change != got.end());
                QCOMPARE(change->second->position, at);
                QCOMPARE(change->second->event, m_records[at.value - 1]->id);
                QCOMPARE(change->second->created, !old);
                QCOMPARE(change->second->removed, !now);
                QVERIFY(change->second->fields == fieldChanges(old, now));
            }
        }
        QCOMPARE(got.size(), expected);
    }
}

void ViewModelTest::cleanupTestCase()
{
    m_engine.reset();
}

QTEST_GUILESS_MAIN(ViewModelTest)
#include "tst_view_model.moc"
