// SPDX-License-Identifier: GPL-3.0-or-later
#include "view_test_support.h"

#include "sqlite/database.h"

#include <QtTest>

#include <algorithm>

namespace viewtest {

void SeededRandom::fill(std::span<std::uint8_t> bytes)
{
    const std::scoped_lock lock(m_mutex);
    for (auto &byte : bytes)
        byte = static_cast<std::uint8_t>(m_engine());
}

Position SeededLedger::append(const std::string &action, const std::string &data, const std::string &topic)
{
    RecordDraft command;
    command.kind = RecordKind::Command;
    command.id = uuid5(ledger.ledgerId(), "command/" + std::to_string(++commands));
    command.correlation = command.id;
    command.topic = commandsTopic;
    command.action = "note";
    command.actor = "test";
    command.data = data;

    RecordDraft event = command;
    event.kind = RecordKind::Event;
    event.id = uuid5(command.id, "event/1");
    event.parent = command.id;
    event.topic = topic;
    event.action = action;
    event.actor = "domain:notes";

    LedgerTransaction transaction;
    transaction.records = {std::move(command), std::move(event)};
    const auto appended = ledger.appendAndWait(std::move(transaction));
    return appended ? appended->records.back()->position : Position{};
}

NotesDomain::NotesDomain(std::uint32_t version)
{
    m_description.name = "notes";
    m_description.version = version;
    m_description.eventsTopic = "note-events";
    m_description.hash[0] = static_cast<std::uint8_t>(version);
    for (const auto *const view : {"documents", "letters", "fragile"})
        m_description.views.push_back({view, version, {}, {"documents-set", "document-edited"}});
}

Result<Decision> NotesDomain::decide(const ParsedRecord &, DocumentSource &, HandlerContext &) const
{
    return Decision(std::vector<EventDraft>());
}

Result<std::vector<FollowUpCommand>> NotesDomain::react(const ParsedRecord &, DocumentSource &, HandlerContext &) const
{
    return std::vector<FollowUpCommand>();
}

Result<void> NotesDomain::fold(const ViewSpec &view, const ParsedRecord &event, DocumentFold &documents) const
{
    if (onFold)
        onFold(view, event.record);
    if (view.name == "fragile") {
        const auto *before = documents.get("count");
        auto count = before ? *before : Json::object();
        count.set("events", Json(count.integerAt("events").value_or(0) + 1));
        documents.put("count", count);
        if (event.data.find("break") && !mended) {
            documents.put("half", count);
            return fail(ErrorCode::DomainFault, "told to break", "fragile");
        }
        return {};
    }
    const bool letters = view.name == "letters";
    const auto wanted = [letters](std::string_view key) { return !letters || key <= "m"; };
    if (const auto *set = event.data.find("set")) {
        for (const auto &item : *set->asArray()) {
            if (wanted(item.stringAt("key")))
                documents.put(item.stringAt("key"), *item.find("document"));
        }
    }
    if (const auto *removed = event.data.find("removed")) {
        for (const auto &key : *removed->asArray()) {
            if (wanted(*key.asString()))
                documents.remove(*key.asString());
        }
    }
    if (const auto *edits = event.data.find("edits"); edits && wanted(event.data.stringAt("key"))) {
        const auto key = event.data.stringAt("key");
        for (const auto &edit : *edits->asArray()) { // one by one: get sees what put did before
            const auto *before = documents.get(key);
            auto document = before && before->isObject() ? *before : Json::object();
            const auto &parts = *edit.asArray();
            if (parts.size() == 2)
                document.set(*parts[0].asString(), parts[1]);
            else
                document.erase(*parts[0].asString());
            documents.put(key, std::move(document));
        }
    }
    if (letters) {
        const auto *before = documents.get("total");
        const auto n = before ? before->integerAt("n").value_or(0) : 0;
        documents.put("total", Json(Json::Object{{"n", Json(n + 1)}}));
    }
    return {};
}

namespace {

class NaiveFold final : public DocumentFold {
public:
    explicit NaiveFold(Documents documents) : m_documents(std::move(documents)) { }
    const Json *get(std::string_view key) override
    {
        const auto found = m_documents.find(std::string(key));
        return found == m_documents.end() ? nullptr : &found->second;
    }
    void put(std::string_view key, Json document) override
    {
        m_documents.insert_or_assign(std::string(key), std::move(document));
    }
    void remove(std::string_view key) override { m_documents.erase(std::string(key)); }
    Documents take() { return std::move(m_documents); }

private:
    Documents m_documents;
};

} // namespace

void NaiveViews::fold(const Record &event)
{
    const auto data = parseJson(event.data);
    for (const auto &view : m_domain.description().views) {
        if (std::find(view.events.begin(), view.events.end(), event.action) == view.events.end())
            continue;
        auto &history = m_history[view.name];
        NaiveFold fold(history.empty() ? Documents() : history.rbegin()->second);
        if (m_domain.fold(view, {event, *data}, fold))
            history[event.position] = fold.take();
    }
}

Documents NaiveViews::at(const std::string &view, Position position) const
{
    const auto history = m_history.find(view);
    if (history == m_history.end())
        return {};
    auto after = history->second.upper_bound(position);
    return after == history->second.begin() ? Documents() : std::prev(after)->second;
}

std::string EventMaker::key()
{
    const int n = upTo(m_keys - 1);
    // Keys that share prefixes, and some that need care.
    static const char *const odd[] = {"a/b", "ä", "z~", "a", "ab", "abc", "key with space", "q\"uote"};
    return n < 8 ? odd[n] : "key-" + std::to_string(n);
}

Json EventMaker::value(int depth)
{
    switch (upTo(depth > 0 ? 9 : 6)) {
    case 0:
        return Json();
    case 1:
        return Json(upTo(1) == 1);
    case 2:
        return Json(upTo(3));
    case 3:
        return Json(Json::Number{upTo(1) ? "1.0" : "23958446825181076828"});
    case 4:
        return Json(std::string("text ") + static_cast<char>('a' + upTo(3)));
    case 5:
        return Json::object();
    case 6:
        return Json::array();
    case 7: {
        Json::Array array;
        for (int i = upTo(4); i > 0; --i)
            array.push_back(value(depth - 1));
        return Json(std::move(array));
    }
    default: {
        Json object = Json::object();
        static const char *const names[] = {"name", "a/b", "t~x", "balance", "list", "über", ""};
        for (int i = upTo(5); i > 0; --i)
            object.set(names[upTo(6)], value(depth - 1));
        return object;
    }
    }
}

Json EventMaker::document()
{
    auto document = value(3);
    for (int i = 0; i < 3 && !document.isObject() && upTo(9) > 0; ++i)
        document = value(3);
    return document;
}

Json EventMaker::edited(const Json &value, int depth)
{
    if (depth == 0 || upTo(5) == 0)
        return this->value(depth);
    auto copy = value;
    if (auto *object = copy.asObject(); object && !object->empty()) {
        const auto at = static_cast<std::size_t>(upTo(static_cast<int>(object->size()) - 1));
        switch (upTo(5)) {
        case 0:
            object->erase(object->begin() + static_cast<std::ptrdiff_t>(at));
            break;
        case 1:
            std::rotate(object->begin(), object->begin() + static_cast<std::ptrdiff_t>(at), object->end());
            break;
        case 2:
            copy.set("new " + std::to_string(upTo(9)), this->value(depth - 1));
            break;
        default:
            (*object)[at].second = edited((*object)[at].second, depth - 1);
        }
    } else if (auto *array = copy.asArray(); array && !array->empty()) {
        const auto at = static_cast<std::size_t>(upTo(static_cast<int>(array->size()) - 1));
        switch (upTo(3)) {
        case 0:
            array->resize(at);
            break;
        case 1:
            array->push_back(this->value(depth - 1));
            break;
        default:
            (*array)[at] = edited((*array)[at], depth - 1);
        }
    } else {
        return this->value(depth);
    }
    return copy;
}

EventMaker::Event EventMaker::next()
{
    Json data = Json::object();
    if (upTo(9) == 0) {
        const auto edits = 1 + upTo(3);
        Json::Array list;
        for (int i = 0; i < edits; ++i) {
            Json::Array edit{Json(std::string("field ") + static_cast<char>('a' + upTo(5)))};
            if (upTo(3) > 0)
                edit.push_back(value(1));
            list.emplace_back(std::move(edit));
        }
        const auto edited = key();
        m_last.erase(edited);
        data.set("key", Json(edited));
        data.set("edits", Json(std::move(list)));
        return {"document-edited", writeJson(data)};
    }
    Json::Array set;
    Json::Array removed;
    for (int i = upTo(3); i >= 0; --i) {
        const auto chosen = key();
        if (upTo(7) == 0) {
            m_last.erase(chosen);
            removed.emplace_back(chosen);
            continue;
        }
        const auto last = m_last.find(chosen);
        auto next = last == m_last.end() ? document() : upTo(9) == 0 ? last->second : edited(last->second, 3);
        m_last.insert_or_assign(chosen, next);
        set.emplace_back(Json::Object{{"key", Json(chosen)}, {"document", std::move(next)}});
    }
    data.set("set", Json(std::move(set)));
    data.set("removed", Json(std::move(removed)));
    return {"documents-set", writeJson(data)};
}

std::vector<FoldBinding> foldsOf(const std::shared_ptr<const Domain> &domain)
{
    std::vector<FoldBinding> folds;
    for (const auto &view : domain->description().views)
        folds.push_back({domain, view});
    return folds;
}

ViewBench::ViewBench(std::uint64_t seed, int events) : ledger(seed), maker(seed)
{
    grow(events);
}

void ViewBench::grow(int events)
{
    for (int i = 0; i < events; ++i) {
        const auto event = maker.next();
        head = ledger.append(event.action, event.data);
    }
}

std::string ViewBench::path(const char *name) const
{
    return folder.filePath(QString::fromUtf8(name)).toStdString();
}

Result<std::unique_ptr<ViewEngine>> ViewBench::open(const std::string &file,
                                                    const std::shared_ptr<const Domain> &domain)
{
    return ViewEngine::open({.path = file,
                             .ledger = ledger.ledger,
                             .fileSystem = files,
                             .folds = foldsOf(domain),
                             .onProgress = {},
                             .sources = {}});
}

std::string ViewBench::build(const std::string &file, const std::shared_ptr<const Domain> &domain)
{
    auto engine = open(file, domain);
    if (!engine)
        return engine.error().text();
    rebuildReason = (*engine)->rebuildReason();
    if (auto started = (*engine)->start(); !started)
        return started.error().text();
    if (!(*engine)->reader().waitFor(head, patience))
        return "not folded in time";
    engine->reset();
    return dump(file);
}

std::string dump(const std::string &path)
{
    auto database = Database::open(path, Database::Mode::ReadOnly);
    if (!database)
        return "cannot open: " + database.error().text();
    std::string text;
    const std::pair<const char *, int> tables[] = {
        {"SELECT 'state', hex(ledger), position, hex(chain), hex(record) FROM state", 5},
        {"SELECT 'view', id, name, version, domain, hex(domain_hash), position, documents, keys, error, indexes FROM "
         "views "
         "ORDER BY id",
         11},
        {"SELECT 'source', topic, partition, next FROM sources ORDER BY topic, partition", 4},
        {"SELECT 'key', number, view, key, created, live, head FROM keys ORDER BY number", 7},
        {"SELECT 'change', place, hex(event), hex(command), action, recorded_at, hex(body) FROM changes ORDER BY place",
         7},
        {"SELECT 'field', place, hex(value), key FROM fields ORDER BY place, value, key", 4},
    };
    for (const auto &[sql, columns] : tables) {
        auto row = database->prepare(sql);
        if (!row)
            return "cannot read: " + row.error().text();
        for (;;) {
            const auto there = row->step();
            if (!there)
                return "cannot read: " + there.error().text();
            if (!*there)
                break;
            for (int column = 0; column < columns; ++column)
                text.append(row->isNull(column) ? "NULL" : row->text(column)) += column + 1 < columns ? '|' : '\n';
        }
    }
    const auto check = database->queryText("PRAGMA integrity_check");
    text += check ? "integrity " + *check : check.error().text();
    return text;
}

std::vector<RecordPtr> records(Ledger &ledger)
{
    std::vector<RecordPtr> all;
    for (;;) {
        const auto more = ledger.readAt({all.size() + 1}, 4096);
        if (!more || more->empty())
            return all;
        all.insert(all.end(), more->begin(), more->end());
    }
}

std::uint64_t seedOf(const char *test)
{
    const auto given = qEnvironmentVariable("COMMANDER_SEED");
    const auto seed = given.isEmpty() ? std::uint64_t{std::random_device{}()} : given.toULongLong();
    qInfo("%s: COMMANDER_SEED=%llu", test, static_cast<unsigned long long>(seed));
    return seed;
}

} // namespace viewtest
