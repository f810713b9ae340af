// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <commander/consumers.h>
#include <commander/domain.h>
#include <commander/view_versions.h>

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace commander {

/// The domain `commander-consumers`: which consumers are paused, and which events a version of a view leaves out. Its
/// topic holds nothing else, so an opening reads from it what holds before anything is built.
[[nodiscard]] std::shared_ptr<const Domain> makeConsumersDomain();

/// Its events, folded: the same as its view says, known before any view is there.
class ConsumerBook {
public:
    struct Skip {
        ViewVersionId version;
        SkippedEvent event;
    };
    /// What an event of the topic changes. Errors as parseJson(), InvalidArgument.
    struct Change {
        std::string consumer;
        std::string action;
        std::optional<Skip> skip;
    };
    [[nodiscard]] Result<Change> take(const Record &event);

    [[nodiscard]] bool isPaused(const std::string &consumer) const { return m_paused.contains(consumer); }
    /// Why it is paused; empty when it is not, or nobody said.
    [[nodiscard]] std::string reason(const std::string &consumer) const;
    [[nodiscard]] std::vector<std::string> paused() const;
    [[nodiscard]] const std::vector<Skip> &skips() const noexcept { return m_skips; }

private:
    std::map<std::string, std::string> m_paused; ///< and why
    std::vector<Skip> m_skips;
};

/// The data of skip-event.
[[nodiscard]] std::string writeSkip(const std::string &consumer, const ConsumerBook::Skip &skip,
                                    const std::string &fault);
/// Of such data. Errors as parseJson(), InvalidArgument.
[[nodiscard]] Result<ConsumerBook::Skip> readSkip(const Json &data);

} // namespace commander
