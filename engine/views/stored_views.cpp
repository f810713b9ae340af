// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/stored_views.h"

#include "sqlite/database.h"
#include "values/digest.h"
#include "views/view_format.h"

#include <algorithm>
#include <utility>

namespace commander {

namespace {

/// Bears the name and the hash of a domain whose code is not here.
class SleepingDomain final : public Domain {
public:
    SleepingDomain(const std::string &name, const Hash256 &hash)
    {
        m_description.name = name;
        m_description.hash = hash;
    }
    [[nodiscard]] const DomainDescription &description() const noexcept override { return m_description; }
    [[nodiscard]] Result<Decision> decide(const ParsedRecord &, DocumentSource &, HandlerContext &) const override
    {
        return fail(notHere());
    }
    [[nodiscard]] Result<void> fold(const ViewSpec &, const ParsedRecord &, DocumentFold &) const override
    {
        return fail(notHere());
    }
    [[nodiscard]] Result<std::vector<FollowUpCommand>> react(const ParsedRecord &, DocumentSource &,
                                                             HandlerContext &) const override
    {
        return fail(notHere());
    }

private:
    [[nodiscard]] Error notHere() const
    {
        return {ErrorCode::DomainFault, "this version of the domain is not here", m_description.name, {}, {}};
    }
    DomainDescription m_description;
};

std::vector<std::string> pointersIn(std::string_view json)
{
    std::vector<std::string> pointers;
    if (const auto parsed = parseJson(json); parsed && parsed->isArray()) {
        for (const auto &pointer : *parsed->asArray()) {
            if (const auto *const text = pointer.asString())
                pointers.push_back(*text);
        }
    }
    return pointers;
}

} // namespace

std::vector<StoredView> readStoredViews(const std::string &path, FileSystem &fileSystem)
{
    if (!fileSystem.exists(path))
        return {};
    // Not read-only: a file that was left in the middle of a write is put right by its first opening.
    auto database = Database::open(path, Database::Mode::ReadWrite, fileSystem.sqliteVfs());
    if (!database)
        return {};
    const auto version = database->queryInteger("PRAGMA user_version");
    if (!version || *version != viewformat::version)
        return {};
    auto row = database->prepare("SELECT name, version, domain, domain_hash, indexes FROM views ORDER BY id");
    if (!row)
        return {};
    std::vector<StoredView> views;
    for (;;) {
        const auto there = row->step();
        if (!there)
            return {};
        if (!*there)
            return views;
        StoredView view;
        view.id.view = row->text(0);
        view.id.version = static_cast<std::uint32_t>(row->integer(1));
        view.domain = row->text(2);
        if (const auto hash = row->blob(3); hash.size() == view.id.domainHash.size())
            std::copy(hash.begin(), hash.end(), reinterpret_cast<char *>(view.id.domainHash.data()));
        view.indexes = pointersIn(row->text(4));
        views.push_back(std::move(view));
    }
}

FoldBinding sleepingFold(const StoredView &view)
{
    ViewSpec spec;
    spec.name = view.id.view;
    spec.version = view.id.version;
    spec.indexes = view.indexes;
    return {std::make_shared<SleepingDomain>(view.domain, view.id.domainHash), std::move(spec)};
}

std::string versionFileName(const FoldBinding &binding)
{
    const auto &domain = binding.domain->description();
    Hash256 hash{};
    Digest digest(DigestKind::Sha256);
    // The hash of the domain has a fixed length, and a JSON string ends itself: no two versions give the same bytes.
    std::string name;
    appendJsonString(name, binding.spec.name);
    appendJsonString(name, domain.name);
    name += std::to_string(binding.spec.version);
    digest.add(std::span<const std::uint8_t>(domain.hash)).add(name);
    digest.finish(hash);
    return "view-" + toHex(hash.data(), 16) + ".sqlite";
}

} // namespace commander
