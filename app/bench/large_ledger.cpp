// SPDX-License-Identifier: GPL-3.0-or-later
#include "bench/large_ledger.h"

#include "ledger/sqlite/ledger_import.h"

#include <commander/derived_id.h>
#include <commander/domain.h>
#include <commander/file_system.h>

#include <algorithm>
#include <array>
#include <random>

namespace commander {

namespace {

constexpr std::int64_t firstMillis = 1'704'067'200'000; // 2024-01-01
constexpr std::string_view engineActor = "engine";      ///< as the processor calls itself
constexpr std::array cities{"London", "Turin", "Geneva", "Oslo", "Lyon", "Porto", "Ghent", "Tartu"};

/// Time-ordered and, behind its time, of chance, as the engine's own are.
Uuid commandId(std::uint64_t number)
{
    auto id = uuid5(Uuid{}, "large/" + std::to_string(number));
    const auto millis = static_cast<std::uint64_t>(firstMillis) + number;
    for (std::size_t i = 0; i < 6; ++i)
        id.bytes[i] = static_cast<std::uint8_t>(millis >> (40 - 8 * i));
    id.bytes[6] = 0x70;
    return id;
}

std::string addressOf(std::uint64_t number)
{
    return R"({"street_number":")" + std::to_string(1 + number % 200) + R"(","street_name":"Fordhook Avenue","city":")"
        + cities[number % cities.size()] + R"(","state":"XX","zip":")" + std::to_string(10'000 + number % 89'999)
        + "\"}";
}

/// Gives the records their places, times and hashes.
class RecordWriter {
public:
    explicit RecordWriter(LedgerImport &import) : m_import(import) { }

    Result<void> add(Record record, Timestamp recordedAt, std::uint64_t offset)
    {
        record.position = m_head.position.next();
        record.offset = {offset};
        record.recordedAt = recordedAt;
        for (std::size_t i = 0; i < record.salt.size(); i += sizeof(std::uint64_t)) {
            const std::uint64_t eight = m_chance();
            std::copy_n(reinterpret_cast<const std::uint8_t *>(&eight), sizeof eight, record.salt.data() + i);
        }
        record.leaf = recordLeaf(record);
        record.chain = chainNext(m_head.chain, record.leaf);
        if (auto taken = m_import.take(record); !taken)
            return taken;
        m_head = {record.position, record.chain, record.recordedAt};
        return {};
    }

private:
    LedgerImport &m_import;
    LedgerHead m_head;
    std::mt19937_64 m_chance{1};
};

} // namespace

LargeLedger::LargeLedger(std::size_t records, std::size_t customers)
    : m_commands(std::max<std::size_t>(1, records / 3)),
      m_customers(std::clamp<std::uint64_t>(customers, 1, m_commands))
{
}

std::string LargeLedger::key(std::uint64_t customer) const
{
    return HandlerContext(commandId(customer), {}).newId().text();
}

Result<void> LargeLedger::write(const std::string &path) const
{
    const SystemClock clock;
    SystemFileSystem fileSystem;
    auto import = LedgerImport::open({.path = path,
                                      .ledgerId = uuid5(Uuid{}, "large"),
                                      .clock = &clock,
                                      .fileSystem = &fileSystem,
                                      .holder = "bench"});
    if (!import)
        return fail(import.error());
    const auto domain = makeCustomersDomain();
    const auto &description = domain->description();
    RecordWriter writer(**import);
    std::mt19937_64 chance{2};
    for (std::uint64_t number = 0; number < m_commands; ++number) {
        const bool creates = number < m_customers;
        const auto customer = creates ? number : chance() % m_customers;
        const auto id = key(customer);
        const auto address = addressOf(chance());
        const auto person = R"("first_name":"Ada","last_name":"Lovelace )" + std::to_string(customer) + R"(",)";
        const Timestamp time{(firstMillis + static_cast<std::int64_t>(number)) * 1000};

        Record command;
        command.kind = RecordKind::Command;
        command.id = commandId(number);
        command.correlation = command.id;
        command.topic = commandsTopic;
        command.key = creates ? std::string() : id;
        command.action = creates ? "create-customer" : "change-address";
        command.actor = "bench";
        command.data = creates ? '{' + person + R"("address":)" + address + '}'
                               : R"({"id":")" + id + R"(","address":)" + address + '}';

        Record event;
        event.kind = RecordKind::Event;
        event.id = derivedId(command.id, "event/1");
        event.parent = command.id;
        event.correlation = command.id;
        event.topic = description.eventsTopic;
        event.key = id;
        event.action = creates ? "customer-created" : "address-changed";
        event.actor = "domain:" + description.name;
        event.schemaVersion = description.version;
        event.domainVersion = description.hash;
        event.timestamp = time;
        event.data = R"({"id":")" + id + R"(",)" + (creates ? person : std::string()) + R"("address":)" + address + '}';

        Record result;
        result.kind = RecordKind::Result;
        result.id = resultIdOf(command.id);
        result.parent = command.id;
        result.correlation = command.id;
        result.topic = resultsTopic;
        result.key = command.key;
        result.action = commandStatusName(CommandStatus::Succeeded);
        result.actor = engineActor;
        result.schemaVersion = description.version;
        result.domainVersion = description.hash;
        CommandOutcome outcome;
        outcome.status = CommandStatus::Succeeded;
        outcome.events.push_back(event.id);
        result.data = writeOutcome(outcome);

        for (auto *const record : {&command, &event, &result}) {
            if (auto added = writer.add(std::move(*record), time, number); !added)
                return added;
        }
    }
    return (*import)->finish({{"processor", {std::string(commandsTopic), 0}, {m_commands}}});
}

} // namespace commander
