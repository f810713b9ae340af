// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "script/helper_messages.h"
#include "script/helper_process.h"
#include "script/read_hints.h"
#include "script/script_executor.h"
#include "script/script_host.h"

#include <memory>
#include <mutex>
#include <vector>

namespace commander::script {

/// Runs a domain's scripts in processes of their own: each call takes one that is free, or starts one. A call that goes
/// over a limit costs its process; the next call gets a fresh one.
class HelperScripts final : public ScriptExecutor {
public:
    /// Starts a first process, which loads the domain. Null when that failed: `problems` tells why.
    [[nodiscard]] static std::unique_ptr<HelperScripts> create(std::shared_ptr<const DomainCode> code,
                                                               std::vector<DomainProblem> &problems);
    ~HelperScripts() override;

    [[nodiscard]] Result<Decision> decide(const ParsedRecord &command, DocumentSource &views,
                                          HandlerContext &context) override;
    [[nodiscard]] Result<void> fold(const std::string &view, const ParsedRecord &event,
                                    DocumentFold &documents) override;
    [[nodiscard]] Result<std::vector<FollowUpCommand>> react(const std::string &reaction, const ParsedRecord &event,
                                                             DocumentSource &views, HandlerContext &context) override;
    [[nodiscard]] Result<Json> upcast(const ParsedRecord &event, std::uint32_t from) override;

private:
    /// What a call may ask for; null what it may not.
    struct Documents {
        DocumentSource *views = nullptr;
        DocumentFold *fold = nullptr;
    };
    explicit HelperScripts(std::shared_ptr<const DomainCode> code);
    [[nodiscard]] Result<std::unique_ptr<HelperProcess>> start(std::vector<DomainProblem> &problems) const;
    [[nodiscard]] Result<std::unique_ptr<HelperProcess>> take();
    void give(std::unique_ptr<HelperProcess> process);
    [[nodiscard]] Result<AnswerMessage> call(CallMessage message, const ParsedRecord &record,
                                             const Documents &documents, HelperMessage answer, const std::string &what);
    /// Serves the call until it ends. Takes the process back if it is still of use.
    [[nodiscard]] Result<AnswerMessage> serve(std::unique_ptr<HelperProcess> process, const CallMessage &message,
                                              const Json &data, const Documents &documents, HelperMessage answer,
                                              const std::string &what);
    /// Null when there is none; false when the call may not read it.
    [[nodiscard]] bool read(const ReadMessage &message, const Documents &documents, const Json *&document) const;

    const std::shared_ptr<const DomainCode> m_code;
    ReadHints m_hints;
    std::mutex m_mutex;
    std::vector<std::unique_ptr<HelperProcess>> m_idle; ///< guarded by m_mutex
};

} // namespace commander::script
