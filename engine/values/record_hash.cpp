// SPDX-License-Identifier: GPL-3.0-or-later
#include <commander/record.h>

#include "values/digest.h"

namespace commander {

namespace {

// First byte of everything that is hashed, so that bytes of one kind can never pass for another kind's.
constexpr std::uint8_t leafPrefix = 0x00; // 0x01 is kept for the inner nodes of a Merkle tree over the same leaves
constexpr std::uint8_t chainPrefix = 0x02;
constexpr std::uint8_t payloadPrefix = 0x10;

/// The canonical bytes of a record: big-endian numbers, texts with their length in front.
class Bytes {
public:
    explicit Bytes(std::string &to) : m_to(to) { m_to.clear(); }

    template <class T> void number(T value)
    {
        for (int shift = static_cast<int>(sizeof value) * 8 - 8; shift >= 0; shift -= 8)
            m_to.push_back(static_cast<char>(static_cast<std::uint64_t>(value) >> shift));
    }
    template <std::size_t N> void raw(const std::array<std::uint8_t, N> &bytes)
    {
        m_to.append(reinterpret_cast<const char *>(bytes.data()), N);
    }
    void text(std::string_view text)
    {
        number(static_cast<std::uint32_t>(text.size()));
        m_to.append(text);
    }

private:
    std::string &m_to;
};

Hash256 payloadCommit(const Record &record)
{
    Hash256 hash{};
    Digest(DigestKind::Sha256)
        .add(std::span(&payloadPrefix, 1))
        .add(record.salt)
        .add(std::string_view(record.data))
        .finish(hash);
    return hash;
}

} // namespace

Hash256 recordLeaf(const Record &record)
{
    // engine/docs/ledger-format.md: these bytes are frozen.
    thread_local std::string buffer;
    Bytes bytes(buffer);
    bytes.number(leafPrefix);
    buffer += "CMDR1";
    bytes.number(static_cast<std::uint8_t>(record.kind));
    bytes.number(record.position.value);
    bytes.number(record.recordedAt.micros);
    bytes.number(static_cast<std::uint8_t>(record.timestamp ? 1 : 0));
    bytes.number(record.timestamp ? record.timestamp->micros : std::int64_t{0});
    bytes.raw(record.id.bytes);
    bytes.raw(record.parent.bytes);
    bytes.raw(record.correlation.bytes);
    bytes.text(record.topic);
    bytes.number(record.partition);
    bytes.number(record.offset.value);
    bytes.text(record.key);
    bytes.text(record.action);
    bytes.number(record.schemaVersion);
    bytes.number(record.depth);
    bytes.text(record.actor);
    bytes.raw(record.domainVersion);
    bytes.text(record.headers);
    bytes.raw(payloadCommit(record));
    return sha256(buffer);
}

Hash256 chainNext(const Hash256 &previous, const Hash256 &leaf)
{
    std::array<std::uint8_t, 1 + 32 + 32> bytes{chainPrefix};
    std::memcpy(bytes.data() + 1, previous.data(), previous.size());
    std::memcpy(bytes.data() + 33, leaf.data(), leaf.size());
    Hash256 hash{};
    Digest(DigestKind::Sha256).add(bytes).finish(hash);
    return hash;
}

Hash256 sha256(std::string_view bytes)
{
    Hash256 hash{};
    Digest(DigestKind::Sha256).add(bytes).finish(hash);
    return hash;
}

} // namespace commander
