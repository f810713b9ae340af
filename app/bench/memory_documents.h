// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <commander/domain.h>

#include <functional>
#include <string>
#include <string_view>
#include <unordered_map>

namespace commander {

/// Documents in memory and nothing more: no history, no file.
class MemoryDocuments final : public DocumentFold {
public:
    [[nodiscard]] const Json *get(std::string_view key) override
    {
        const auto found = m_documents.find(key);
        return found == m_documents.end() ? nullptr : &found->second;
    }
    void put(std::string_view key, Json document) override
    {
        if (const auto found = m_documents.find(key); found != m_documents.end())
            found->second = std::move(document);
        else
            m_documents.emplace(std::string(key), std::move(document));
    }
    void remove(std::string_view key) override
    {
        if (const auto found = m_documents.find(key); found != m_documents.end())
            m_documents.erase(found);
    }

private:
    struct Hash {
        using is_transparent = void;
        std::size_t operator()(std::string_view text) const noexcept { return std::hash<std::string_view>()(text); }
    };
    std::unordered_map<std::string, Json, Hash, std::equal_to<>> m_documents;
};

} // namespace commander
