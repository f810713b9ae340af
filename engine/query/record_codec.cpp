// SPDX-License-Identifier: GPL-3.0-or-later
#include "query/record_codec.h"

#include <algorithm>
#include <bit>
#include <concepts>
#include <type_traits>

namespace commander {

namespace {

class Writer {
public:
    explicit Writer(std::string &bytes) : m_bytes(bytes) { }

    template <std::integral T> void field(const T &value)
    {
        auto bits = static_cast<std::make_unsigned_t<T>>(value);
        for (std::size_t i = 0; i < sizeof bits; ++i)
            m_bytes += static_cast<char>((static_cast<std::uint64_t>(bits) >> (8 * i)) & 0xff);
    }
    template <std::size_t n> void field(const std::array<std::uint8_t, n> &value)
    {
        m_bytes.append(reinterpret_cast<const char *>(value.data()), n);
    }
    void field(const std::string &text)
    {
        field(static_cast<std::uint32_t>(text.size()));
        m_bytes += text;
    }

private:
    std::string &m_bytes;
};

class Reader {
public:
    explicit Reader(std::string_view bytes) : m_rest(bytes) { }

    template <std::integral T> void field(T &value)
    {
        std::uint64_t bits = 0;
        const auto bytes = take(sizeof(T));
        for (std::size_t i = 0; i < bytes.size(); ++i)
            bits |= static_cast<std::uint64_t>(static_cast<std::uint8_t>(bytes[i])) << (8 * i);
        value = static_cast<T>(bits);
    }
    template <std::size_t n> void field(std::array<std::uint8_t, n> &value)
    {
        std::ranges::copy(take(n), reinterpret_cast<char *>(value.data()));
    }
    void field(std::string &text)
    {
        std::uint32_t size = 0;
        field(size);
        text = take(size);
    }
    [[nodiscard]] bool complete() const noexcept { return m_enough && m_rest.empty(); }

private:
    std::string_view take(std::size_t count)
    {
        if (m_rest.size() < count) {
            m_enough = false;
            count = 0;
        }
        const auto taken = m_rest.substr(0, count);
        m_rest.remove_prefix(count);
        return taken;
    }

    std::string_view m_rest;
    bool m_enough = true;
};

/// The one list of fields, for both directions.
template <class Coder, class RecordType, class Kind, class Stated>
void code(Coder &coder, RecordType &record, Kind &kind, Stated &stated, Stated &statedMicros)
{
    coder.field(kind);
    coder.field(record.id.bytes);
    coder.field(record.parent.bytes);
    coder.field(record.correlation.bytes);
    coder.field(record.topic);
    coder.field(record.partition);
    coder.field(record.key);
    coder.field(record.action);
    coder.field(record.actor);
    coder.field(record.depth);
    coder.field(record.schemaVersion);
    coder.field(record.domainVersion);
    coder.field(stated);
    coder.field(statedMicros);
    coder.field(record.headers);
    coder.field(record.data);
    coder.field(record.offset.value);
    coder.field(record.salt);
    coder.field(record.leaf);
    coder.field(record.chain);
}

} // namespace

void encodeRecord(const Record &record, std::string &bytes)
{
    const auto kind = static_cast<std::uint8_t>(record.kind);
    const std::int64_t stated = record.timestamp ? 1 : 0;
    const std::int64_t statedMicros = record.timestamp.value_or(Timestamp{}).micros;
    bytes.clear();
    Writer writer(bytes);
    code(writer, record, kind, stated, statedMicros);
}

Result<Record> decodeRecord(std::string_view bytes)
{
    Record record;
    std::uint8_t kind = 0;
    std::int64_t stated = 0;
    std::int64_t statedMicros = 0;
    Reader reader(bytes);
    code(reader, record, kind, stated, statedMicros);
    if (!reader.complete() || kind < 1 || kind > 3)
        return fail(ErrorCode::LedgerDamaged, "the body of a record in the index is damaged");
    record.kind = static_cast<RecordKind>(kind);
    if (stated)
        record.timestamp = Timestamp{statedMicros};
    return record;
}

} // namespace commander
