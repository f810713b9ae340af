// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "rest_page/rest_control.h"

#include <algorithm>
#include <mutex>

namespace commander::test {

/// A log that a test writes.
class FakeRequestLog final : public RequestLog {
public:
    /// Numbered, and with a request of its own unless one is named.
    void add(RequestEntry entry)
    {
        const std::scoped_lock lock(m_mutex);
        entry.sequence = ++m_newest;
        if (entry.request == 0)
            entry.request = entry.sequence;
        m_entries.push_back(std::move(entry));
    }
    void forgetTo(std::uint64_t sequence)
    {
        const std::scoped_lock lock(m_mutex);
        std::erase_if(m_entries, [sequence](const RequestEntry &entry) { return entry.sequence <= sequence; });
    }
    std::uint64_t newest() const noexcept override
    {
        const std::scoped_lock lock(m_mutex);
        return m_newest;
    }
    std::uint64_t oldest() const noexcept override
    {
        const std::scoped_lock lock(m_mutex);
        return m_entries.empty() ? 0 : m_entries.front().sequence;
    }
    std::vector<RequestEntry> after(std::uint64_t sequence, std::size_t max) const override
    {
        const std::scoped_lock lock(m_mutex);
        std::vector<RequestEntry> found;
        for (const auto &entry : m_entries) {
            if (entry.sequence > sequence && found.size() < max)
                found.push_back(entry);
        }
        return found;
    }
    std::vector<RequestEntry> before(std::uint64_t, std::size_t) const override { return {}; }

private:
    mutable std::mutex m_mutex;
    std::vector<RequestEntry> m_entries; ///< oldest first
    std::uint64_t m_newest = 0;
};

/// Tokens in memory.
class FakeTokens final : public AccessTokens {
public:
    Result<std::vector<AccessToken>> list() const override
    {
        const std::scoped_lock lock(m_mutex);
        return m_tokens;
    }
    Result<CreatedToken> create(NewAccessToken wanted) override
    {
        const std::scoped_lock lock(m_mutex);
        const auto taken = std::any_of(m_tokens.begin(), m_tokens.end(),
                                       [&wanted](const AccessToken &token) { return token.name == wanted.name; });
        if (taken)
            return fail(ErrorCode::Conflict, "there is a token with this name", wanted.name, "Choose another name.");
        m_closed = true;
        m_tokens.push_back({wanted.name, wanted.roles, Timestamp{1'780'000'000'000'000}, wanted.expires, false});
        return CreatedToken{m_tokens.back(), "cmdr_" + std::string(64, '7')};
    }
    Result<void> revoke(const std::string &name) override
    {
        const std::scoped_lock lock(m_mutex);
        std::erase_if(m_tokens, [&name](const AccessToken &token) { return token.name == name; });
        return {};
    }
    AccessTokenPtr identify(std::string_view) override { return nullptr; }
    bool isValid(const AccessToken &) override { return true; }
    bool isClosed() override
    {
        const std::scoped_lock lock(m_mutex);
        return m_closed;
    }

private:
    mutable std::mutex m_mutex;
    std::vector<AccessToken> m_tokens;
    bool m_closed = false;
};

/// A server that does what a test says.
class FakeRestControl final : public ui::RestControl {
public:
    explicit FakeRestControl(RestStatus status = {true, "http://127.0.0.1:8080", {}, 0, 0}, QObject *parent = nullptr)
        : RestControl(parent), m_status(std::move(status))
    {
    }
    [[nodiscard]] FakeRequestLog &log() { return *m_log; }
    [[nodiscard]] FakeTokens &fakeTokens() { return *m_tokens; }
    [[nodiscard]] const std::vector<ui::RestQuestion> &asked() const { return m_asked; }
    void setAnswer(ui::RestAnswer answer) { m_answer = std::move(answer); }
    void setStatus(RestStatus status)
    {
        m_status = std::move(status);
        Q_EMIT changed();
    }

    RestStatus status() const override { return m_status; }
    std::shared_ptr<const RequestLog> requests() const override { return m_log; }
    std::shared_ptr<AccessTokens> tokens() const override { return m_tokens; }
    void start(std::uint16_t port) override { setStatus({true, "http://127.0.0.1:" + std::to_string(port), {}, 0, 0}); }
    void stop() override { setStatus({}); }
    bool isChanging() const override { return false; }
    void send(const ui::RestQuestion &question, QObject *, std::function<void(const ui::RestAnswer &)> answer) override
    {
        m_asked.push_back(question);
        answer(m_answer);
    }

private:
    RestStatus m_status;
    std::shared_ptr<FakeRequestLog> m_log = std::make_shared<FakeRequestLog>();
    std::shared_ptr<FakeTokens> m_tokens = std::make_shared<FakeTokens>();
    std::vector<ui::RestQuestion> m_asked;
    ui::RestAnswer m_answer;
};

} // namespace commander::test
