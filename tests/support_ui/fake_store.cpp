// SPDX-License-Identifier: GPL-3.0-or-later
#include "support_ui/fake_store.h"

#include <algorithm>
#include <chrono>

namespace commander::test {

namespace {

// Ids of generated records carry their position, scrambled so that they look like ids; odd, therefore it can be undone.
constexpr std::uint64_t scramble = 0x9e3779b97f4a7c15ULL;
constexpr std::uint64_t unscramble = 0xf1de83e19937733dULL;
static_assert(scramble * unscramble == 1);
constexpr std::array<std::uint8_t, 8> generatedPrefix = {0x01, 0x9a, 0x42, 0x77, 0x0c, 0x00, 0x70, 0x00};

Uuid generatedId(std::uint64_t position)
{
    Uuid id;
    std::copy(generatedPrefix.begin(), generatedPrefix.end(), id.bytes.begin());
    const std::uint64_t mixed = position * scramble;
    for (std::size_t i = 0; i < 8; ++i)
        id.bytes[8 + i] = std::uint8_t(mixed >> (56 - 8 * i));
    return id;
}

std::uint64_t positionOf(const Uuid &id)
{
    if (!std::equal(generatedPrefix.begin(), generatedPrefix.end(), id.bytes.begin()))
        return 0;
    std::uint64_t mixed = 0;
    for (std::size_t i = 8; i < 16; ++i)
        mixed = mixed << 8 | id.bytes[i];
    return mixed * unscramble;
}

// A generated chain is three records long: command, event or further command, result.
constexpr std::uint64_t chainLength = 3;

} // namespace

Position FakeStore::head() const
{
    const std::lock_guard lock(m_mutex);
    return {m_options.generated + m_appended.size()};
}

RecordPtr FakeStore::record(Position position) const
{
    if (position.value == 0)
        return nullptr;
    if (position.value <= m_options.generated)
        return generate(position.value);
    const std::lock_guard lock(m_mutex);
    const std::uint64_t index = position.value - m_options.generated - 1;
    return index < m_appended.size() ? m_appended[std::size_t(index)] : nullptr;
}

RecordPtr FakeStore::find(const Uuid &id) const
{
    if (const std::uint64_t position = positionOf(id); position > 0 && position <= m_options.generated)
        return generate(position);
    const std::lock_guard lock(m_mutex);
    const auto found = m_byId.find(id);
    return found == m_byId.end() ? nullptr : m_appended[found->second];
}

RecordPtr FakeStore::result(const Uuid &command) const
{
    if (const std::uint64_t position = positionOf(command); position > 0 && position <= m_options.generated) {
        const RecordPtr last = record({(position - 1) / chainLength * chainLength + chainLength});
        return last && last->parent == command ? last : nullptr;
    }
    const std::lock_guard lock(m_mutex);
    const auto found = std::find_if(m_appended.begin(), m_appended.end(), [&](const RecordPtr &record) {
        return record->kind == RecordKind::Result && record->parent == command;
    });
    return found == m_appended.end() ? nullptr : *found;
}

std::vector<RecordPtr> FakeStore::correlated(const Uuid &correlation, std::size_t max) const
{
    std::vector<RecordPtr> chain;
    if (const std::uint64_t position = positionOf(correlation); position > 0 && position <= m_options.generated) {
        for (std::uint64_t i = 0; i < chainLength; ++i) {
            if (auto one = record({position + i}); one && one->correlation == correlation)
                chain.push_back(std::move(one));
        }
        return chain;
    }
    const std::lock_guard lock(m_mutex);
    for (const RecordPtr &one : m_appended) {
        if (one->correlation == correlation && chain.size() < max)
            chain.push_back(one);
    }
    return chain;
}

RecordPtr FakeStore::generate(std::uint64_t position) const
{
    const std::uint64_t chain = (position - 1) / chainLength;
    const std::uint64_t place = (position - 1) % chainLength;
    const bool rejected = chain % 7 == 3;
    const Uuid root = generatedId(chain * chainLength + 1);
    static constexpr std::array<std::pair<std::string_view, std::string_view>, 4> actions
        = {{{"transfer-money", "money-transferred"},
            {"deposit-money", "money-deposited"},
            {"withdraw-money", "money-withdrawn"},
            {"create-customer", "customer-created"}}};
    const auto &[ask, fact] = actions[chain % actions.size()];

    auto record = std::make_shared<Record>();
    record->position = {position};
    record->id = generatedId(position);
    record->correlation = root;
    record->recordedAt = {m_options.firstAt.micros + std::int64_t(position) * m_options.stepMicros};
    record->offset = {chain};
    record->key = std::to_string(10000 + chain % 977);
    record->data = R"({"from_account":")" + record->key + R"(","to_account":")" + std::to_string(20000 + chain % 733)
        + R"(","amount":)" + std::to_string(100 + chain % 90'000) + "}";
    if (place == 0) {
        record->kind = RecordKind::Command;
        record->topic = commandsTopic;
        record->action = ask;
        record->actor = chain % 5 == 0 ? "console" : "teller-" + std::to_string(chain % 4 + 1);
    } else if (place == 1) {
        record->kind = RecordKind::Event;
        record->parent = root;
        record->topic = chain % actions.size() == 3 ? "customer-events" : "bank-events";
        record->action = fact;
        record->actor = "domain:bank";
        if (rejected) { // nothing happened: instead of an event stands a command that has no result yet
            record->kind = RecordKind::Command;
            record->parent = {};
            record->correlation = record->id;
            record->topic = commandsTopic;
            record->action = "open-account";
            record->actor = "teller-9";
        }
    } else {
        record->kind = RecordKind::Result;
        record->parent = root;
        record->topic = resultsTopic;
        record->actor = "engine";
        CommandOutcome outcome;
        outcome.status = rejected ? CommandStatus::Rejected : CommandStatus::Succeeded;
        if (rejected) {
            outcome.errorCode = "insufficient-funds";
            outcome.errorMessage = "account " + record->key + " holds 1200, which is less than 90000";
            outcome.errorDetails = R"({"balance":1200})";
        } else {
            outcome.events = {generatedId(position - 1)};
        }
        record->action = commandStatusName(outcome.status);
        record->data = writeOutcome(outcome);
    }
    if (m_options.longNames) {
        record->action += "-with-a-name-that-is-much-longer-than-any-column-has-room-for";
        record->key = "customer/7f3a/" + std::string(60, 'k');
        record->actor = "reaction:" + std::string(40, 'a');
        record->data = R"({"big":23958446825181076828,"one":1.0,"thousand":1e3,"text":"é ü 漢字 \"quoted\" )"
            + std::string(400, 'x') + R"(","nested":{"list":[1,2,{"deep":null}],"ok":true}})";
    }
    return record;
}

RecordPtr FakeStore::append(RecordDraft draft)
{
    const std::lock_guard lock(m_mutex);
    auto record = std::make_shared<Record>();
    static_cast<RecordDraft &>(*record) = std::move(draft);
    record->position = {m_options.generated + m_appended.size() + 1};
    record->offset = {m_offsets[record->topic]++};
    record->recordedAt
        = {std::chrono::duration_cast<std::chrono::microseconds>(std::chrono::system_clock::now().time_since_epoch())
               .count()};
    m_byId.emplace(record->id, m_appended.size());
    m_appended.push_back(record);
    return record;
}

void FakeStore::addChange(DocumentChange change, std::string json)
{
    const std::lock_guard lock(m_mutex);
    m_documents[{change.view, change.key}]
        = Document{change.view, change.version, change.key, change.position, change.event, std::move(json)};
    m_changes.push_back(std::move(change));
}

std::vector<Document> FakeStore::documents(const std::string &view) const
{
    const std::lock_guard lock(m_mutex);
    std::vector<Document> found;
    for (const auto &[key, document] : m_documents) {
        if (key.first == view)
            found.push_back(document);
    }
    return found;
}

std::vector<DocumentChange> FakeStore::changes() const
{
    const std::lock_guard lock(m_mutex);
    return m_changes;
}

Progress FakeStore::progress() const
{
    const Position at = head();
    return {at, at, at};
}

void FakeStore::notify()
{
    const Progress now = progress();
    const std::lock_guard lock(m_subscribersMutex);
    for (const auto &[number, call] : m_subscribers)
        call(now);
}

int FakeStore::subscribe(std::function<void(const Progress &)> notify)
{
    const Progress now = progress();
    const std::lock_guard lock(m_subscribersMutex);
    notify(now);
    m_subscribers.emplace(++m_lastSubscriber, std::move(notify));
    return m_lastSubscriber;
}

void FakeStore::unsubscribe(int number)
{
    const std::lock_guard lock(m_subscribersMutex);
    m_subscribers.erase(number);
}

} // namespace commander::test
