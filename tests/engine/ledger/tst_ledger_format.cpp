// SPDX-License-Identifier: GPL-3.0-or-later
#include "ledger/sqlite/head_file.h"
#include "support/result_macros.h"
#include "support/temporary_workspace.h"

#include <commander/record.h>

#include <QFile>
#include <QtTest>

#include <algorithm>

using namespace commander;

namespace {

constexpr std::size_t slotBytes = 512;

/// The real disk on a machine that does not tell which run it is.
class NamelessMachine final : public FileSystem {
public:
    [[nodiscard]] Result<std::unique_ptr<File>> open(const std::string &path, OpenMode mode) override
    {
        if (path.starts_with("/proc/"))
            return fail(ErrorCode::NotFound, "there is no such file", path);
        return m_real.open(path, mode);
    }
    [[nodiscard]] bool exists(const std::string &path) const override { return m_real.exists(path); }
    [[nodiscard]] Result<void> remove(const std::string &path) override { return m_real.remove(path); }
    [[nodiscard]] Result<void> createDirectories(const std::string &path) override
    {
        return m_real.createDirectories(path);
    }
    [[nodiscard]] Result<void> syncDirectory(const std::string &path) override { return m_real.syncDirectory(path); }
    [[nodiscard]] Result<std::unique_ptr<FileLock>> lock(const std::string &path, const std::string &holder) override
    {
        return m_real.lock(path, holder);
    }
    [[nodiscard]] std::string sqliteVfs() const override { return {}; }

private:
    SystemFileSystem m_real;
};

Hash256 hashFromHex(std::string_view text)
{
    Hash256 hash{};
    const auto bytes = QByteArray::fromHex(QByteArray(text.data(), static_cast<qsizetype>(text.size())));
    std::copy(bytes.begin(), bytes.end(), reinterpret_cast<char *>(hash.data()));
    return hash;
}

} // namespace

/// The bytes that engine/docs/ledger-format.md promises, where no record is concerned.
class LedgerFormatTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void headSlotIsAsWrittenDown()
    {
        const TemporaryWorkspace workspace;
        NamelessMachine files;
        const auto id = *Uuid::parse("33bb75db-6e13-48ee-8a54-b3976d3d065b");
        auto head = HeadFile::open(files, workspace.ledger(), id, 6, Durability::Full);
        QVERIFY_RESULT(head);
        QVERIFY_RESULT(
            head->write({Position{3}, hashFromHex("5e56bc1da5c70caa3570fc3559b71b97a9d490040cd73c4cf5d67b788c9273e8"),
                         Timestamp{1463754808904000}}));
        QFile file(QString::fromStdString(HeadFile::pathOf(workspace.ledger())));
        QVERIFY(file.open(QIODevice::ReadOnly));
        const auto bytes = file.readAll().toStdString();
        QCOMPARE(bytes.size(), 2 * slotBytes);
        QVERIFY(std::ranges::all_of(bytes.substr(0, slotBytes), [](char byte) { return byte == 0; }));
        const auto slot = bytes.substr(slotBytes); // generation 7 is odd
        QCOMPARE(toHex(sha256(slot)), std::string("78e25036cfaa4b2b1ef0c257b5cfeb7d7e94f1aaa9d24361151d344fe83a5a9e"));
        QCOMPARE(toHex(hashFromHex(QByteArray::fromStdString(slot.substr(480)).toHex().toStdString())),
                 std::string("43599042776c1a9ae2e15ac3d58f37662a8509b8ca68fd25b4f9cb310ff80c18"));
    }
};

QTEST_GUILESS_MAIN(LedgerFormatTest)
#include "tst_ledger_format.moc"
