// SPDX-License-Identifier: GPL-3.0-or-later
#include "ledger/sqlite/ledger_file.h"

#include "ledger/sqlite/head_file.h"
#include "ledger/sqlite/ledger_schema.h"

#include <algorithm>
#include <cstdlib>
#include <memory>
#include <span>
#include <sqlite3.h>

namespace commander {

namespace {

constexpr std::size_t headerBytes = 100;
constexpr std::string_view sqliteMagic("SQLite format 3\0", 16);

/// A file in SQLite's own file layer.
class RawFile {
public:
    RawFile() = default;
    RawFile(const RawFile &) = delete;
    RawFile &operator=(const RawFile &) = delete;
    ~RawFile()
    {
        if (m_open)
            m_file->pMethods->xClose(m_file);
        std::free(m_file);
        sqlite3_free_filename(m_name);
    }

    [[nodiscard]] Result<void> open(const std::string &path, const std::string &vfsName, int flags)
    {
        m_path = path;
        sqlite3_vfs *const vfs = sqlite3_vfs_find(vfsName.empty() ? nullptr : vfsName.c_str());
        if (!vfs)
            return fail(ErrorCode::InvalidArgument, "no such SQLite file layer", vfsName);
        std::string full(static_cast<std::size_t>(vfs->mxPathname) + 1, '\0');
        if (const int code = vfs->xFullPathname(vfs, path.c_str(), static_cast<int>(full.size()), full.data());
            (code & 0xff) != SQLITE_OK)
            return failed("cannot resolve the path", code);
        m_name = sqlite3_create_filename(full.c_str(), "", "", 0, nullptr);
        m_file = static_cast<sqlite3_file *>(std::calloc(1, static_cast<std::size_t>(vfs->szOsFile)));
        if (!m_name || !m_file)
            return failed("cannot open the file", SQLITE_NOMEM);
        if (const int code = vfs->xOpen(vfs, m_name, m_file, flags | SQLITE_OPEN_MAIN_DB, nullptr); code != SQLITE_OK) {
            m_open = m_file->pMethods != nullptr;
            return failed("cannot open the file", code);
        }
        m_open = true;
        return {};
    }
    [[nodiscard]] Result<std::uint64_t> size()
    {
        sqlite3_int64 bytes = 0;
        if (const int code = m_file->pMethods->xFileSize(m_file, &bytes); code != SQLITE_OK)
            return fail(failed("cannot measure the file", code).error());
        return static_cast<std::uint64_t>(bytes);
    }
    [[nodiscard]] Result<void> read(std::span<std::uint8_t> to)
    {
        const int code = m_file->pMethods->xRead(m_file, to.data(), static_cast<int>(to.size()), 0);
        return code == SQLITE_OK ? Result<void>{} : failed("cannot read the file", code);
    }
    [[nodiscard]] Result<void> write(std::uint64_t at, std::span<const std::uint8_t> bytes)
    {
        const int code = m_file->pMethods->xWrite(m_file, bytes.data(), static_cast<int>(bytes.size()),
                                                  static_cast<sqlite3_int64>(at));
        return code == SQLITE_OK ? Result<void>{} : failed("cannot write the file", code);
    }
    [[nodiscard]] Result<void> sync()
    {
        const int code = m_file->pMethods->xSync(m_file, SQLITE_SYNC_NORMAL);
        return code == SQLITE_OK ? Result<void>{} : failed("cannot bring the file to stable storage", code);
    }

private:
    [[nodiscard]] Result<void> failed(std::string_view what, int code) const
    {
        return fail((code & 0xff) == SQLITE_FULL ? ErrorCode::DiskFull : ErrorCode::IoError,
                    std::string(what) + ": " + sqlite3_errstr(code) + " (SQLite " + std::to_string(code) + ")", m_path);
    }

    std::string m_path;
    const char *m_name = nullptr; ///< SQLite wants its own form of a path
    sqlite3_file *m_file = nullptr;
    bool m_open = false;
};

std::uint32_t bigEndian(const std::uint8_t *at)
{
    return std::uint32_t{at[0]} << 24 | std::uint32_t{at[1]} << 16 | std::uint32_t{at[2]} << 8 | at[3];
}

Result<std::uint64_t> sizeOf(FileSystem &fileSystem, const std::string &path)
{
    if (!fileSystem.exists(path))
        return 0;
    RawFile file;
    if (auto opened = file.open(path, fileSystem.sqliteVfs(), SQLITE_OPEN_READONLY); !opened)
        return fail(opened.error());
    return file.size();
}

Result<LedgerFileKind> judgeHeader(const std::array<std::uint8_t, headerBytes> &header, const std::string &path,
                                   LedgerFileUse use)
{
    const auto foreign = [&path](std::string what) {
        return fail(ErrorCode::LedgerForeign, std::move(what), path, "Choose a Commander ledger, or another name.");
    };
    if (!std::equal(sqliteMagic.begin(), sqliteMagic.end(), header.begin(),
                    [](char a, std::uint8_t b) { return static_cast<std::uint8_t>(a) == b; }))
        return foreign("the file is not a Commander ledger");
    const auto application = bigEndian(header.data() + 68);
    if (application == importingApplicationId && use == LedgerFileUse::Open) {
        return fail(ErrorCode::LedgerForeign, "the import into this ledger is not finished", path,
                    "Run the same import again, it goes on where it was; or remove the file and its companions.");
    }
    if (application != ledgerApplicationId && application != importingApplicationId)
        return foreign("the file is a database of another program");
    const auto version = bigEndian(header.data() + 60);
    if (version > ledgerFormatVersion) {
        return fail(ErrorCode::LedgerNewer,
                    "the ledger has format " + std::to_string(version) + ", this program knows up to "
                        + std::to_string(ledgerFormatVersion),
                    path, "Open it with a newer Commander.");
    }
    if (version == 0)
        return foreign("the database carries no ledger format");
    return application == importingApplicationId ? LedgerFileKind::Importing : LedgerFileKind::Ledger;
}

} // namespace

Result<LedgerFileKind> inspectLedgerFile(FileSystem &fileSystem, const std::string &path, LedgerFileUse use)
{
    const bool hasHead = fileSystem.exists(HeadFile::pathOf(path));
    const auto log = sizeOf(fileSystem, path + "-wal");
    if (!log)
        return fail(log.error());
    const auto missing = [&](std::string what) {
        return fail(ErrorCode::LedgerDamaged, std::move(what), path,
                    "Put the ledger file back beside its companions, or move those away to begin a new ledger.");
    };
    if (!fileSystem.exists(path)) {
        if (hasHead || *log > 0)
            return missing("the ledger file is missing, but its companions are there");
        return LedgerFileKind::Missing;
    }

    RawFile file;
    if (auto opened = file.open(path, fileSystem.sqliteVfs(), SQLITE_OPEN_READONLY); !opened)
        return fail(opened.error());
    const auto size = file.size();
    if (!size)
        return fail(size.error());
    std::array<std::uint8_t, headerBytes> header{};
    if (*size >= headerBytes) {
        if (auto read = file.read(header); !read)
            return fail(read.error());
    }
    // While a ledger is made its lock file is there, its head file is not, and its first page is written last.
    const bool blank = std::all_of(header.begin(), header.end(), [](std::uint8_t byte) { return byte == 0; });
    if (blank && (*size == 0 || *size >= headerBytes)) {
        if (hasHead || *log > 0)
            return missing("the ledger file is empty, but its companions are not");
        if (fileSystem.exists(path + ".lock"))
            return LedgerFileKind::Unfinished;
    }
    if (*size < headerBytes)
        return fail(ErrorCode::LedgerForeign, "the file is not a Commander ledger", path,
                    "Choose a Commander ledger, or another name.");
    return judgeHeader(header, path, use);
}

Result<void> createLedgerFile(FileSystem &fileSystem, const std::string &path, const Uuid &ledgerId,
                              Timestamp createdAt, LedgerFileUse use)
{
    auto made = Database::open(":memory:", Database::Mode::ReadWriteCreate);
    if (!made)
        return fail(made.error());
    if (auto schema = createLedgerSchema(*made, ledgerId, createdAt); !schema)
        return schema;
    sqlite3_int64 size = 0;
    const std::unique_ptr<unsigned char, decltype(&sqlite3_free)> image(
        sqlite3_serialize(made->handle(), "main", &size, 0), &sqlite3_free);
    if (!image)
        return fail(made->error("cannot make an empty ledger"));
    const std::span bytes(image.get(), static_cast<std::size_t>(size));
    // File format versions for writing and reading: 2 is "with a write-ahead log".
    bytes[18] = 2;
    bytes[19] = 2;
    if (use == LedgerFileUse::Import) {
        for (int i = 0; i < 4; ++i)
            bytes[68 + static_cast<std::size_t>(i)] = static_cast<std::uint8_t>(importingApplicationId >> (24 - 8 * i));
    }
    const std::size_t pageBytes = std::size_t{bytes[16]} << 8 | bytes[17];

    RawFile file;
    if (auto opened = file.open(path, fileSystem.sqliteVfs(), SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE); !opened)
        return opened;
    if (auto written = file.write(pageBytes, bytes.subspan(pageBytes)); !written)
        return written;
    if (auto synced = file.sync(); !synced)
        return synced;
    if (auto written = file.write(0, bytes.first(pageBytes)); !written)
        return written;
    if (auto synced = file.sync(); !synced)
        return synced;
    return fileSystem.syncDirectory(folderOf(path));
}

std::string folderOf(const std::string &path)
{
    const auto slash = path.find_last_of('/');
    if (slash == std::string::npos)
        return ".";
    return slash == 0 ? "/" : path.substr(0, slash);
}

Result<QuietConnection> openQuietly(FileSystem &fileSystem, const std::string &path)
{
    const auto log = sizeOf(fileSystem, path + "-wal");
    if (!log)
        return fail(log.error());
    QuietConnection quiet;
    const bool hasSharedMemory = fileSystem.exists(path + "-shm");
    const bool immutable = *log == 0 && !hasSharedMemory;
    auto database = Database::open(path, immutable ? Database::Mode::Immutable : Database::Mode::ReadOnly,
                                   fileSystem.sqliteVfs());
    if (!database)
        return fail(database.error());
    quiet.database = std::move(*database);
    quiet.madeSharedMemory = !immutable && !hasSharedMemory;
    sqlite3_db_config(quiet.database.handle(), SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, nullptr);
    if (auto prepared = prepareReader(quiet.database); !prepared)
        return fail(prepared.error());
    return quiet;
}

} // namespace commander
