// SPDX-License-Identifier: GPL-3.0-or-later
#include <commander/clock.h>
#include <commander/file_system.h>

#include <QDateTime>
#include <QProcess>
#include <QStandardPaths>
#include <QTemporaryDir>
#include <QTest>

#include <algorithm>
#include <csignal>
#include <set>
#include <sys/wait.h>
#include <thread>
#include <unistd.h>

using namespace commander;

namespace {

std::span<const std::uint8_t> bytesOf(std::string_view text)
{
    return {reinterpret_cast<const std::uint8_t *>(text.data()), text.size()};
}

std::string readText(File &file, std::uint64_t offset, std::size_t max)
{
    std::string text(max, '\0');
    const auto count = file.readAt(offset, {reinterpret_cast<std::uint8_t *>(text.data()), text.size()});
    text.resize(count.value());
    return text;
}

} // namespace

class TestPlatform : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void init()
    {
        m_directory = std::make_unique<QTemporaryDir>();
        QVERIFY(m_directory->isValid());
    }

    void clockTellsTheTime()
    {
        const SystemClock clock;
        const qint64 before = QDateTime::currentMSecsSinceEpoch();
        const std::int64_t millis = clock.now().micros / 1000;
        const qint64 after = QDateTime::currentMSecsSinceEpoch();
        QVERIFY(before <= millis && millis <= after);
        const auto earlier = clock.steady();
        QVERIFY(clock.steady() >= earlier);
    }

    void randomBytesDiffer()
    {
        SystemRandom random;
        std::set<std::vector<std::uint8_t>> seen;
        for (int i = 0; i < 2000; ++i) { // refills the buffer several times
            std::vector<std::uint8_t> bytes(16);
            random.fill(bytes);
            QVERIFY(seen.insert(bytes).second);
        }
        std::vector<std::uint8_t> large(100'000);
        random.fill(large);
        std::array<int, 256> count{};
        for (const std::uint8_t byte : large)
            ++count[byte];
        // Expected 390 each; 200 is ten standard deviations away.
        QVERIFY(std::all_of(count.begin(), count.end(), [](int n) { return n > 200 && n < 600; }));
        random.fill({});
    }

    void randomBytesDifferBetweenThreads()
    {
        SystemRandom random;
        std::array<std::uint8_t, 32> here{};
        std::array<std::uint8_t, 32> there{};
        random.fill(here);
        std::jthread([&] { random.fill(there); }).join();
        QVERIFY(here != there);
    }

    void filesKeepWhatIsWritten()
    {
        SystemFileSystem files;
        const std::string name = path("file");
        QVERIFY(!files.exists(name));
        {
            auto file = files.open(name, FileSystem::OpenMode::ReadWriteCreate);
            QVERIFY(file);
            QVERIFY((*file)->writeAt(0, bytesOf("hello")));
            QVERIFY((*file)->writeAt(10, bytesOf("world")));
            QVERIFY((*file)->writeAt(0, {}));
            QVERIFY((*file)->sync());
        }
        QVERIFY(files.syncDirectory(m_directory->path().toStdString()));
        QVERIFY(files.exists(name));
        auto file = files.open(name, FileSystem::OpenMode::ReadOnly);
        QVERIFY(file);
        QCOMPARE(readText(**file, 0, 100), std::string("hello\0\0\0\0\0world", 15));
        QCOMPARE(readText(**file, 10, 3), std::string("wor"));
        QCOMPARE(readText(**file, 15, 3), std::string());
        QCOMPARE(readText(**file, 1000, 3), std::string());
        const auto written = (*file)->writeAt(0, bytesOf("x"));
        QVERIFY(!written);
        QCOMPARE(written.error().code, ErrorCode::IoError);
        QCOMPARE(written.error().where, name);
    }

    void newFilesArePrivate()
    {
        SystemFileSystem files;
        QVERIFY(files.open(path("private"), FileSystem::OpenMode::ReadWriteCreate));
        const QFile::Permissions others = QFile::ReadGroup | QFile::WriteGroup | QFile::ReadOther | QFile::WriteOther;
        QVERIFY(!(QFile::permissions(m_directory->filePath(QStringLiteral("private"))) & others));
    }

    void missingFilesAreNotFound()
    {
        SystemFileSystem files;
        const auto file = files.open(path("missing"), FileSystem::OpenMode::ReadOnly);
        QVERIFY(!file);
        QCOMPARE(file.error().code, ErrorCode::NotFound);
        QCOMPARE(file.error().where, path("missing"));
        QVERIFY(!file.error().remedy.empty());
        QVERIFY(files.remove(path("missing")));
        QCOMPARE(files.open(path("no/file"), FileSystem::OpenMode::ReadWriteCreate).error().code, ErrorCode::NotFound);
        QCOMPARE(files.syncDirectory(path("no")).error().code, ErrorCode::NotFound);
    }

    void foldersAreCreatedAndFilesRemoved()
    {
        SystemFileSystem files;
        QVERIFY(files.createDirectories(path("a/b/c")));
        QVERIFY(files.createDirectories(path("a/b/c")));
        QVERIFY(files.open(path("a/b/c/file"), FileSystem::OpenMode::ReadWriteCreate));
        QVERIFY(files.remove(path("a/b/c/file")));
        QVERIFY(!files.exists(path("a/b/c/file")));
        QVERIFY(!files.remove(path("a/b")));
        QVERIFY(!files.createDirectories("/dev/null/x"));
    }

    void fullDisksAreToldApart()
    {
        SystemFileSystem files;
        auto file = files.open("/dev/full", FileSystem::OpenMode::ReadWriteCreate);
        QVERIFY2(file, "no /dev/full here");
        const auto written = (*file)->writeAt(0, bytesOf("x"));
        QVERIFY(!written);
        QCOMPARE(written.error().code, ErrorCode::DiskFull);
    }

    void secondOwnerIsRefusedAndToldWho()
    {
        SystemFileSystem files;
        auto first = files.lock(path("ledger.lock"), "pid 123 (commander) since noon");
        QVERIFY(first);
        const auto second = files.lock(path("ledger.lock"), "pid 456");
        QVERIFY(!second);
        QCOMPARE(second.error().code, ErrorCode::LedgerLocked);
        QCOMPARE(second.error().where, std::string("pid 123 (commander) since noon"));
        QVERIFY(!second.error().remedy.empty());

        first->reset();
        const auto third = files.lock(path("ledger.lock"), "pid 456");
        QVERIFY(third);
        QCOMPARE(files.lock(path("ledger.lock"), "x").error().where, std::string("pid 456"));
    }

    void shorterTextReplacesALongerOne()
    {
        SystemFileSystem files;
        {
            QFile left(m_directory->filePath(QStringLiteral("lock")));
            QVERIFY(left.open(QIODevice::WriteOnly));
            left.write("a long text from an owner that was killed\n");
        }
        const auto lock = files.lock(path("lock"), "short\x1b[31m");
        QVERIFY(lock);
        QCOMPARE(files.lock(path("lock"), "x").error().where, std::string("short?[31m"));
    }

    void oneOfManyThreadsWins()
    {
        SystemFileSystem files;
        std::atomic<int> won = 0;
        std::mutex mutex;
        std::vector<std::unique_ptr<FileLock>> held;
        {
            std::vector<std::jthread> threads;
            for (int i = 0; i < 8; ++i) {
                threads.emplace_back([&] {
                    auto lock = files.lock(path("race.lock"), "somebody");
                    if (!lock)
                        return;
                    ++won;
                    const std::scoped_lock guard(mutex);
                    held.push_back(std::move(*lock));
                });
            }
        }
        QCOMPARE(won.load(), 1);
    }

    void deathOfTheOwnerFreesTheLock()
    {
        int ready[2] = {-1, -1};
        QCOMPARE(::pipe(ready), 0);
        const std::string lockPath = path("killed.lock");
        const pid_t child = ::fork();
        if (child == 0) {
            SystemFileSystem files;
            const auto lock = files.lock(lockPath, "the child");
            const char byte = lock ? 'y' : 'n';
            if (::write(ready[1], &byte, 1) == 1)
                ::pause();
            ::_exit(1);
        }
        char byte = 0;
        QCOMPARE(::read(ready[0], &byte, 1), ssize_t(1));
        QCOMPARE(byte, 'y');
        SystemFileSystem files;
        const auto refused = files.lock(lockPath, "the parent");
        QVERIFY(!refused);
        QCOMPARE(refused.error().where, std::string("the child"));
        QCOMPARE(::kill(child, SIGKILL), 0);
        QCOMPARE(::waitpid(child, nullptr, 0), child);
        QVERIFY(files.lock(lockPath, "the parent"));
        ::close(ready[0]);
        ::close(ready[1]);
    }

private:
    std::string path(const char *name) const { return m_directory->filePath(QString::fromLatin1(name)).toStdString(); }

    std::unique_ptr<QTemporaryDir> m_directory;
};

QTEST_GUILESS_MAIN(TestPlatform)
#include "tst_platform.moc"
