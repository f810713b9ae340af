// SPDX-License-Identifier: GPL-3.0-or-later
#include "ledger/sqlite/head_file.h"

#include "ledger/sqlite/ledger_file.h"
#include "values/sabotage.h"

#include <algorithm>
#include <cstring>
#include <span>

namespace commander {

namespace {

constexpr std::size_t slotBytes = 512;
constexpr std::size_t checkedBytes = slotBytes - sizeof(Hash256);
constexpr std::string_view magic = "CMDRHEAD";
constexpr std::uint32_t slotFormat = 1;
constexpr std::uint32_t syncedFlag = 1;

using Slot = std::array<std::uint8_t, slotBytes>;

class SlotWriter {
public:
    explicit SlotWriter(Slot &slot) : m_at(slot.data()) { }
    void number(std::uint64_t value, int bytes)
    {
        for (int shift = bytes * 8 - 8; shift >= 0; shift -= 8)
            *m_at++ = static_cast<std::uint8_t>(value >> shift);
    }
    void raw(const void *from, std::size_t count)
    {
        std::memcpy(m_at, from, count);
        m_at += count;
    }

private:
    std::uint8_t *m_at;
};

class SlotReader {
public:
    explicit SlotReader(const std::uint8_t *slot) : m_at(slot) { }
    std::uint64_t number(int bytes)
    {
        std::uint64_t value = 0;
        for (int i = 0; i < bytes; ++i)
            value = value << 8 | *m_at++;
        return value;
    }
    void raw(void *to, std::size_t count)
    {
        std::memcpy(to, m_at, count);
        m_at += count;
    }

private:
    const std::uint8_t *m_at;
};

Hash256 checksum(const std::uint8_t *slot)
{
    return sha256({reinterpret_cast<const char *>(slot), checkedBytes});
}

void encode(const HeadPromise &promise, Slot &slot)
{
    slot.fill(0);
    SlotWriter to(slot);
    to.raw(magic.data(), magic.size());
    to.number(slotFormat, 4);
    to.number(promise.synced ? syncedFlag : 0, 4);
    to.number(promise.generation, 8);
    to.number(promise.head.position.value, 8);
    to.number(static_cast<std::uint64_t>(promise.head.recordedAt.micros), 8);
    to.raw(promise.ledgerId.bytes.data(), promise.ledgerId.bytes.size());
    to.raw(promise.head.chain.data(), promise.head.chain.size());
    to.raw(promise.boot.data(), promise.boot.size());
    const auto sum = checksum(slot.data());
    std::memcpy(slot.data() + checkedBytes, sum.data(), sum.size());
}

std::optional<HeadPromise> decode(const std::uint8_t *slot)
{
    if (std::memcmp(slot, magic.data(), magic.size()) != 0)
        return std::nullopt;
    const auto sum = checksum(slot);
    if (std::memcmp(slot + checkedBytes, sum.data(), sum.size()) != 0)
        return std::nullopt;
    SlotReader from(slot + magic.size());
    if (from.number(4) != slotFormat)
        return std::nullopt;
    HeadPromise promise;
    promise.synced = (from.number(4) & syncedFlag) != 0;
    promise.generation = from.number(8);
    promise.head.position = {from.number(8)};
    promise.head.recordedAt = {static_cast<std::int64_t>(from.number(8))};
    from.raw(promise.ledgerId.bytes.data(), promise.ledgerId.bytes.size());
    from.raw(promise.head.chain.data(), promise.head.chain.size());
    from.raw(promise.boot.data(), promise.boot.size());
    return promise;
}

} // namespace

Result<HeadReading> HeadFile::read(FileSystem &fileSystem, const std::string &ledgerPath)
{
    const auto path = pathOf(ledgerPath);
    if (!fileSystem.exists(path))
        return HeadReading{};
    auto file = fileSystem.open(path, FileSystem::OpenMode::ReadOnly);
    if (!file)
        return fail(file.error());
    HeadReading reading;
    // A writer may be at one slot while we read; the other one is whole then, and the next attempt sees both.
    for (int attempt = 0; attempt < 3 && !reading.promise; ++attempt) {
        std::array<std::uint8_t, 2 * slotBytes> bytes{};
        const auto count = (*file)->readAt(0, bytes);
        if (!count)
            return fail(count.error());
        // The first slot is the second to be written: while it is blank there was never more than the head of an empty
        // ledger, perhaps torn while the ledger was made.
        const auto firstSlot = std::span(bytes).first(slotBytes);
        reading.present = std::any_of(firstSlot.begin(), firstSlot.end(), [](std::uint8_t byte) { return byte != 0; });
        for (const std::size_t at : {std::size_t{0}, slotBytes}) {
            auto promise = decode(bytes.data() + at);
            if (promise && (!reading.promise || promise->generation > reading.promise->generation))
                reading.promise = promise;
        }
    }
    return reading;
}

Result<HeadFile> HeadFile::open(FileSystem &fileSystem, const std::string &ledgerPath, const Uuid &ledgerId,
                                std::uint64_t generation, Durability durability)
{
    const auto path = pathOf(ledgerPath);
    const bool isNew = !fileSystem.exists(path);
    auto file = fileSystem.open(path, FileSystem::OpenMode::ReadWriteCreate);
    if (!file)
        return fail(file.error());
    if (isNew) {
        if (auto synced = fileSystem.syncDirectory(folderOf(path)); !synced)
            return fail(synced.error());
    }
    HeadFile head;
    head.m_file = std::move(*file);
    head.m_last.generation = generation;
    head.m_last.ledgerId = ledgerId;
    head.m_last.synced = durability == Durability::Full;
    head.m_last.boot = bootIdentity(fileSystem);
    return head;
}

Result<void> HeadFile::write(const LedgerHead &head)
{
    if (sabotaged(Saboteur::HeadFileNotWritten))
        return {};
    ++m_last.generation;
    m_last.head = head;
    Slot slot{};
    encode(m_last, slot);
    const auto at = (m_last.generation % 2) * slotBytes;
    if (auto written = m_file->writeAt(at, slot); !written)
        return written;
    if (!m_last.synced || sabotaged(Saboteur::HeadFileNotSynced))
        return {};
    return m_file->sync();
}

std::array<std::uint8_t, 16> bootIdentity(FileSystem &fileSystem)
{
    std::array<std::uint8_t, 16> identity{};
    auto file = fileSystem.open("/proc/sys/kernel/random/boot_id", FileSystem::OpenMode::ReadOnly);
    if (!file)
        return identity; // not every platform tells; then a lost tail always counts as damage
    std::array<std::uint8_t, 36> text{};
    const auto count = (*file)->readAt(0, text);
    if (!count || *count != text.size())
        return identity;
    if (const auto id = Uuid::parse({reinterpret_cast<const char *>(text.data()), text.size()}))
        identity = id->bytes;
    return identity;
}

} // namespace commander
