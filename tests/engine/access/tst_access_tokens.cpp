// SPDX-License-Identifier: GPL-3.0-or-later
#include "support/manual_clock.h"
#include "support/result_macros.h"
#include "support/seeded_random.h"
#include "support/temporary_workspace.h"

#include <commander/access.h>
#include <commander/file_system.h>

#include <QFile>
#include <QFileInfo>
#include <QRandomGenerator>
#include <QTest>

using namespace commander;

namespace {

/// Durability is not what these tests are about, and it would take most of their time.
class UnsyncedFile final : public File {
public:
    explicit UnsyncedFile(std::unique_ptr<File> real) : m_real(std::move(real)) { }
    Result<std::size_t> readAt(std::uint64_t offset, std::span<std::uint8_t> bytes) override
    {
        return m_real->readAt(offset, bytes);
    }
    Result<void> writeAt(std::uint64_t offset, std::span<const std::uint8_t> bytes) override
    {
        return m_real->writeAt(offset, bytes);
    }
    Result<void> sync() override { return {}; }

private:
    std::unique_ptr<File> m_real;
};

/// Counts what is asked of the disk, and can refuse to write.
class WatchedFiles final : public FileSystem {
public:
    std::size_t opened = 0;
    bool full = false;

    Result<std::unique_ptr<File>> open(const std::string &path, OpenMode mode) override
    {
        ++opened;
        if (full && mode == OpenMode::ReadWriteCreate)
            return fail(ErrorCode::DiskFull, "no space left", path);
        auto file = m_real.open(path, mode);
        if (!file)
            return fail(file.error());
        return std::make_unique<UnsyncedFile>(std::move(*file));
    }
    bool exists(const std::string &path) const override { return m_real.exists(path); }
    Result<void> remove(const std::string &path) override { return m_real.remove(path); }
    Result<void> createDirectories(const std::string &path) override { return m_real.createDirectories(path); }
    Result<void> syncDirectory(const std::string &) override { return {}; }
    Result<std::unique_ptr<FileLock>> lock(const std::string &path, const std::string &holder) override
    {
        return m_real.lock(path, holder);
    }
    std::string sqliteVfs() const override { return {}; }

private:
    SystemFileSystem m_real;
};

QByteArray contentOf(const std::string &path)
{
    QFile file(QString::fromStdString(path));
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

void writeAll(const std::string &path, const QByteArray &bytes)
{
    QFile file(QString::fromStdString(path));
    QVERIFY(file.open(QIODevice::WriteOnly | QIODevice::Truncate));
    QCOMPARE(file.write(bytes), bytes.size());
}

class AccessTokensTest : public QObject {
    Q_OBJECT

private:
    struct World {
        TemporaryWorkspace workspace;
        WatchedFiles files;
        ManualClock clock;
        SeededRandom random{20160520};
        std::string path = AccessTokens::pathFor(workspace.ledger());
        [[nodiscard]] std::shared_ptr<AccessTokens> open() { return AccessTokens::open(path, files, clock, random); }
    };

private Q_SLOTS:
    void aTokenOpensTheDoorToItsHolderOnly()
    {
        World world;
        const auto tokens = world.open();
        QVERIFY(!tokens->isClosed());
        QVERIFY(!tokens->identify("anything"));
        const auto made = tokens->create({"ci", {AccessRole::Read, AccessRole::Submit}, {}});
        QVERIFY_RESULT(made);
        QCOMPARE(made->secret.size(), std::size_t{5 + 64});
        QVERIFY(made->secret.starts_with("cmdr_"));
        QVERIFY(tokens->isClosed());

        const auto holder = tokens->identify(made->secret);
        QVERIFY(holder);
        QVERIFY(*holder == made->token);
        QVERIFY(holder->roles.has(AccessRole::Submit));
        QVERIFY(!holder->roles.has(AccessRole::Operate));
        for (const auto *wrong : {"", "cmdr_", "ci"})
            QVERIFY(!tokens->identify(wrong));
        auto almost = made->secret;
        almost.back() = almost.back() == '0' ? '1' : '0';
        QVERIFY(!tokens->identify(almost));
        QVERIFY(!tokens->identify(made->secret + "0"));

        const auto other = tokens->create({"other", AccessRoles::all(), {}});
        QVERIFY_RESULT(other);
        QVERIFY(other->secret != made->secret);
    }

    void theFileIsPrivateAndKeepsNoSecret()
    {
        World world;
        const auto made = world.open()->create({"ci", {AccessRole::Read}, {}});
        QVERIFY_RESULT(made);
        const auto others = QFileDevice::ReadGroup | QFileDevice::WriteGroup | QFileDevice::ExeGroup
            | QFileDevice::ReadOther | QFileDevice::WriteOther | QFileDevice::ExeOther | QFileDevice::ExeOwner;
        QCOMPARE(QFileInfo(QString::fromStdString(world.path)).permissions() & others, QFileDevice::Permissions());
        const auto content = contentOf(world.path);
        QVERIFY(content.contains("\"token\":\"ci\""));
        QVERIFY(!content.contains(made->secret.substr(5, 16).c_str()));
    }

    void theyAreThereAgainAfterwards()
    {
        World world;
        const auto made = world.open()->create({"ci", {AccessRole::Audit}, Timestamp{1'500'000'000'123'456}});
        QVERIFY_RESULT(made);
        const auto tokens = world.open();
        QVERIFY(tokens->isClosed());
        const auto list = tokens->list();
        QVERIFY_RESULT(list);
        QCOMPARE(list->size(), std::size_t{1});
        QVERIFY(list->front() == made->token);
        QVERIFY(tokens->identify(made->secret));
        QVERIFY(tokens->isValid(made->token));
    }

    void whatAnotherProcessDoesIsSeen()
    {
        World world;
        const auto server = world.open();
        QVERIFY(!server->isClosed());
        const auto other = world.open();
        const auto made = other->create({"ci", {AccessRole::Read}, {}});
        QVERIFY_RESULT(made);
        QVERIFY(server->identify(made->secret)); // at once
        QVERIFY(server->isClosed());
        QVERIFY_RESULT(other->revoke("ci"));
        world.clock.advance(std::chrono::milliseconds(500));
        QVERIFY(!server->identify(made->secret));
        QVERIFY(!server->isValid(made->token));
        QVERIFY(server->isClosed()); // nobody left is not everybody
    }

    void aHolderCostsNoLookAtTheDisk()
    {
        World world;
        const auto tokens = world.open();
        const auto made = tokens->create({"ci", {AccessRole::Read}, {}});
        QVERIFY_RESULT(made);
        const auto before = world.files.opened;
        for (int i = 0; i < 1000; ++i)
            QVERIFY(tokens->identify(made->secret));
        QCOMPARE(world.files.opened, before);
        world.clock.advance(std::chrono::milliseconds(500));
        QVERIFY(tokens->identify(made->secret));
        QCOMPARE(world.files.opened, before + 1);
    }

    void expiry()
    {
        World world;
        const auto tokens = world.open();
        const Timestamp end{world.clock.now().micros + 60'000'000};
        const auto made = tokens->create({"short", {AccessRole::Read}, end});
        QVERIFY_RESULT(made);
        QVERIFY(tokens->identify(made->secret));
        world.clock.advance(std::chrono::seconds(59));
        QVERIFY(tokens->identify(made->secret));
        world.clock.advance(std::chrono::seconds(1));
        QVERIFY(!tokens->identify(made->secret));
        QVERIFY(!tokens->isValid(made->token));
        QCOMPARE(tokens->list().value().size(), std::size_t{1}); // still to be seen
        QCOMPARE_ERROR(tokens->create({"late", {AccessRole::Read}, end}), ErrorCode::InvalidArgument);
    }

    void oneNameOneToken()
    {
        World world;
        const auto tokens = world.open();
        const auto first = tokens->create({"ci", {AccessRole::Read}, {}});
        QVERIFY_RESULT(first);
        QCOMPARE_ERROR(tokens->create({"ci", {AccessRole::Submit}, {}}), ErrorCode::Conflict);
        QVERIFY_RESULT(tokens->revoke("ci"));
        QCOMPARE_ERROR(tokens->revoke("ci"), ErrorCode::NotFound);
        world.clock.advance(std::chrono::seconds(1));
        const auto second = tokens->create({"ci", {AccessRole::Submit}, {}});
        QVERIFY_RESULT(second);
        QVERIFY(!tokens->identify(first->secret));
        QVERIFY(!tokens->isValid(first->token)); // of the same name, but another
        QVERIFY(tokens->identify(second->secret)->roles == AccessRoles{AccessRole::Submit});
    }

    void names_data()
    {
        QTest::addColumn<QString>("name");
        for (const auto *name :
             {"", "a b", "reaction:x", "domain:bank", "console", "api", "engine", "gateway", "a/b", "a\nb", "\xc3\xa4"})
            QTest::newRow(name) << QString::fromUtf8(name);
        QTest::newRow("65 letters") << QString(65, u'a');
    }
    void names()
    {
        QFETCH(QString, name);
        World world;
        QCOMPARE_ERROR(world.open()->create({name.toStdString(), {AccessRole::Read}, {}}), ErrorCode::InvalidArgument);
    }

    void roles()
    {
        QVERIFY(AccessRoles::parse("all").value() == AccessRoles::all());
        QVERIFY(AccessRoles::parse("audit,read").value().text() == "read,audit");
        for (const auto *wrong : {"", "read,", "admin", "Read", "read, submit"})
            QCOMPARE_ERROR(AccessRoles::parse(wrong), ErrorCode::InvalidArgument);
        QVERIFY(AccessRoles::all().covers({AccessRole::Read}));
        QVERIFY(!AccessRoles{AccessRole::Read}.covers({AccessRole::Read, AccessRole::Audit}));
        World world;
        QCOMPARE_ERROR(world.open()->create({"none", {}, {}}), ErrorCode::InvalidArgument);
    }

    void oneForThisRunIsInNoFile()
    {
        World world;
        const auto tokens = world.open();
        const auto made = tokens->create({"serve", AccessRoles::all(), {}, true});
        QVERIFY_RESULT(made);
        QVERIFY(tokens->isClosed());
        QVERIFY(tokens->identify(made->secret));
        QVERIFY(!QFile::exists(QString::fromStdString(world.path)));
        QVERIFY(!world.open()->isClosed());
        QVERIFY_RESULT(tokens->revoke("serve"));
        QVERIFY(!tokens->identify(made->secret));
        QVERIFY(tokens->isClosed());
    }

    void aFullDiskMakesNoToken()
    {
        World world;
        const auto tokens = world.open();
        const auto made = tokens->create({"ci", {AccessRole::Read}, {}});
        QVERIFY_RESULT(made);
        world.files.full = true;
        QCOMPARE_ERROR(tokens->create({"more", {AccessRole::Read}, {}}), ErrorCode::DiskFull);
        QCOMPARE_ERROR(tokens->revoke("ci"), ErrorCode::DiskFull);
        QVERIFY(tokens->identify(made->secret)); // it was not revoked, and nobody was told so
        world.files.full = false;
        QVERIFY_RESULT(tokens->create({"more", {AccessRole::Read}, {}}));
    }

    void aCrashAtAnyByteCostsTheLastLineAtMost()
    {
        World world;
        const auto tokens = world.open();
        const auto kept = tokens->create({"kept", {AccessRole::Read}, {}});
        QVERIFY_RESULT(kept);
        const auto before = contentOf(world.path);
        const auto lost = tokens->create({"lost", AccessRoles::all(), Timestamp{1'900'000'000'000'000}});
        QVERIFY_RESULT(lost);
        const auto after = contentOf(world.path);
        for (auto end = before.size(); end < after.size(); ++end) {
            writeAll(world.path, after.left(end));
            const auto again = world.open();
            QVERIFY(again->identify(kept->secret));
            QVERIFY(!again->identify(lost->secret));
            // A shorter line than the torn one has to cover it.
            const auto next = again->create({"n", {AccessRole::Read}, {}});
            QVERIFY_RESULT(next);
            const auto reopened = world.open();
            QVERIFY(reopened->identify(kept->secret));
            QVERIFY(reopened->identify(next->secret));
            QCOMPARE(reopened->list().value().size(), std::size_t{2});
        }
    }

    void aChangedByteLetsNobodyIn()
    {
        const auto seed = QRandomGenerator::global()->generate();
        qInfo("seed %u", seed);
        SeededRandom chance(seed);
        World world;
        const auto tokens = world.open();
        const auto reader = tokens->create({"reader", {AccessRole::Read}, {}});
        QVERIFY_RESULT(reader);
        QVERIFY_RESULT(tokens->create({"other", {AccessRole::Read}, {}}));
        const auto good = contentOf(world.path);
        for (int i = 0; i < 500; ++i) {
            auto bad = good;
            const auto at = static_cast<qsizetype>(chance.below(static_cast<std::uint64_t>(bad.size())));
            bad[at] = static_cast<char>(bad[at] ^ (1 << chance.below(8)));
            writeAll(world.path, bad);
            const auto again = world.open();
            QVERIFY(again->isClosed()); // never the open door
            const auto holder = again->identify(reader->secret);
            QVERIFY(!holder || holder->roles == AccessRoles{AccessRole::Read});
            if (at < good.size() - 1) { // without the last line break, the last line is one that a crash cut off
                QVERIFY(!holder);
                QCOMPARE_ERROR(again->list(), ErrorCode::LedgerDamaged);
                QCOMPARE_ERROR(again->create({"new", {AccessRole::Read}, {}}), ErrorCode::LedgerDamaged);
            }
        }
    }

    void aRevocationIsNotUndoneByARottenByte()
    {
        World world;
        const auto tokens = world.open();
        const auto made = tokens->create({"ci", {AccessRole::Read}, {}});
        QVERIFY_RESULT(made);
        const auto begin = contentOf(world.path).size();
        QVERIFY_RESULT(tokens->revoke("ci"));
        const auto good = contentOf(world.path);
        for (auto at = begin; at < good.size() - 1; ++at) {
            auto bad = good;
            bad[at] = static_cast<char>(bad[at] ^ 1);
            writeAll(world.path, bad);
            QVERIFY(!world.open()->identify(made->secret));
        }
    }

    void twoWritersDoNotMix()
    {
        World world;
        SystemFileSystem files;
        const auto lock = files.lock(world.path + ".lock", "other");
        QVERIFY_RESULT(lock);
        QCOMPARE_ERROR(world.open()->create({"ci", {AccessRole::Read}, {}}), ErrorCode::Busy);
    }
};

} // namespace

QTEST_GUILESS_MAIN(AccessTokensTest)
#include "tst_access_tokens.moc"
