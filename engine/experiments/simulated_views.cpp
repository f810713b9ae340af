// SPDX-License-Identifier: GPL-3.0-or-later
#include "experiments/simulated_views.h"

#include "values/upcasting.h"
#include "views/field_changes.h"

#include <commander/limits.h>

#include <exception>

namespace commander {

namespace {

constexpr std::size_t cacheBytesMax = 32u * 1024u * 1024u;

std::size_t bytesOf(const Json &value)
{
    std::size_t bytes = sizeof(Json);
    if (const auto *text = value.asString())
        return bytes + text->size();
    if (const auto *array = value.asArray()) {
        for (const auto &element : *array)
            bytes += bytesOf(element);
    } else if (const auto *object = value.asObject()) {
        for (const auto &[name, member] : *object)
            bytes += sizeof(std::string) + name.size() + bytesOf(member);
    }
    return bytes;
}

Error faultOf(std::string what)
{
    return {ErrorCode::DomainFault, std::move(what), {}, {}, {}};
}

} // namespace

/// What one fold of one event sees and writes; real only when the fold went well.
class SimulatedViews::Fold final : public DocumentFold {
public:
    struct Pending {
        std::string key;
        Entry *entry;
        std::optional<Json> document;
    };
    Fold(SimulatedViews &views, std::size_t view) : m_views(views), m_view(view) { }

    [[nodiscard]] const Json *get(std::string_view key) override
    {
        for (const auto &pending : m_pending) {
            if (pending.key == key)
                return pending.document ? &*pending.document : nullptr;
        }
        const auto *entry = find(key);
        return entry && entry->document ? &*entry->document : nullptr;
    }
    void put(std::string_view key, Json document) override { change(key, std::move(document)); }
    void remove(std::string_view key) override { change(key, std::nullopt); }

    std::vector<Pending> &pending() noexcept { return m_pending; }
    [[nodiscard]] const std::optional<Error> &readError() const noexcept { return m_readError; }

private:
    Entry *find(std::string_view key)
    {
        auto entry = m_views.entryOf(m_view, key);
        if (entry)
            return *entry;
        m_readError = m_readError.value_or(std::move(entry.error()));
        return nullptr;
    }
    void change(std::string_view key, std::optional<Json> document)
    {
        for (auto &pending : m_pending) {
            if (pending.key == key) {
                pending.document = std::move(document);
                return;
            }
        }
        if (auto *entry = find(key))
            m_pending.push_back({std::string(key), entry, std::move(document)});
    }

    SimulatedViews &m_views;
    const std::size_t m_view;
    std::vector<Pending> m_pending; ///< one per key, in order of the first change
    std::optional<Error> m_readError;
};

SimulatedViews::SimulatedViews(const DomainRegistry &domains, PastDocuments &past, ScratchStore *store)
    : m_domains(domains), m_past(past), m_store(store), m_views(domains.views().size()),
      m_faults(domains.views().size()), m_skipped(domains.views().size())
{
}

Result<SimulatedViews::Entry *> SimulatedViews::entryOf(std::size_t view, std::string_view key)
{
    auto &entries = m_views[view];
    const auto found = entries.find(key);
    if (found != entries.end())
        return &found->second;
    std::optional<std::optional<std::string>> text;
    if (m_store) {
        auto stored = m_store->document(view, key);
        if (!stored)
            return fail(std::move(stored.error()));
        text = std::move(*stored);
    }
    if (!text) {
        auto past = m_past.document(m_domains.views()[view].spec->name, std::string(key));
        if (!past)
            return fail(std::move(past.error()));
        text = std::move(*past);
    }
    Entry entry;
    if (*text) {
        auto document = parseJson(**text);
        if (!document)
            return fail(std::move(document.error()));
        m_bytes += bytesOf(*document);
        entry.document = std::move(*document);
    }
    m_bytes += sizeof(Entry) + key.size();
    return &entries.emplace(std::string(key), std::move(entry)).first->second;
}

Result<std::optional<std::string>> SimulatedViews::settledDocument(const std::string &view, const std::string &key)
{
    const auto *spec = m_domains.findView(view);
    if (!spec)
        return fail(ErrorCode::UnknownView, "there is no such view", view);
    const auto entry = entryOf(spec->index, key);
    if (!entry)
        return fail(entry.error());
    if (!(*entry)->document)
        return std::nullopt;
    return writeJson(*(*entry)->document);
}

Result<std::uint64_t> SimulatedViews::revision(const std::string &topic, const std::string &key)
{
    auto past = m_past.revision(topic, key);
    if (!past)
        return past;
    const auto found = m_events.find(topic + '\0' + key);
    return *past + (found == m_events.end() ? 0 : found->second);
}

Result<void> SimulatedViews::fold(const Record &event, std::vector<DocumentChange> *changes)
{
    ++m_events[event.topic + '\0' + event.key];
    const auto views = m_domains.viewsFolding(event.action);
    if (views.empty())
        return {};
    const auto data = parseJson(event.data);
    const ViewEntry *last = nullptr;
    for (const auto &view : views) {
        if (last && last->index == view.index) // once, however often the view names the event
            continue;
        last = &view;
        if (!m_faults[view.index].empty() || m_skipped[view.index].contains(event.id))
            continue;
        if (!data) {
            stopView(view.index, data.error().text());
            continue;
        }
        if (auto folded = foldInto(view, {event, *data}, changes); !folded)
            return folded;
    }
    return keepWithinBounds();
}

Result<void> SimulatedViews::foldInto(const ViewEntry &view, const ParsedRecord &event,
                                      std::vector<DocumentChange> *changes)
{
    Fold documents(*this, view.index);
    Result<void> folded;
    try {
        folded = foldEvent(*view.domain, *view.spec, event, documents);
    } catch (const std::exception &thrown) { // a domain is not our code: its mistakes stop its view only
        folded = fail(faultOf(std::string("the fold threw: ") + thrown.what()));
    } catch (...) {
        folded = fail(faultOf("the fold threw an unknown exception"));
    }
    if (documents.readError())
        return fail(*documents.readError());
    // All are checked before the first becomes real, as the views do it.
    for (const auto &pending : documents.pending()) {
        if (folded && pending.document) {
            if (auto valid = checkJson(writeJson(*pending.document)); !valid)
                folded = fail(faultOf("the fold made a document that is no JSON: " + valid.error().text()));
        }
    }
    if (!folded) {
        stopView(view.index,
                 "event " + event.record.id.text() + " (" + event.record.action + "): " + folded.error().text());
        return {};
    }
    for (auto &pending : documents.pending()) {
        auto &entry = *pending.entry;
        if (entry.document == pending.document)
            continue;
        if (changes) {
            DocumentChange change;
            change.view = view.spec->name;
            change.version = view.spec->version;
            change.key = pending.key;
            change.position = event.record.position;
            change.event = event.record.id;
            change.created = !entry.document;
            change.removed = !pending.document;
            change.fields = fieldChanges(entry.document ? &*entry.document : nullptr,
                                         pending.document ? &*pending.document : nullptr);
            changes->push_back(std::move(change));
        }
        if (pending.document)
            m_bytes += bytesOf(*pending.document);
        entry.document = std::move(pending.document);
        entry.dirty = true;
    }
    return {};
}

void SimulatedViews::leaveOut(const SkippedByVersion &skipped)
{
    for (const auto &view : m_domains.views()) {
        const auto found = skipped.find({view.spec->name, view.spec->version, view.domain->description().hash});
        if (found != skipped.end())
            m_skipped[view.index] = found->second;
    }
}

void SimulatedViews::stopView(std::size_t view, std::string fault)
{
    m_faults[view] = std::move(fault);
}

std::vector<std::string> SimulatedViews::faults() const
{
    std::vector<std::string> out;
    for (std::size_t i = 0; i < m_faults.size(); ++i) {
        if (!m_faults[i].empty())
            out.push_back("view " + m_domains.views()[i].spec->name + ": " + m_faults[i]);
    }
    return out;
}

Result<void> SimulatedViews::keepWithinBounds()
{
    if (!m_store || m_bytes <= cacheBytesMax)
        return {};
    if (auto flushed = flush(); !flushed)
        return flushed;
    for (auto &entries : m_views)
        entries.clear();
    m_bytes = 0;
    return {};
}

Result<void> SimulatedViews::flush()
{
    if (!m_store)
        return {};
    for (std::size_t view = 0; view < m_views.size(); ++view) {
        for (auto &[key, entry] : m_views[view]) {
            if (!entry.dirty)
                continue;
            const auto json = entry.document ? std::optional(writeJson(*entry.document)) : std::nullopt;
            if (auto written = m_store->write(view, key, json); !written)
                return written;
            entry.dirty = false;
        }
    }
    return {};
}

} // namespace commander
