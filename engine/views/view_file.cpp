// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/view_file.h"

#include "views/view_format.h"

#include <algorithm>
#include <optional>
#include <set>
#include <utility>

namespace commander {

namespace {

constexpr const char *pragmas
    = "PRAGMA synchronous = NORMAL;" // derived: after a power loss it may be behind, never wrong
      "PRAGMA cell_size_check = ON;"
      "PRAGMA trusted_schema = OFF;"
      "PRAGMA wal_autocheckpoint = 8192;" // the same few pages change again and again
      "PRAGMA journal_size_limit = 67108864;";

// views-format.md says what they hold.
constexpr const char *schema = R"(
CREATE TABLE state (
    one INTEGER PRIMARY KEY CHECK (one = 1),
    ledger BLOB NOT NULL,
    position INTEGER NOT NULL,
    chain BLOB NOT NULL,
    record BLOB NOT NULL
);
CREATE TABLE sources (
    topic TEXT NOT NULL,
    partition INTEGER NOT NULL,
    next INTEGER NOT NULL,
    PRIMARY KEY (topic, partition)
) WITHOUT ROWID;
CREATE TABLE views (
    id INTEGER PRIMARY KEY,
    name TEXT NOT NULL UNIQUE,
    version INTEGER NOT NULL,
    domain TEXT NOT NULL,
    domain_hash BLOB NOT NULL,
    position INTEGER NOT NULL,
    documents INTEGER NOT NULL,
    keys INTEGER NOT NULL,
    error TEXT NOT NULL,
    indexes TEXT NOT NULL
);
CREATE TABLE keys (
    number INTEGER PRIMARY KEY,
    view INTEGER NOT NULL,
    key TEXT NOT NULL,
    created INTEGER NOT NULL,
    live INTEGER NOT NULL,
    head INTEGER NOT NULL
);
CREATE UNIQUE INDEX keys_by_text ON keys (view, key);
CREATE TABLE changes (
    place INTEGER PRIMARY KEY,
    event BLOB NOT NULL,
    command BLOB NOT NULL,
    action TEXT NOT NULL,
    recorded_at INTEGER NOT NULL,
    body BLOB NOT NULL
);
CREATE TABLE fields (
    place INTEGER NOT NULL,
    value BLOB NOT NULL,
    key TEXT NOT NULL,
    PRIMARY KEY (place, value, key)
) WITHOUT ROWID;
)";

constexpr std::string_view insertView = "INSERT INTO views VALUES (?1, ?2, ?3, ?4, ?5, 0, 0, 0, '', ?6)";

std::string indexesText(const ViewSpec &spec)
{
    Json::Array pointers;
    for (const auto &pointer : spec.indexes)
        pointers.emplace_back(pointer);
    return writeJson(Json(std::move(pointers)));
}

std::string_view bytesOf(const Hash256 &hash)
{
    return {reinterpret_cast<const char *>(hash.data()), hash.size()};
}

Hash256 hashFrom(std::string_view bytes)
{
    Hash256 hash{};
    if (bytes.size() == hash.size())
        std::copy(bytes.begin(), bytes.end(), reinterpret_cast<char *>(hash.data()));
    return hash;
}

std::string condemnedPath(const std::string &path)
{
    return path + ".damaged";
}

/// One try at opening; what it finds decides whether the file may stay.
class Opening {
public:
    explicit Opening(const ViewFileOptions &options) : m_options(options) { }

    /// Why the file cannot be used, or nothing when m_file is ready. Errors that deleting the file would not mend.
    Result<std::optional<std::string>> load();
    Result<void> create();
    ViewFile take() { return std::move(m_file); }
    /// load() failed because the ledger cannot be read: no reason to give up the file.
    [[nodiscard]] bool ledgerFailed() const noexcept { return m_ledgerFailed; }

private:
    Result<void> connect();
    Result<std::optional<std::string>> loadHead();
    Result<std::optional<std::string>> compareWithLedger();
    Result<std::optional<std::string>> loadViews();
    Result<std::optional<std::string>> loadSources();
    Result<void> restart(std::size_t view);
    Result<void> writeView(Statement &insert, std::size_t view);

    const ViewFileOptions &m_options;
    const bool m_ordered = m_options.ledger.traits().totalOrder;
    ViewFile m_file;
    bool m_ledgerFailed = false;
};

Result<void> Opening::connect()
{
    auto database = Database::open(m_options.path, Database::Mode::ReadWriteCreate, m_options.fileSystem.sqliteVfs());
    if (!database)
        return fail(database.error());
    m_file.database = std::move(*database);
    const auto mode = m_file.database.queryText("PRAGMA journal_mode = WAL");
    if (!mode)
        return fail(mode.error());
    if (*mode != "wal") {
        return fail(ErrorCode::IoError, "this file system cannot share memory between readers and the writer",
                    m_options.path, "Put the workspace on a local disk.");
    }
    return m_file.database.execute(pragmas + std::string("PRAGMA cache_size = -")
                                   + std::to_string(m_options.pageCacheBytes / 1024) + ';');
}

Result<std::optional<std::string>> Opening::load()
{
    if (auto connected = connect(); !connected)
        return fail(connected.error());
    const auto application = m_file.database.queryInteger("PRAGMA application_id");
    if (!application)
        return fail(application.error());
    const auto version = m_file.database.queryInteger("PRAGMA user_version");
    if (!version)
        return fail(version.error());
    if (*application != viewformat::applicationId || *version != viewformat::version)
        return "it has another format";

    for (const auto step :
         {&Opening::loadHead, &Opening::compareWithLedger, &Opening::loadViews, &Opening::loadSources}) {
        auto reason = (this->*step)();
        if (!reason || *reason)
            return reason;
    }
    return std::nullopt;
}

Result<std::optional<std::string>> Opening::loadHead()
{
    auto row = m_file.database.prepare("SELECT ledger, position, chain, record FROM state");
    if (!row)
        return fail(row.error());
    const auto there = row->step();
    if (!there)
        return fail(there.error());
    if (!*there)
        return "it is not complete";
    if (row->uuid(0) != m_options.ledger.ledgerId())
        return "it belongs to another ledger";
    m_file.head = {{static_cast<std::uint64_t>(row->integer(1))}, hashFrom(row->blob(2)), row->uuid(3)};
    return std::nullopt;
}

Result<std::optional<std::string>> Opening::compareWithLedger()
{
    if (!m_ordered || m_file.head.position == Position{})
        return std::nullopt;
    const auto records = m_options.ledger.readAt(m_file.head.position, 1);
    if (!records) {
        m_ledgerFailed = true;
        return fail(records.error());
    }
    if (records->empty() || records->front()->position != m_file.head.position)
        return "it is ahead of the ledger";
    const auto &record = *records->front();
    if (record.id != m_file.head.record || record.chain != m_file.head.chain)
        return "the ledger holds another record at position " + std::to_string(m_file.head.position.value);
    return std::nullopt;
}

Result<std::optional<std::string>> Opening::loadViews()
{
    const auto &folds = m_options.folds;
    std::vector<std::size_t> changed;
    auto row = m_file.database.prepare("SELECT id, name, version, domain, domain_hash, position, documents, keys, "
                                       "error, indexes FROM views ORDER BY id");
    if (!row)
        return fail(row.error());
    for (;;) {
        const auto there = row->step();
        if (!there)
            return fail(there.error());
        if (!*there)
            break;
        const auto view = m_file.views.size();
        if (view >= folds.size() || static_cast<std::size_t>(row->integer(0)) != view
            || row->text(1) != folds[view].spec.name)
            return "it holds other views";
        const auto &domain = folds[view].domain->description();
        if (row->integer(2) != folds[view].spec.version || row->text(3) != domain.name
            || row->blob(4) != bytesOf(domain.hash) || row->text(9) != indexesText(folds[view].spec))
            changed.push_back(view);
        m_file.views.push_back({{static_cast<std::uint64_t>(row->integer(5))},
                                row->integer(6),
                                row->integer(7),
                                std::string(row->text(8))});
    }
    if (m_file.views.size() != folds.size())
        return "it holds other views";
    const bool anyStopped
        = std::any_of(m_file.views.begin(), m_file.views.end(), [](const auto &view) { return !view.error.empty(); });
    // Without a total order a single view cannot catch up with the others: their positions could not be given again.
    if (!changed.empty() && (changed.size() == folds.size() || !m_ordered))
        return "its views were folded by another version";
    if (anyStopped && !m_ordered)
        return "a view had stopped";
    row = Statement(); // an open read would keep restart() from writing
    for (const auto view : changed) {
        if (auto restarted = restart(view); !restarted)
            return fail(restarted.error());
    }
    for (auto &view : m_file.views)
        view.error.clear(); // tried again
    return std::nullopt;
}

Result<std::optional<std::string>> Opening::loadSources()
{
    if (m_ordered)
        return std::nullopt;
    auto row = m_file.database.prepare("SELECT topic, partition, next FROM sources");
    if (!row)
        return fail(row.error());
    std::set<TopicPartition> followed;
    for (;;) {
        const auto there = row->step();
        if (!there)
            return fail(there.error());
        if (!*there)
            break;
        const TopicPartition source{std::string(row->text(0)), static_cast<std::uint32_t>(row->integer(1))};
        followed.insert(source);
        m_file.sources.push_back({source, {static_cast<std::uint64_t>(row->integer(2))}});
    }
    if (followed != std::set<TopicPartition>(m_options.sources.begin(), m_options.sources.end()))
        return "it follows other topics";
    return std::nullopt;
}

Result<void> Opening::restart(std::size_t view)
{
    auto &database = m_file.database;
    const auto id = std::to_string(view);
    if (auto done = database.execute("BEGIN IMMEDIATE;"
                                     "DELETE FROM changes WHERE (place & 255) = "
                                     + id
                                     + ";"
                                       "DELETE FROM keys WHERE view = "
                                     + id
                                     + ";"
                                       "DELETE FROM fields WHERE (place >> 8) = "
                                     + id
                                     + ";"
                                       "DELETE FROM views WHERE id = "
                                     + id + ";");
        !done)
        return done;
    m_file.views[view] = {};
    auto insert = database.prepare(insertView);
    if (!insert)
        return fail(insert.error());
    if (auto written = writeView(*insert, view); !written)
        return written;
    return database.execute("COMMIT");
}

Result<void> Opening::writeView(Statement &insert, std::size_t view)
{
    const auto &[domain, spec] = m_options.folds[view];
    insert.bind(1, static_cast<std::int64_t>(view)).bind(2, spec.name).bind(3, std::int64_t{spec.version});
    insert.bind(4, domain->description().name).bindBlob(5, bytesOf(domain->description().hash));
    const auto indexes = indexesText(spec);
    return insert.bind(6, indexes).run();
}

Result<void> Opening::create()
{
    if (auto connected = connect(); !connected)
        return connected;
    auto &database = m_file.database;
    if (auto made = database.execute("BEGIN IMMEDIATE;" + std::string(schema)
                                     + "PRAGMA application_id = " + std::to_string(viewformat::applicationId)
                                     + ";"
                                       "PRAGMA user_version = "
                                     + std::to_string(viewformat::version) + ";");
        !made)
        return made;

    auto state = database.prepare("INSERT INTO state VALUES (1, ?1, 0, ?2, ?3)");
    if (!state)
        return fail(state.error());
    const auto ledger = m_options.ledger.ledgerId();
    if (auto written = state->bind(1, ledger).bindBlob(2, bytesOf(m_file.head.chain)).bind(3, m_file.head.record).run();
        !written)
        return written;

    auto view = database.prepare(insertView);
    if (!view)
        return fail(view.error());
    m_file.views.resize(m_options.folds.size());
    for (std::size_t i = 0; i < m_options.folds.size(); ++i) {
        if (auto written = writeView(*view, i); !written)
            return written;
    }
    if (!m_ordered) {
        auto source = database.prepare("INSERT INTO sources VALUES (?1, ?2, 0)");
        if (!source)
            return fail(source.error());
        for (const auto &followed : m_options.sources) {
            if (auto written = source->bind(1, followed.topic).bind(2, std::int64_t{followed.partition}).run();
                !written)
                return written;
            m_file.sources.push_back({followed, {}});
        }
    }
    return database.execute("COMMIT");
}

Result<void> removeAll(const ViewFileOptions &options)
{
    for (const auto *const suffix : {"", "-wal", "-shm", "-journal"}) {
        if (auto removed = options.fileSystem.remove(options.path + suffix); !removed)
            return removed;
    }
    // Last: a crash half way through must not leave a damaged rest without its mark.
    return options.fileSystem.remove(condemnedPath(options.path));
}

} // namespace

Result<ViewFile> openViewFile(const ViewFileOptions &options)
{
    std::optional<std::string> reason;
    if (options.fileSystem.exists(condemnedPath(options.path))) {
        reason = "damage was found in it";
    } else if (!options.fileSystem.exists(options.path)) {
        reason = "there was none";
    } else {
        Opening opening(options);
        auto loaded = opening.load();
        if (loaded && !*loaded)
            return opening.take();
        // IoError too: SQLite reports some kinds of damage so, and a real one will show again when the file is made.
        const auto code = loaded ? ErrorCode::LedgerDamaged : loaded.error().code;
        if (opening.ledgerFailed() || (code != ErrorCode::LedgerDamaged && code != ErrorCode::IoError))
            return fail(loaded.error());
        reason = loaded ? **loaded : loaded.error().text();
    }

    if (auto removed = removeAll(options); !removed)
        return fail(removed.error());
    Opening opening(options);
    if (auto created = opening.create(); !created)
        return fail(created.error());
    auto file = opening.take();
    file.rebuilt = std::move(*reason);
    return file;
}

Result<void> condemnViewFile(const std::string &path, FileSystem &fileSystem)
{
    const auto marked = fileSystem.open(condemnedPath(path), FileSystem::OpenMode::ReadWriteCreate);
    if (!marked)
        return fail(marked.error());
    return {};
}

} // namespace commander
