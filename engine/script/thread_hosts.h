// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "script/script_host.h"

#include <map>
#include <memory>
#include <mutex>
#include <thread>

namespace commander::script {

/// One script engine for each thread that calls a domain: made when first needed, replaced when worn, taken down when
/// its thread or the domain ends. Thread-safe.
class ThreadHosts {
public:
    /// `first` serves the calling thread.
    ThreadHosts(std::shared_ptr<const DomainCode> code, std::unique_ptr<ScriptHost> first);
    ~ThreadHosts();
    ThreadHosts(const ThreadHosts &) = delete;
    ThreadHosts &operator=(const ThreadHosts &) = delete;

    /// The calling thread's engine. Error DomainFault when a fresh one cannot be made.
    [[nodiscard]] Result<ScriptHost *> host();

private:
    struct Shared;
    struct Leases;

    [[nodiscard]] static Leases &leases();

    const std::shared_ptr<Shared> m_shared;
};

} // namespace commander::script
