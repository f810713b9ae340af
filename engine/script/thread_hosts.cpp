// SPDX-License-Identifier: GPL-3.0-or-later
#include "script/thread_hosts.h"

#include <atomic>

namespace commander::script {

struct ThreadHosts::Shared {
    explicit Shared(std::shared_ptr<const DomainCode> from) : code(std::move(from)) { }

    const std::shared_ptr<const DomainCode> code;
    std::mutex mutex;
    std::map<std::thread::id, std::unique_ptr<ScriptHost>> hosts; ///< guarded by mutex; each used by its thread only

    ScriptHost *put(std::unique_ptr<ScriptHost> host)
    {
        const std::scoped_lock lock(mutex);
        auto &place = hosts[std::this_thread::get_id()];
        place = std::move(host);
        return place.get();
    }
    void drop(std::thread::id thread)
    {
        std::unique_ptr<ScriptHost> gone; // taken down outside of the lock
        const std::scoped_lock lock(mutex);
        if (const auto found = hosts.find(thread); found != hosts.end()) {
            gone = std::move(found->second);
            hosts.erase(found);
        }
    }
};

/// What one thread has of all domains.
struct ThreadHosts::Leases {
    struct Lease {
        const Shared *key = nullptr;
        std::weak_ptr<Shared> shared;
        ScriptHost *host = nullptr;
    };
    std::vector<Lease> all;

    Leases() = default;
    Leases(const Leases &) = delete;
    Leases &operator=(const Leases &) = delete;
    ~Leases()
    {
        for (const auto &lease : all) {
            if (const auto shared = lease.shared.lock())
                shared->drop(std::this_thread::get_id());
        }
    }
};

ThreadHosts::Leases &ThreadHosts::leases()
{
    thread_local Leases leases;
    return leases;
}

ThreadHosts::ThreadHosts(std::shared_ptr<const DomainCode> code, std::unique_ptr<ScriptHost> first)
    : m_shared(std::make_shared<Shared>(std::move(code)))
{
    leases().all.push_back({m_shared.get(), m_shared, m_shared->put(std::move(first))});
}

ThreadHosts::~ThreadHosts() = default;

Result<ScriptHost *> ThreadHosts::host()
{
    auto &all = leases().all;
    // A lease of a domain that is gone may have the address of a new one: only a living one counts.
    std::erase_if(all, [](const Leases::Lease &lease) { return lease.shared.expired(); });
    const auto found
        = std::find_if(all.begin(), all.end(), [&](const auto &lease) { return lease.key == m_shared.get(); });
    if (found != all.end() && !found->host->isWorn())
        return found->host;
    std::vector<DomainProblem> problems;
    auto made = ScriptHost::create(*m_shared->code, problems);
    if (!made) {
        return fail(ErrorCode::DomainFault, "a fresh script engine cannot be made: " + problems.front().text(),
                    "domain " + m_shared->code->manifest.name);
    }
    auto *const host = m_shared->put(std::move(made));
    if (found != all.end())
        found->host = host;
    else
        all.push_back({m_shared.get(), m_shared, host});
    return host;
}

Result<Decision> ThreadHosts::decide(const ParsedRecord &command, DocumentSource &views, HandlerContext &context)
{
    const auto own = host();
    return own ? (*own)->decide(command, views, context) : fail(own.error());
}

Result<void> ThreadHosts::fold(const std::string &view, const ParsedRecord &event, DocumentFold &documents)
{
    const auto own = host();
    return own ? (*own)->fold(view, event, documents) : fail(own.error());
}

Result<std::vector<FollowUpCommand>> ThreadHosts::react(const std::string &reaction, const ParsedRecord &event,
                                                        DocumentSource &views, HandlerContext &context)
{
    const auto own = host();
    return own ? (*own)->react(reaction, event, views, context) : fail(own.error());
}

Result<Json> ThreadHosts::upcast(const ParsedRecord &event, std::uint32_t from)
{
    const auto own = host();
    return own ? (*own)->upcast(event, from) : fail(own.error());
}

} // namespace commander::script
