// SPDX-License-Identifier: GPL-3.0-or-later
#include "processor/decision_documents.h"

#include "values/sabotage.h"
#include "values/upcasting.h"

#include <utility>

namespace commander {

/// What a domain sees of one view while it folds.
class DecisionDocuments::Fold final : public DocumentFold {
public:
    Fold(DecisionDocuments &documents, std::size_t view) : m_documents(documents), m_view(view) { }
    [[nodiscard]] const Json *get(std::string_view key) override { return m_documents.read(m_view, key); }
    void put(std::string_view key, Json document) override { m_documents.write(m_view, key, std::move(document)); }
    void remove(std::string_view key) override { m_documents.write(m_view, key, std::nullopt); }

private:
    DecisionDocuments &m_documents;
    const std::size_t m_view;
};

DecisionDocuments::DecisionDocuments(const DomainRegistry &domains, DocumentBackend &settled)
    : m_domains(domains), m_settled(settled), m_views(domains.views().size())
{
}

const Json *DecisionDocuments::get(std::string_view view, std::string_view key)
{
    const auto *entry = m_domains.findView(view);
    if (entry && entry->spec->decides)
        return read(entry->index, key);
    if (!m_misuse) {
        m_misuse = Error{ErrorCode::DomainFault,
                         entry ? "the view " + std::string(view) + " is declared as not read by handlers"
                               : "there is no view " + std::string(view),
                         {},
                         "Correct the domain.",
                         {}};
    }
    return nullptr;
}

Result<void> DecisionDocuments::fold(const ViewEntry &view, const ParsedRecord &event)
{
    Fold documents(*this, view.index);
    return foldEvent(*view.domain, *view.spec, event, documents);
}

DecisionDocuments::Entry &DecisionDocuments::entryOf(std::size_t view, std::string_view key)
{
    auto &entries = m_views[view];
    auto found = entries.find(key);
    if (found == entries.end()) {
        found = entries.emplace(std::string(key), Entry{}).first;
        ++m_size;
    }
    found->second.used = m_round;
    return found->second;
}

const Json *DecisionDocuments::read(std::size_t view, std::string_view key)
{
    auto &entry = entryOf(view, key);
    if (sabotaged(Saboteur::StaleDocuments))
        entry = {};
    if (!entry.known)
        load(view, std::string(key), entry);
    return entry.document ? &*entry.document : nullptr;
}

void DecisionDocuments::load(std::size_t view, const std::string &key, Entry &entry)
{
    const auto &name = m_domains.views()[view].spec->name;
    auto text = m_settled.settledDocument(name, key);
    if (!text) {
        m_fault = m_fault.value_or(std::move(text.error()));
        return;
    }
    if (*text) {
        auto document = parseJson(**text);
        if (!document) {
            document.error().where = "view " + name + ", key " + key + ", " + document.error().where;
            m_fault = m_fault.value_or(std::move(document.error()));
            return;
        }
        entry.document = std::move(*document);
    }
    entry.known = true;
    entry.batch = 0;
}

void DecisionDocuments::write(std::size_t view, std::string_view key, std::optional<Json> document)
{
    auto &entry = entryOf(view, key);
    m_changes.push_back({&entry, std::exchange(entry, Entry{std::move(document), m_batch, m_round, true})});
}

void DecisionDocuments::beginCommand()
{
    m_changes.clear();
    m_fault.reset();
    m_misuse.reset();
}

std::size_t DecisionDocuments::beginDecision()
{
    m_misuse.reset();
    return m_changes.size();
}

void DecisionDocuments::keep()
{
    m_changes.clear();
}

void DecisionDocuments::takeBack(std::size_t mark)
{
    if (sabotaged(Saboteur::FailedCommandLeavesDocuments))
        return;
    for (; m_changes.size() > mark; m_changes.pop_back())
        *m_changes.back().entry = std::move(m_changes.back().before);
}

template <class MayGo> void DecisionDocuments::drop(std::size_t max, MayGo mayGo)
{
    for (auto &entries : m_views) {
        for (auto at = entries.begin(); at != entries.end() && m_size > max;) {
            if (mayGo(at->second)) {
                at = entries.erase(at);
                --m_size;
            } else {
                ++at;
            }
        }
    }
}

void DecisionDocuments::shrink(std::size_t max, std::uint64_t settledBatch)
{
    const auto settled = [settledBatch](const Entry &entry) {
        return entry.batch <= settledBatch || sabotaged(Saboteur::UnsettledDocumentsDropped);
    };
    drop(max, [&](const Entry &entry) { return settled(entry) && entry.used < m_round; });
    drop(max, settled);
    ++m_round;
}

void DecisionDocuments::clear()
{
    for (auto &entries : m_views)
        entries.clear();
    m_changes.clear();
    m_size = 0;
}

} // namespace commander
