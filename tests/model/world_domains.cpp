// SPDX-License-Identifier: GPL-3.0-or-later
#include "model/world_domains.h"

#include <commander/domain_tests.h>

namespace commander::model {

namespace {

const DomainLoader &loader()
{
    static const auto loader = makeScriptLoader();
    return *loader;
}

constexpr const char *manifest = R"JSON({
  "name": "tally",
  "version": 1,
  "eventsTopic": "tally-events",
  "onFault": "park",
  "commands": {
    "add": {
      "key": "key",
      "schema": {
        "type": "object", "required": ["key", "n"],
        "properties": {"key": {"type": "string"}, "n": {"type": "integer"}}
      },
      "example": {"key": "a", "n": 1}
    }
  },
  "events": {
    "added": {"key": "key", "schema": {"type": "object", "required": ["key", "n", "by", "seen"]}}
  },
  "views": {
    "tallies": {"path": "/tallies", "events": ["added"]}
  }
}
)JSON";

constexpr const char *script = R"JS(const version = @;
export const commands = {
  add({ data: { key, n } }, { views }) {
    if (version % 2 === 0 && (key === "t0" || key === "t1"))
      throw new Error("version " + version + " cannot do " + key);
    const before = views.tallies.get(key);
    return [{ action: "added", data: { key, n, by: version, seen: before ? before.total : 0 } }];
  },
};
export const views = {
  tallies: {
    added({ data: { key, n } }, put, get) {
      const before = get(key);
      put(key, { total: (before ? before.total : 0) + n * version, version });
    },
  },
};
)JS";

class Turnover final : public Domain {
public:
    explicit Turnover(std::uint32_t version)
    {
        m_description.name = "turnover";
        m_description.eventsTopic = "turnover-events";
        m_description.hash[0] = static_cast<std::uint8_t>(version);
        m_description.views.push_back(
            {"turnover", version, "/turnover", {"money-deposited", "money-withdrawn", "money-transferred"}, false});
    }
    [[nodiscard]] const DomainDescription &description() const noexcept override { return m_description; }
    [[nodiscard]] Result<Decision> decide(const ParsedRecord &, DocumentSource &, HandlerContext &) const override
    {
        return fail(ErrorCode::DomainFault, "it decides nothing");
    }
    [[nodiscard]] Result<std::vector<FollowUpCommand>> react(const ParsedRecord &, DocumentSource &,
                                                             HandlerContext &) const override
    {
        return std::vector<FollowUpCommand>();
    }
    [[nodiscard]] Result<void> fold(const ViewSpec &view, const ParsedRecord &event,
                                    DocumentFold &documents) const override
    {
        const auto amount = event.data.integerAt("amount").value_or(0);
        for (const auto *const member : {"account", "from_account", "to_account"}) {
            const auto key = event.data.stringAt(member);
            if (key.empty())
                continue;
            const auto *const before = documents.get(key);
            auto document = Json::object();
            document.set("movements", Json(before ? before->integerAt("movements").value_or(0) + 1 : 1));
            if (view.version > 1)
                document.set("moved", Json((before ? before->integerAt("moved").value_or(0) : 0) + amount % 1000));
            documents.put(key, std::move(document));
        }
        return {};
    }

private:
    DomainDescription m_description;
};

} // namespace

std::vector<DomainFile> tallyFiles(int version)
{
    std::string text(script);
    text.replace(text.find('@'), 1, std::to_string(version));
    return {{"domain.js", text}, {"domain.json", manifest}};
}

const std::array<Hash256, tallyVersionsMax> &tallyHashes()
{
    static const auto hashes = [] {
        std::array<Hash256, tallyVersionsMax> made{};
        for (int version = 1; version <= tallyVersionsMax; ++version)
            made[static_cast<std::size_t>(version) - 1] = loader().load(tallyFiles(version)).domain->description().hash;
        return made;
    }();
    return hashes;
}

bool tallyThrows(int version, std::string_view key)
{
    return version % 2 == 0 && (key == "t0" || key == "t1");
}

FoldBinding turnoverVersion(std::uint32_t version)
{
    auto domain = std::make_shared<const Turnover>(version);
    return {domain, domain->description().views.front()};
}

OpenOptions worldOptions(const std::string &ledger, bool second)
{
    OpenOptions options;
    options.ledgerPath = ledger;
    options.durability = Durability::Relaxed; // what a process has written outlives it: syncing would show nothing here
    options.domains = {makeBankDomain(), turnoverVersion(1).domain};
    options.loader = &loader();
    if (second)
        options.folds = {turnoverVersion(2)};
    return options;
}

} // namespace commander::model
