// SPDX-License-Identifier: GPL-3.0-or-later
#include "experiments/scratch_store.h"

#include <algorithm>
#include <span>

namespace commander {

namespace {

// Nothing of it has to survive anything: no journal, no fsync. The cache is what it costs in memory.
constexpr auto schema = R"(
PRAGMA journal_mode = OFF;
PRAGMA synchronous = OFF;
PRAGMA cache_size = -16384;
CREATE TABLE documents (view INTEGER, key TEXT, written INTEGER, json TEXT, PRIMARY KEY (view, key)) WITHOUT ROWID;
CREATE TABLE records (position INTEGER PRIMARY KEY, kind INTEGER, id BLOB, parent BLOB, correlation BLOB, topic TEXT,
    key TEXT, action TEXT, actor TEXT, depth INTEGER, schema_version INTEGER, domain_version BLOB, timestamp INTEGER,
    headers TEXT, data TEXT, offset INTEGER, recorded_at INTEGER, leaf BLOB, chain BLOB);
CREATE TABLE rows (kind INTEGER, number INTEGER, body TEXT, PRIMARY KEY (kind, number)) WITHOUT ROWID;
BEGIN;
)";

void readHash(Hash256 &hash, std::string_view bytes)
{
    std::copy_n(reinterpret_cast<const std::uint8_t *>(bytes.data()), std::min(bytes.size(), hash.size()),
                hash.begin());
}

Record recordOf(const Statement &row)
{
    Record record;
    record.position.value = static_cast<std::uint64_t>(row.integer(0));
    record.kind = static_cast<RecordKind>(row.integer(1));
    record.id = row.uuid(2);
    record.parent = row.uuid(3);
    record.correlation = row.uuid(4);
    record.topic = row.text(5);
    record.key = row.text(6);
    record.action = row.text(7);
    record.actor = row.text(8);
    record.depth = static_cast<std::uint16_t>(row.integer(9));
    record.schemaVersion = static_cast<std::uint32_t>(row.integer(10));
    readHash(record.domainVersion, row.blob(11));
    if (!row.isNull(12))
        record.timestamp = Timestamp{row.integer(12)};
    record.headers = row.text(13);
    record.data = row.text(14);
    record.offset.value = static_cast<std::uint64_t>(row.integer(15));
    record.recordedAt.micros = row.integer(16);
    readHash(record.leaf, row.blob(17));
    readHash(record.chain, row.blob(18));
    return record;
}

/// Resets a statement whatever comes.
struct Done {
    Statement &statement;
    ~Done() { statement.reset(); }
};

} // namespace

Result<std::unique_ptr<ScratchStore>> ScratchStore::create()
{
    auto database = Database::open("", Database::Mode::ReadWriteCreate);
    if (!database)
        return fail(database.error());
    if (auto made = database->execute(schema); !made)
        return fail(made.error());
    std::unique_ptr<ScratchStore> store(new ScratchStore(std::move(*database)));
    if (auto prepared = store->prepare(); !prepared)
        return fail(prepared.error());
    return store;
}

Result<void> ScratchStore::prepare()
{
    const std::pair<Statement *, std::string_view> statements[] = {
        {&m_readDocument, "SELECT written, json FROM documents WHERE view = ?1 AND key = ?2"},
        {&m_writeDocument,
         "INSERT INTO documents VALUES (?1, ?2, 1, ?3) ON CONFLICT DO UPDATE SET written = 1, json = ?3"},
        {&m_touchDocument, "INSERT OR IGNORE INTO documents VALUES (?1, ?2, 0, NULL)"},
        {&m_readTouched,
         "SELECT view, key, written, json FROM documents WHERE (view, key) > (?1, ?2) ORDER BY view, key LIMIT ?3"},
        {&m_appendRecord,
         "INSERT INTO records VALUES (?1,?2,?3,?4,?5,?6,?7,?8,?9,?10,?11,?12,?13,?14,?15,?16,?17,?18,?19)"},
        {&m_readRecords, "SELECT * FROM records WHERE position >= ?1 ORDER BY position LIMIT ?2"},
        {&m_appendRow, "INSERT INTO rows VALUES (?1, ?2, ?3)"},
        {&m_readRows, "SELECT body FROM rows WHERE kind = ?1 AND number >= ?2 ORDER BY number LIMIT ?3"},
    };
    for (const auto &[statement, sql] : statements) {
        auto made = m_database.prepare(sql);
        if (!made)
            return fail(made.error());
        *statement = std::move(*made);
    }
    return {};
}

Result<std::optional<std::optional<std::string>>> ScratchStore::document(std::size_t view, std::string_view key)
{
    const Done done{m_readDocument};
    const auto row = m_readDocument.bind(1, static_cast<std::int64_t>(view)).bind(2, key).step();
    if (!row)
        return fail(row.error());
    if (!*row || m_readDocument.integer(0) == 0)
        return std::optional<std::optional<std::string>>();
    if (m_readDocument.isNull(1))
        return std::optional<std::optional<std::string>>(std::in_place, std::nullopt);
    return std::optional<std::optional<std::string>>(std::in_place, std::string(m_readDocument.text(1)));
}

Result<void> ScratchStore::write(std::size_t view, std::string_view key, const std::optional<std::string> &json)
{
    m_writeDocument.bind(1, static_cast<std::int64_t>(view)).bind(2, key);
    if (json)
        m_writeDocument.bind(3, *json);
    else
        m_writeDocument.bindNull(3);
    return m_writeDocument.run();
}

Result<void> ScratchStore::touch(std::size_t view, std::string_view key)
{
    return m_touchDocument.bind(1, static_cast<std::int64_t>(view)).bind(2, key).run();
}

Result<std::vector<ScratchStore::Touched>> ScratchStore::touched(const Touched *after, std::size_t max)
{
    const Done done{m_readTouched};
    m_readTouched.bind(1, after ? static_cast<std::int64_t>(after->view) : std::int64_t{-1})
        .bind(2, std::string_view(after ? after->key : std::string_view()))
        .bind(3, static_cast<std::int64_t>(max));
    std::vector<Touched> out;
    for (;;) {
        const auto row = m_readTouched.step();
        if (!row)
            return fail(row.error());
        if (!*row)
            return out;
        Touched one{static_cast<std::size_t>(m_readTouched.integer(0)), std::string(m_readTouched.text(1)), {}};
        if (m_readTouched.integer(2) != 0) {
            one.json.emplace();
            if (!m_readTouched.isNull(3))
                one.json->emplace(m_readTouched.text(3));
        }
        out.push_back(std::move(one));
    }
}

Result<void> ScratchStore::append(const Record &record)
{
    auto &row = m_appendRecord;
    row.bind(1, static_cast<std::int64_t>(record.position.value)).bind(2, static_cast<std::int64_t>(record.kind));
    row.bind(3, record.id).bind(4, record.parent).bind(5, record.correlation).bind(6, record.topic);
    row.bind(7, record.key).bind(8, record.action).bind(9, record.actor).bind(10, std::int64_t{record.depth});
    row.bind(11, std::int64_t{record.schemaVersion}).bindBlob(12, std::span(record.domainVersion));
    if (record.timestamp)
        row.bind(13, record.timestamp->micros);
    else
        row.bindNull(13);
    row.bind(14, record.headers).bind(15, record.data).bind(16, static_cast<std::int64_t>(record.offset.value));
    row.bind(17, record.recordedAt.micros).bindBlob(18, std::span(record.leaf)).bindBlob(19, std::span(record.chain));
    return row.run();
}

Result<std::vector<Record>> ScratchStore::records(Position first, std::size_t max)
{
    const Done done{m_readRecords};
    m_readRecords.bind(1, static_cast<std::int64_t>(first.value)).bind(2, static_cast<std::int64_t>(max));
    std::vector<Record> out;
    for (;;) {
        const auto row = m_readRecords.step();
        if (!row)
            return fail(row.error());
        if (!*row)
            return out;
        out.push_back(recordOf(m_readRecords));
    }
}

Result<void> ScratchStore::appendRow(int kind, std::uint64_t number, std::string_view body)
{
    return m_appendRow.bind(1, std::int64_t{kind}).bind(2, static_cast<std::int64_t>(number)).bind(3, body).run();
}

Result<std::vector<std::string>> ScratchStore::rows(int kind, std::uint64_t first, std::size_t max)
{
    const Done done{m_readRows};
    m_readRows.bind(1, std::int64_t{kind})
        .bind(2, static_cast<std::int64_t>(first))
        .bind(3, static_cast<std::int64_t>(max));
    std::vector<std::string> out;
    for (;;) {
        const auto row = m_readRows.step();
        if (!row)
            return fail(row.error());
        if (!*row)
            return out;
        out.emplace_back(m_readRows.text(0));
    }
}

} // namespace commander
