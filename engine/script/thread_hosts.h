// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "script/script_executor.h"
#include "script/script_host.h"

#include <map>
#include <memory>
#include <mutex>
#include <thread>

namespace commander::script {

/// Runs scripts in this process: one script engine for each thread that calls a domain, made when first needed,
/// replaced when worn, taken down when its thread or the domain ends.
class ThreadHosts final : public ScriptExecutor {
public:
    /// `first` serves the calling thread.
    ThreadHosts(std::shared_ptr<const DomainCode> code, std::unique_ptr<ScriptHost> first);
    ~ThreadHosts() override;
    ThreadHosts(const ThreadHosts &) = delete;
    ThreadHosts &operator=(const ThreadHosts &) = delete;

    [[nodiscard]] Result<Decision> decide(const ParsedRecord &command, DocumentSource &views,
                                          HandlerContext &context) override;
    [[nodiscard]] Result<void> fold(const std::string &view, const ParsedRecord &event,
                                    DocumentFold &documents) override;
    [[nodiscard]] Result<std::vector<FollowUpCommand>> react(const std::string &reaction, const ParsedRecord &event,
                                                             DocumentSource &views, HandlerContext &context) override;
    [[nodiscard]] Result<Json> upcast(const ParsedRecord &event, std::uint32_t from) override;

private:
    /// The calling thread's engine. Error DomainFault when a fresh one cannot be made.
    [[nodiscard]] Result<ScriptHost *> host();

    struct Shared;
    struct Leases;

    [[nodiscard]] static Leases &leases();

    const std::shared_ptr<Shared> m_shared;
};

} // namespace commander::script
