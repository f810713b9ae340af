// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/version_choices.h"

#include "sqlite/database.h"

#include <algorithm>
#include <utility>

namespace commander {

namespace {

constexpr std::int64_t applicationId = 0x434d5643; ///< "CMVC"
constexpr std::int64_t formatVersion = 1;

// One small file, written seldom: a rollback journal leaves nothing lying beside it, and EXTRA makes its end durable.
constexpr const char *pragmas = "PRAGMA journal_mode = DELETE; PRAGMA synchronous = EXTRA; "
                                "PRAGMA trusted_schema = OFF; PRAGMA cell_size_check = ON;";

constexpr const char *schema = R"(
CREATE TABLE owner (one INTEGER PRIMARY KEY CHECK (one = 1), ledger BLOB NOT NULL);
CREATE TABLE versions (
    view TEXT NOT NULL,
    version INTEGER NOT NULL,
    domain TEXT NOT NULL,
    domain_hash BLOB NOT NULL,
    serving INTEGER NOT NULL,
    served INTEGER NOT NULL,
    PRIMARY KEY (view, version, domain_hash)
) WITHOUT ROWID;
)";

std::string identity()
{
    return "PRAGMA application_id = " + std::to_string(applicationId)
        + ";PRAGMA user_version = " + std::to_string(formatVersion) + ";";
}

Result<void> begin(Database &database, const Uuid &ledger, bool anew)
{
    if (!anew)
        return database.execute("BEGIN IMMEDIATE; DELETE FROM versions;");
    // Whatever was in the file is not ours to keep: nobody could say what it meant.
    if (auto made = database.execute("BEGIN IMMEDIATE; DROP TABLE IF EXISTS owner; DROP TABLE IF EXISTS versions;"
                                     + std::string(schema) + identity());
        !made)
        return made;
    auto owner = database.prepare("INSERT INTO owner VALUES (1, ?1)");
    if (!owner)
        return fail(owner.error());
    return owner->bind(1, ledger).run();
}

} // namespace

VersionChoices::VersionChoices(std::string path, FileSystem &fileSystem, const Uuid &ledger)
    : m_path(std::move(path)), m_fileSystem(fileSystem), m_ledger(ledger)
{
    if (!m_fileSystem.exists(m_path))
        return;
    if (auto there = read(); !there) {
        m_choices.clear();
        m_usable = false;
        m_problem = "the chosen versions of views cannot be read, so the declared ones serve: " + there.error().text();
    }
}

Result<void> VersionChoices::read()
{
    auto database = Database::open(m_path, Database::Mode::ReadWrite, m_fileSystem.sqliteVfs());
    if (!database) // a folder that is not ours to write
        database = Database::open(m_path, Database::Mode::ReadOnly, m_fileSystem.sqliteVfs());
    if (!database)
        return fail(database.error());
    const auto application = database->queryInteger("PRAGMA application_id");
    if (!application)
        return fail(application.error());
    const auto version = database->queryInteger("PRAGMA user_version");
    if (!version)
        return fail(version.error());
    const auto tables = database->queryInteger("SELECT count(*) FROM sqlite_master");
    if (!tables)
        return fail(tables.error());
    if (*tables == 0) // a crash came before the first choice was made
        return {};
    if (*application != applicationId || *version != formatVersion)
        return fail(ErrorCode::LedgerDamaged, "it has another format", m_path);
    auto owner = database->prepare("SELECT ledger FROM owner");
    if (!owner)
        return fail(owner.error());
    const auto owned = owner->step();
    if (!owned)
        return fail(owned.error());
    if (!*owned || owner->uuid(0) != m_ledger)
        return fail(ErrorCode::LedgerForeign, "it belongs to another ledger", m_path);
    auto row = database->prepare("SELECT view, version, domain, domain_hash, serving, served FROM versions");
    if (!row)
        return fail(row.error());
    for (;;) {
        const auto there = row->step();
        if (!there)
            return fail(there.error());
        if (!*there)
            return {};
        Choice choice;
        choice.id.view = row->text(0);
        choice.id.version = static_cast<std::uint32_t>(row->integer(1));
        choice.domain = row->text(2);
        if (const auto hash = row->blob(3); hash.size() == choice.id.domainHash.size())
            std::copy(hash.begin(), hash.end(), reinterpret_cast<char *>(choice.id.domainHash.data()));
        choice.serving = row->integer(4) != 0;
        choice.served = static_cast<std::uint64_t>(row->integer(5));
        m_choices.push_back(std::move(choice));
    }
}

const VersionChoices::Choice *VersionChoices::find(const ViewVersionId &id) const
{
    const auto found
        = std::find_if(m_choices.begin(), m_choices.end(), [&id](const Choice &choice) { return choice.id == id; });
    return found == m_choices.end() ? nullptr : &*found;
}

Result<void> VersionChoices::write(std::vector<Choice> choices)
{
    if (choices == m_choices)
        return {};
    const bool anew = !m_usable || !m_fileSystem.exists(m_path);
    if (!m_usable) {
        // What cannot be read cannot be changed either.
        for (const auto *const suffix : {"-journal", ""}) {
            if (auto removed = m_fileSystem.remove(m_path + suffix); !removed)
                return removed;
        }
    }
    auto database = Database::open(m_path, Database::Mode::ReadWriteCreate, m_fileSystem.sqliteVfs());
    if (!database)
        return fail(database.error());
    if (auto set = database->execute(pragmas); !set)
        return set;
    // A crash while the file was made leaves one without tables.
    const auto tables = database->queryInteger("SELECT count(*) FROM sqlite_master WHERE name = 'versions'");
    if (!tables)
        return fail(tables.error());
    if (auto begun = begin(*database, m_ledger, anew || *tables == 0); !begun)
        return begun;
    auto row = database->prepare("INSERT INTO versions VALUES (?1, ?2, ?3, ?4, ?5, ?6)");
    if (!row)
        return fail(row.error());
    for (const auto &choice : choices) {
        row->bind(1, choice.id.view).bind(2, std::int64_t{choice.id.version}).bind(3, choice.domain);
        row->bindBlob(4, std::span(choice.id.domainHash)).bind(5, std::int64_t{choice.serving});
        if (auto written = row->bind(6, static_cast<std::int64_t>(choice.served)).run(); !written)
            return written;
    }
    if (auto committed = database->execute("COMMIT"); !committed)
        return committed;
    m_choices = std::move(choices);
    m_usable = true;
    return {};
}

} // namespace commander
