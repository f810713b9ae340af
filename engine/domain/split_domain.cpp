// SPDX-License-Identifier: GPL-3.0-or-later
#include <commander/variants.h>

#include <algorithm>

namespace commander {

namespace {

constexpr std::size_t nameMax = 64;
constexpr std::string_view variantMember = "variant";

/// 0 to 99, evenly.
std::uint32_t bucketOf(const std::string &domain, const RecordDraft &command)
{
    // Frozen: a key must not change sides because the program did.
    const auto hash = sha256(domain + '\n' + (command.key.empty() ? command.correlation.text() : command.key));
    std::uint64_t number = 0;
    for (std::size_t i = 0; i < sizeof number; ++i)
        number = number << 8 | hash[i];
    return static_cast<std::uint32_t>(number % 100);
}

class SplitDomain final : public Domain {
public:
    SplitDomain(std::shared_ptr<const Domain> live, std::vector<DomainVariant> variants)
        : m_live(std::move(live)), m_variants(std::move(variants))
    {
    }
    [[nodiscard]] const DomainDescription &description() const noexcept override { return m_live->description(); }
    [[nodiscard]] Result<Decision> decide(const ParsedRecord &command, DocumentSource &views,
                                          HandlerContext &context) const override
    {
        const auto *variant = choose(command.record);
        return (variant ? variant->domain : m_live)->decide(command, views, context);
    }
    [[nodiscard]] Result<void> fold(const ViewSpec &view, const ParsedRecord &event,
                                    DocumentFold &documents) const override
    {
        return m_live->fold(view, event, documents);
    }
    [[nodiscard]] Result<std::vector<FollowUpCommand>> react(const ParsedRecord &event, DocumentSource &views,
                                                             HandlerContext &context) const override
    {
        return m_live->react(event, views, context);
    }
    [[nodiscard]] Result<Json> upcast(const ParsedRecord &event, std::uint32_t from) const override
    {
        return m_live->upcast(event, from);
    }
    [[nodiscard]] std::optional<DecidingVersion> versionFor(const RecordDraft &command) const
    {
        const auto *variant = choose(command);
        if (!variant)
            return std::nullopt;
        Json headers;
        headers.set(variantMember, Json(variant->name));
        return DecidingVersion{variant->domain->description().hash, writeJson(headers)};
    }

private:
    [[nodiscard]] const DomainVariant *choose(const RecordDraft &command) const
    {
        const auto bucket = bucketOf(m_live->description().name, command);
        std::uint32_t end = 0;
        for (const auto &variant : m_variants) {
            end += variant.percent;
            if (bucket >= end)
                continue;
            const auto &commands = variant.domain->description().commands;
            const bool offers = std::any_of(commands.begin(), commands.end(), [&command](const CommandSpec &one) {
                return one.action == command.action;
            });
            return offers ? &variant : nullptr;
        }
        return nullptr;
    }

    const std::shared_ptr<const Domain> m_live;
    const std::vector<DomainVariant> m_variants;
};

Result<void> checkVariant(const DomainVariant &variant, const DomainDescription &live)
{
    const auto where = "variant " + variant.name;
    if (variant.name.empty() || variant.name.size() > nameMax || !variant.domain)
        return fail(ErrorCode::InvalidArgument, "a variant needs a name of at most 64 bytes and a domain", where);
    const auto &own = variant.domain->description();
    if (own.name != live.name)
        return fail(ErrorCode::InvalidArgument, "a variant of " + live.name + " cannot be the domain " + own.name,
                    where);
    for (const auto &event : own.events) {
        const bool known = std::any_of(live.events.begin(), live.events.end(),
                                       [&event](const EventSpec &one) { return one.action == event.action; });
        if (!known) {
            return fail(ErrorCode::InvalidArgument, "the live domain does not declare the event " + event.action, where,
                        "A variant only decides; new events come with a new version of the domain.");
        }
    }
    return {};
}

} // namespace

Result<std::shared_ptr<const Domain>> makeSplitDomain(std::shared_ptr<const Domain> live,
                                                      std::vector<DomainVariant> variants)
{
    std::uint64_t percent = 0;
    for (auto one = variants.begin(); one != variants.end(); ++one) {
        if (auto checked = checkVariant(*one, live->description()); !checked)
            return fail(checked.error());
        if (std::any_of(variants.begin(), one, [one](const DomainVariant &other) { return other.name == one->name; }))
            return fail(ErrorCode::InvalidArgument, "two variants have the same name", "variant " + one->name);
        percent += one->percent;
    }
    if (percent > 100) {
        return fail(ErrorCode::InvalidArgument, "the variants take more than 100 percent",
                    "domain " + live->description().name);
    }
    return std::make_shared<const SplitDomain>(std::move(live), std::move(variants));
}

std::optional<DecidingVersion> decidingVersion(const Domain &domain, const RecordDraft &command)
{
    // Only a split domain knows of versions; the contract that all domains implement is spared it.
    const auto *split = dynamic_cast<const SplitDomain *>(&domain);
    return split ? split->versionFor(command) : std::nullopt;
}

std::string variantOf(const RecordDraft &record)
{
    if (record.headers.empty())
        return {};
    const auto headers = parseJson(record.headers);
    return headers ? std::string(headers->stringAt(variantMember)) : std::string();
}

} // namespace commander
