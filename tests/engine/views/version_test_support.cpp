// SPDX-License-Identifier: GPL-3.0-or-later
#include "version_test_support.h"

#include <QDir>

#include <algorithm>

namespace viewtest {

TallyDomain::TallyDomain(std::uint32_t version, std::string name)
{
    m_description.name = std::move(name);
    m_description.version = version;
    m_description.eventsTopic = "note-events";
    m_description.hash[0] = static_cast<std::uint8_t>(version);
    m_description.hash[1] = 7;
    for (const auto *const view : {"deed", "tally"}) {
        ViewSpec spec;
        spec.name = view;
        spec.version = version;
        spec.events = {"documents-set", "document-edited"};
        spec.decides = spec.name == "deed";
        m_description.views.push_back(std::move(spec));
    }
}

Result<void> TallyDomain::fold(const ViewSpec &view, const ParsedRecord &event, DocumentFold &documents) const
{
    if (onFold)
        onFold(event.record);
    const auto count = [&documents, &view](std::string_view key) {
        const auto *const before = documents.get(key);
        const auto n = before ? before->integerAt("sets").value_or(0) + 1 : 1;
        auto document = Json::object();
        document.set("sets", Json(n));
        if (view.version == 2)
            document.set("twice", Json(2 * n));
        documents.put(key, std::move(document));
    };
    if (const auto *const set = event.data.find("set")) {
        for (const auto &item : *set->asArray()) {
            const auto key = item.stringAt("key");
            if (view.version != 2 || !key.starts_with('a'))
                count(key);
        }
    }
    if (view.version == 2)
        count("all of them");
    return {};
}

Result<VersionBench::Opened> VersionBench::openVersions(const Setting &setting)
{
    Opened opened;
    auto shelf = ViewShelf::open({.folder = folder.path().toStdString(),
                                  .choicesPath = choicesPath(),
                                  .ledger = ledger.ledger,
                                  .fileSystem = setting.fileSystem ? *setting.fileSystem : ViewBench::files,
                                  .clock = systemClock,
                                  .declared = setting.declared,
                                  .known = setting.known,
                                  .readOnly = setting.readOnly,
                                  .filesThere = files()});
    if (!shelf)
        return fail(shelf.error());
    opened.shelf = std::move(*shelf);
    opened.catalog = std::make_unique<ViewCatalog>(*opened.shelf);
    opened.versions = std::make_unique<ViewVersionKeeper>(*opened.shelf, setting.kept);
    if (auto started = opened.shelf->start(); !started)
        return fail(started.error());
    return opened;
}

bool VersionBench::settle(Opened &opened)
{
    const auto table = opened.shelf->table();
    return std::all_of(table->members.begin(), table->members.end(), [this](const ViewMemberPtr &member) {
        return !member->isLive() || VersionReader(member).waitFor(head, patience);
    });
}

std::vector<std::string> VersionBench::files() const
{
    std::vector<std::string> names;
    for (const auto &name : QDir(folder.path()).entryList(QDir::Files))
        names.push_back(name.toStdString());
    return names;
}

std::vector<FoldBinding> tally(std::uint32_t version)
{
    return foldsOf(std::make_shared<TallyDomain>(version));
}

FoldBinding tallyView(const std::shared_ptr<const Domain> &domain, std::string_view view)
{
    for (const auto &spec : domain->description().views) {
        if (spec.name == view)
            return {domain, spec};
    }
    return {};
}

std::string allDocuments(ViewReader &reader, const std::string &view, std::optional<Position> at)
{
    std::string text;
    DocumentListRequest request;
    request.limit = 7;
    request.at = at;
    for (;;) {
        const auto list = reader.list(view, request);
        if (!list)
            return list.error().text();
        for (const auto &document : list->documents)
            text += document.key + '@' + std::to_string(document.position.value) + ' ' + document.json + '\n';
        if (!list->nextKey)
            return text;
        request.afterKey = list->nextKey;
    }
}

} // namespace viewtest
