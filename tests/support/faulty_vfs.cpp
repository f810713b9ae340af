// SPDX-License-Identifier: GPL-3.0-or-later
#include "support/faulty_vfs.h"

#include <sqlite3.h>
#include <unistd.h>

namespace commander {

void FaultPlan::failAt(std::uint64_t k, Fault fault, bool lasting)
{
    const std::scoped_lock lock(m_mutex);
    m_count = 0;
    m_at = k;
    m_fault = fault;
    m_lasting = lasting;
    m_struck = m_struckSync = false;
}

void FaultPlan::exitAt(std::uint64_t k, int exitCode)
{
    const std::scoped_lock lock(m_mutex);
    m_count = 0;
    m_exitAt = k;
    m_exitCode = exitCode;
}

void FaultPlan::heal()
{
    const std::scoped_lock lock(m_mutex);
    m_at = 0;
}

std::optional<FaultPlan::Fault> FaultPlan::next(Operation operation, std::string_view path)
{
    if (m_watcher)
        m_watcher(operation, path);
    if (m_picks && !m_picks(path))
        return std::nullopt;
    const std::scoped_lock lock(m_mutex);
    ++m_count;
    if (m_count == m_exitAt)
        ::_exit(m_exitCode);
    if (m_at == 0 || !(m_lasting ? m_count >= m_at : m_count == m_at))
        return std::nullopt;
    m_struck = true;
    m_struckSync = m_struckSync || operation == Operation::Sync;
    return m_fault;
}

std::uint64_t FaultPlan::count() const
{
    const std::scoped_lock lock(m_mutex);
    return m_count;
}

bool FaultPlan::struck() const
{
    const std::scoped_lock lock(m_mutex);
    return m_struck;
}

bool FaultPlan::struckSync() const
{
    const std::scoped_lock lock(m_mutex);
    return m_struckSync;
}

namespace {

using Operation = FaultPlan::Operation;

/// What SQLite holds for an open file: our part, and behind it the real layer's.
struct FaultyFile {
    sqlite3_file base;
    FaultPlan *plan;
    const char *path; ///< SQLite keeps it as long as the file is open; null for a temporary one
    sqlite3_file *real;
};

FaultyFile *self(sqlite3_file *file)
{
    return reinterpret_cast<FaultyFile *>(file);
}

sqlite3_file *real(sqlite3_file *file)
{
    return self(file)->real;
}

/// SQLITE_OK, or what the plan wants: a full disk strikes writes and truncations, a sync fails as a sync.
int strike(sqlite3_file *file, Operation operation, int ioError)
{
    const auto *const path = self(file)->path;
    const auto fault = self(file)->plan->next(operation, path ? path : "");
    if (!fault)
        return SQLITE_OK;
    return *fault == FaultPlan::Fault::DiskFull && operation != Operation::Sync ? SQLITE_FULL : ioError;
}

const sqlite3_io_methods *faultyMethods()
{
    static const sqlite3_io_methods methods = [] {
        sqlite3_io_methods m = {};
        m.iVersion = 2; // without memory mapping, which would write past us
        m.xClose = [](sqlite3_file *f) { return real(f)->pMethods->xClose(real(f)); };
        m.xRead = [](sqlite3_file *f, void *to, int bytes, sqlite3_int64 at) {
            return real(f)->pMethods->xRead(real(f), to, bytes, at);
        };
        m.xWrite = [](sqlite3_file *f, const void *from, int bytes, sqlite3_int64 at) {
            if (const int code = strike(f, Operation::Write, SQLITE_IOERR_WRITE); code != SQLITE_OK)
                return code;
            return real(f)->pMethods->xWrite(real(f), from, bytes, at);
        };
        m.xTruncate = [](sqlite3_file *f, sqlite3_int64 size) {
            if (const int code = strike(f, Operation::Truncate, SQLITE_IOERR_TRUNCATE); code != SQLITE_OK)
                return code;
            return real(f)->pMethods->xTruncate(real(f), size);
        };
        m.xSync = [](sqlite3_file *f, int flags) {
            if (const int code = strike(f, Operation::Sync, SQLITE_IOERR_FSYNC); code != SQLITE_OK)
                return code;
            return real(f)->pMethods->xSync(real(f), flags);
        };
        m.xFileSize = [](sqlite3_file *f, sqlite3_int64 *size) { return real(f)->pMethods->xFileSize(real(f), size); };
        m.xLock = [](sqlite3_file *f, int level) { return real(f)->pMethods->xLock(real(f), level); };
        m.xUnlock = [](sqlite3_file *f, int level) { return real(f)->pMethods->xUnlock(real(f), level); };
        m.xCheckReservedLock
            = [](sqlite3_file *f, int *out) { return real(f)->pMethods->xCheckReservedLock(real(f), out); };
        m.xFileControl
            = [](sqlite3_file *f, int op, void *arg) { return real(f)->pMethods->xFileControl(real(f), op, arg); };
        m.xSectorSize = [](sqlite3_file *f) { return real(f)->pMethods->xSectorSize(real(f)); };
        m.xDeviceCharacteristics = [](sqlite3_file *f) { return real(f)->pMethods->xDeviceCharacteristics(real(f)); };
        m.xShmMap = [](sqlite3_file *f, int page, int size, int extend, void volatile **out) {
            return real(f)->pMethods->xShmMap(real(f), page, size, extend, out);
        };
        m.xShmLock = [](sqlite3_file *f, int offset, int n, int flags) {
            return real(f)->pMethods->xShmLock(real(f), offset, n, flags);
        };
        m.xShmBarrier = [](sqlite3_file *f) { real(f)->pMethods->xShmBarrier(real(f)); };
        m.xShmUnmap = [](sqlite3_file *f, int remove) { return real(f)->pMethods->xShmUnmap(real(f), remove); };
        return m;
    }();
    return &methods;
}

std::atomic<int> registrations{0};

/// The small files beside the databases, with the same faults.
class FaultyRegularFile final : public File {
public:
    FaultyRegularFile(std::unique_ptr<File> file, FaultPlan &plan, std::string path)
        : m_file(std::move(file)), m_plan(plan), m_path(std::move(path))
    {
    }
    Result<std::size_t> readAt(std::uint64_t offset, std::span<std::uint8_t> bytes) override
    {
        return m_file->readAt(offset, bytes);
    }
    Result<void> writeAt(std::uint64_t offset, std::span<const std::uint8_t> bytes) override
    {
        if (const auto fault = m_plan.next(Operation::Write, m_path))
            return failed(*fault);
        return m_file->writeAt(offset, bytes);
    }
    Result<void> sync() override
    {
        if (m_plan.next(Operation::Sync, m_path))
            return failed(FaultPlan::Fault::IoError);
        return m_file->sync();
    }

private:
    static Result<void> failed(FaultPlan::Fault fault)
    {
        return fail(fault == FaultPlan::Fault::DiskFull ? ErrorCode::DiskFull : ErrorCode::IoError,
                    "an injected fault");
    }
    std::unique_ptr<File> m_file;
    FaultPlan &m_plan;
    const std::string m_path;
};

} // namespace

struct FaultyVfs::Registration {
    sqlite3_vfs vfs{};
    FaultPlan *plan = nullptr;
};

FaultyVfs::FaultyVfs(FaultPlan &plan)
    : m_name("commander-faulty-" + std::to_string(++registrations)), m_registration(std::make_unique<Registration>())
{
    sqlite3_vfs *const base = sqlite3_vfs_find(nullptr);
    m_registration->plan = &plan;
    auto &vfs = m_registration->vfs;
    vfs = *base; // what is not replaced below takes no notice of which layer it is called for
    vfs.pNext = nullptr;
    vfs.zName = m_name.c_str();
    vfs.pAppData = m_registration.get();
    vfs.szOsFile = static_cast<int>(sizeof(FaultyFile)) + base->szOsFile;
    vfs.xOpen = [](sqlite3_vfs *layer, const char *name, sqlite3_file *file, int flags, int *outFlags) {
        sqlite3_vfs *const below = sqlite3_vfs_find(nullptr);
        auto *const faulty = self(file);
        faulty->plan = static_cast<Registration *>(layer->pAppData)->plan;
        faulty->path = name;
        faulty->real = reinterpret_cast<sqlite3_file *>(faulty + 1);
        faulty->real->pMethods = nullptr;
        const int code = below->xOpen(below, name, faulty->real, flags, outFlags);
        faulty->base.pMethods = faulty->real->pMethods ? faultyMethods() : nullptr;
        return code;
    };
    vfs.xDelete = [](sqlite3_vfs *, const char *name, int sync) {
        sqlite3_vfs *const below = sqlite3_vfs_find(nullptr);
        return below->xDelete(below, name, sync);
    };
    vfs.xAccess = [](sqlite3_vfs *, const char *name, int flags, int *out) {
        sqlite3_vfs *const below = sqlite3_vfs_find(nullptr);
        return below->xAccess(below, name, flags, out);
    };
    vfs.xFullPathname = [](sqlite3_vfs *, const char *name, int bytes, char *out) {
        sqlite3_vfs *const below = sqlite3_vfs_find(nullptr);
        return below->xFullPathname(below, name, bytes, out);
    };
    sqlite3_vfs_register(&vfs, 0);
}

FaultyVfs::~FaultyVfs()
{
    sqlite3_vfs_unregister(&m_registration->vfs);
}

Result<std::unique_ptr<File>> FaultyFileSystem::open(const std::string &path, OpenMode mode)
{
    auto file = m_real.open(path, mode);
    if (!file)
        return fail(file.error());
    return std::make_unique<FaultyRegularFile>(std::move(*file), m_plan, path);
}

} // namespace commander
