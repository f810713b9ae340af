// SPDX-License-Identifier: GPL-3.0-or-later
#include "split.h"

#include "trust.h"

#include <commander/script_domain.h>
#include <commander/variants.h>

#include <charconv>
#include <map>

namespace commander {

namespace {

/// By the name of the domain whose commands they decide.
using Variants = std::map<std::string, std::vector<DomainVariant>>;

Result<DomainVariant> variantFrom(const std::string &text)
{
    const auto equals = text.find('=');
    const auto colon = text.rfind(':');
    DomainVariant variant;
    const auto *const end = text.data() + text.size();
    const bool formed = equals != std::string::npos && equals > 0 && colon != std::string::npos && colon > equals + 1;
    const auto read = formed ? std::from_chars(text.data() + colon + 1, end, variant.percent)
                             : std::from_chars_result{nullptr, std::errc::invalid_argument};
    if (read.ec != std::errc() || read.ptr != end || variant.percent > 100) {
        return fail(ErrorCode::InvalidArgument, "not a part of the keys: " + text, {},
                    "Write NAME=DIR:PERCENT, as in candidate=bank-next:10.");
    }
    auto domain = loadDomainFolder(text.substr(equals + 1, colon - equals - 1), scriptOptions());
    if (!domain)
        return fail(domain.error());
    variant.name = text.substr(0, equals);
    variant.domain = std::move(*domain);
    return variant;
}

/// Loads as another loader, and splits what has variants.
class SplitLoader final : public DomainLoader {
public:
    SplitLoader(const DomainLoader &loader, Variants variants) : m_loader(loader), m_variants(std::move(variants)) { }
    [[nodiscard]] LoadedDomain load(const std::vector<DomainFile> &files) const override
    {
        auto loaded = m_loader.load(files);
        const auto found = loaded.domain ? m_variants.find(loaded.domain->description().name) : m_variants.end();
        if (found == m_variants.end())
            return loaded;
        auto split = makeSplitDomain(std::move(loaded.domain), found->second);
        if (split)
            return {std::move(*split), {}};
        return {nullptr, {{{}, 0, 0, {}, split.error().text(), {}}}};
    }
    [[nodiscard]] std::vector<DomainProblem> test(const std::vector<DomainFile> &files) const override
    {
        return m_loader.test(files);
    }

private:
    const DomainLoader &m_loader;
    const Variants m_variants;
};

} // namespace

Result<std::unique_ptr<DomainLoader>> splitDomains(OpenOptions &options, const std::vector<std::string> &variants)
{
    Variants all;
    for (const auto &text : variants) {
        auto variant = variantFrom(text);
        if (!variant)
            return fail(variant.error());
        const auto &name = variant->domain->description().name;
        all[name].push_back(std::move(*variant));
    }
    for (auto &domain : options.domains) {
        const auto found = all.find(domain->description().name);
        if (found == all.end())
            continue;
        auto split = makeSplitDomain(domain, found->second);
        if (!split)
            return fail(split.error());
        domain = std::move(*split);
    }
    auto loader = std::make_unique<SplitLoader>(*options.loader, std::move(all));
    options.loader = loader.get();
    return loader;
}

} // namespace commander
