// SPDX-License-Identifier: GPL-3.0-or-later
#include "simulation.h"

#include <cstdlib>

namespace commander::simulation {

class ReplayedViews::Fold final : public DocumentFold {
public:
    Fold(std::map<std::string, Json> &documents, std::string view)
        : m_documents(documents), m_prefix(std::move(view) + '/')
    {
    }
    const Json *get(std::string_view key) override
    {
        const auto found = m_documents.find(m_prefix + std::string(key));
        return found == m_documents.end() ? nullptr : &found->second;
    }
    void put(std::string_view key, Json document) override
    {
        m_documents.insert_or_assign(m_prefix + std::string(key), std::move(document));
    }
    void remove(std::string_view key) override { m_documents.erase(m_prefix + std::string(key)); }

private:
    std::map<std::string, Json> &m_documents;
    const std::string m_prefix;
};

void ReplayedViews::foldTo(Position position)
{
    while (m_position < position) {
        const auto records = m_ledger.readAt(m_position.next(), position.value - m_position.value);
        if (!records || records->empty())
            return;
        for (const auto &record : *records) {
            m_position = record->position;
            if (record->kind != RecordKind::Event)
                continue;
            const auto data = parseJson(record->data);
            for (const auto &view : m_domains.viewsFolding(record->action)) {
                Fold fold(m_documents, view.spec->name);
                if (!view.domain->fold(*view.spec, {*record, *data}, fold))
                    std::abort(); // what the processor accepted, views must be able to fold
            }
        }
    }
}

Result<std::optional<std::string>> ReplayedViews::settledDocument(const std::string &view, const std::string &key)
{
    if (m_broken)
        return fail(ErrorCode::IoError, "the views cannot be read");
    ++m_reads;
    const std::scoped_lock lock(m_mutex);
    const auto found = m_documents.find(view + '/' + key);
    if (found == m_documents.end())
        return std::optional<std::string>();
    return std::optional(writeJson(found->second));
}

Result<std::vector<std::pair<std::string, std::string>>>
ReplayedViews::settledDocuments(const std::string &view, const std::optional<std::string> &afterKey)
{
    const std::scoped_lock lock(m_mutex);
    constexpr std::size_t pageMax = 3; // small, so that paging is tried
    const auto prefix = view + '/';
    std::vector<std::pair<std::string, std::string>> page;
    for (auto at = afterKey ? m_documents.upper_bound(prefix + *afterKey) : m_documents.lower_bound(prefix);
         at != m_documents.end() && at->first.starts_with(prefix) && page.size() < pageMax; ++at)
        page.emplace_back(at->first.substr(prefix.size()), writeJson(at->second));
    return page;
}

Position ReplayedViews::settledTo()
{
    const std::scoped_lock lock(m_mutex);
    if (m_keepsUp)
        foldTo(m_ledger.head()->position);
    return m_position;
}

bool ReplayedViews::waitSettled(Position position, std::stop_token stop)
{
    const std::scoped_lock lock(m_mutex);
    if (stop.stop_requested() || m_broken)
        return false;
    foldTo(position);
    return m_position >= position;
}

std::map<std::string, std::string> ReplayedViews::all()
{
    const std::scoped_lock lock(m_mutex);
    foldTo(m_ledger.head()->position);
    std::map<std::string, std::string> out;
    for (const auto &[key, document] : m_documents)
        out.emplace(key, writeJson(document));
    return out;
}

void MoodyLedger::append(LedgerTransaction transaction, Done done)
{
    std::optional<Failure> failure;
    {
        const std::scoped_lock lock(m_mutex);
        if (m_mood)
            failure = m_mood(transaction);
    }
    if (!failure) {
        m_real.append(std::move(transaction), std::move(done));
    } else if (failure->when == When::BeforeCommit) {
        done(fail(std::move(failure->error)));
    } else {
        m_real.append(
            std::move(transaction),
            [done = std::move(done), error = failure->error](const Result<Appended> &) { done(fail(error)); });
    }
}

RecordDraft commandDraft(const Uuid &id, const std::string &action, const std::string &data)
{
    RecordDraft draft;
    draft.id = id;
    draft.correlation = id;
    draft.topic = commandsTopic;
    draft.action = action;
    draft.actor = "test";
    draft.data = data;
    return draft;
}

std::vector<RecordPtr> allRecords(Ledger &ledger)
{
    std::vector<RecordPtr> out;
    for (;;) {
        auto more = ledger.readAt({out.size() + 1}, 100'000);
        if (!more || more->empty())
            return out;
        out.insert(out.end(), more->begin(), more->end());
    }
}

std::string decidedText(const Record &record)
{
    return std::string(recordKindName(record.kind)) + ' ' + record.action + ' ' + record.id.text() + ' '
        + record.parent.text() + ' ' + record.correlation.text() + ' ' + record.topic + ' ' + record.key + ' '
        + record.actor + ' ' + std::to_string(record.depth) + ' ' + toHex(record.domainVersion) + ' '
        + (record.timestamp ? record.timestamp->text() : "-") + ' ' + record.data;
}

} // namespace commander::simulation
