// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <commander/domain.h>

#include <functional>
#include <memory>

namespace commander::test {

/// Another version of a domain: everything as in the old one but for what the hooks change.
class ChangedDomain final : public Domain {
public:
    using Decide
        = std::function<Result<Decision>(const Domain &old, const ParsedRecord &, DocumentSource &, HandlerContext &)>;
    using Folds
        = std::function<Result<void>(const Domain &old, const ViewSpec &, const ParsedRecord &, DocumentFold &)>;

    explicit ChangedDomain(std::shared_ptr<const Domain> old, Decide decide = {}, Folds folds = {})
        : m_old(std::move(old)), m_description(m_old->description()), m_decide(std::move(decide)),
          m_folds(std::move(folds))
    {
        ++m_description.version;
        m_description.hash = sha256(m_description.name + " changed");
    }
    [[nodiscard]] const DomainDescription &description() const noexcept override { return m_description; }
    [[nodiscard]] Result<Decision> decide(const ParsedRecord &command, DocumentSource &views,
                                          HandlerContext &context) const override
    {
        return m_decide ? m_decide(*m_old, command, views, context) : m_old->decide(command, views, context);
    }
    [[nodiscard]] Result<void> fold(const ViewSpec &view, const ParsedRecord &event,
                                    DocumentFold &documents) const override
    {
        return m_folds ? m_folds(*m_old, view, event, documents) : m_old->fold(view, event, documents);
    }
    [[nodiscard]] Result<std::vector<FollowUpCommand>> react(const ParsedRecord &event, DocumentSource &views,
                                                             HandlerContext &context) const override
    {
        return m_old->react(event, views, context);
    }

private:
    const std::shared_ptr<const Domain> m_old;
    DomainDescription m_description;
    const Decide m_decide;
    const Folds m_folds;
};

/// A bank that says no to withdrawals and transfers above a limit.
[[nodiscard]] inline std::shared_ptr<const Domain> carefulBank(std::int64_t limit)
{
    return std::make_shared<ChangedDomain>(makeBankDomain(),
                                           [limit](const Domain &old, const ParsedRecord &command,
                                                   DocumentSource &views, HandlerContext &context) -> Result<Decision> {
                                               const std::string_view action = command.record.action;
                                               const bool takes
                                                   = action == "withdraw-money" || action == "transfer-money";
                                               if (takes && command.data.integerAt("amount").value_or(0) > limit)
                                                   return Rejection{"too-much", "that is too much", {}};
                                               return old.decide(command, views, context);
                                           });
}

} // namespace commander::test
