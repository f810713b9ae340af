// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <commander/request_log.h>

#include <atomic>
#include <mutex>

namespace commander::rest {

/// The log as a ring: an entry takes the place of the oldest, and its strings' memory.
class RequestRing final : public RequestLog {
public:
    explicit RequestRing(std::size_t entriesMax) : m_entriesMax(entriesMax) { }

    /// Everything of an entry but its number.
    struct Told {
        std::uint64_t request = 0;
        RequestEntry::Kind kind = RequestEntry::Kind::Answered;
        std::uint16_t status = 0;
        Timestamp time;
        std::uint64_t micros = 0;
        std::uint64_t bytes = 0;
        std::string_view method;
        std::string_view target; ///< as received
        std::string_view client;
        std::string_view token;
        std::string_view code;
        std::string_view command;
    };
    void add(const Told &told);

    [[nodiscard]] std::uint64_t newest() const noexcept override { return m_newest.load(std::memory_order_acquire); }
    [[nodiscard]] std::uint64_t oldest() const noexcept override;
    [[nodiscard]] std::vector<RequestEntry> after(std::uint64_t sequence, std::size_t max) const override;
    [[nodiscard]] std::vector<RequestEntry> before(std::uint64_t sequence, std::size_t max) const override;

private:
    [[nodiscard]] const RequestEntry &at(std::uint64_t sequence) const
    {
        return m_entries[(sequence - 1) % m_entriesMax];
    }

    const std::size_t m_entriesMax;
    std::atomic<std::uint64_t> m_newest{0};
    mutable std::mutex m_mutex;
    std::vector<RequestEntry> m_entries; ///< guarded by m_mutex
};

/// Appends a request target with the values of parameters that are secrets blotted out, at most 512 bytes of it.
void appendWithoutSecrets(std::string &out, std::string_view target);

} // namespace commander::rest
