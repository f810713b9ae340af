// SPDX-License-Identifier: GPL-3.0-or-later
#include "access/token_file.h"

#include "values/digest.h"

#include <commander/file_system.h>
#include <commander/json.h>

#include <algorithm>

namespace commander {

namespace {

constexpr std::size_t checksumDigits = 16;
constexpr std::size_t fileBytesMax = 4 << 20; ///< some ten thousand tokens: more is no token file

std::string checksumOf(std::string_view json)
{
    Hash256 hash{};
    Digest(DigestKind::Sha256).add(json).finish(hash);
    return toHex(hash.data(), checksumDigits / 2);
}

/// The JSON of a line whose checksum fits.
std::optional<std::string_view> jsonOf(std::string_view line)
{
    line = line.substr(0, line.find_last_not_of(' ') + 1);
    if (line.size() <= checksumDigits || line[checksumDigits] != ' ')
        return std::nullopt;
    const auto json = line.substr(checksumDigits + 1);
    return checksumOf(json) == line.substr(0, checksumDigits) ? std::optional(json) : std::nullopt;
}

std::optional<Hash256> hashFromHex(std::string_view text)
{
    Hash256 hash{};
    if (text.size() != 2 * hash.size())
        return std::nullopt;
    const auto digit = [](char c) { return c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1; };
    for (std::size_t i = 0; i < hash.size(); ++i) {
        const int high = digit(text[2 * i]);
        const int low = digit(text[2 * i + 1]);
        if (high < 0 || low < 0)
            return std::nullopt;
        hash[i] = static_cast<std::uint8_t>(high * 16 + low);
    }
    return hash;
}

/// Nothing when the line is not one of ours.
std::optional<StoredToken> readToken(const Json &line)
{
    auto token = std::make_shared<AccessToken>();
    token->name = line.stringAt("token");
    const auto roles = AccessRoles::parse(line.stringAt("roles"));
    const auto created = Timestamp::parse(line.stringAt("created"));
    const auto hash = hashFromHex(line.stringAt("hash"));
    if (token->name.empty() || !roles || !created || !hash)
        return std::nullopt;
    token->roles = *roles;
    token->created = *created;
    if (line.find("expires")) {
        const auto expires = Timestamp::parse(line.stringAt("expires"));
        if (!expires)
            return std::nullopt;
        token->expires = *expires;
    }
    return StoredToken{std::move(token), *hash};
}

bool take(TokenFile::Content &content, std::string_view text)
{
    const auto line = parseJson(text);
    if (!line)
        return false;
    if (const auto revoked = line->stringAt("revoked"); !revoked.empty()) {
        std::erase_if(content.tokens, [&](const StoredToken &one) { return one.token->name == revoked; });
        return true;
    }
    auto token = readToken(*line);
    if (!token)
        return false;
    content.tokens.push_back(std::move(*token));
    return true;
}

} // namespace

Result<std::string> TokenFile::readBytes() const
{
    if (!m_fileSystem.exists(m_path))
        return std::string();
    auto file = m_fileSystem.open(m_path, FileSystem::OpenMode::ReadOnly);
    if (!file)
        return fail(file.error());
    std::string bytes;
    constexpr std::size_t step = 16 * 1024;
    for (;;) {
        const auto had = bytes.size();
        bytes.resize(had + step);
        const auto count = (*file)->readAt(had, {reinterpret_cast<std::uint8_t *>(bytes.data()) + had, step});
        if (!count)
            return fail(count.error());
        bytes.resize(had + *count);
        if (*count < step)
            return bytes;
        if (bytes.size() > fileBytesMax)
            return fail(ErrorCode::LedgerDamaged, "this is no file of tokens", m_path);
    }
}

Result<TokenFile::Content> TokenFile::read() const
{
    auto bytes = readBytes();
    if (!bytes)
        return fail(bytes.error());
    Content content;
    content.bytes = std::move(*bytes);
    content.everMade = !content.bytes.empty(); // whatever became of it: never an open door
    const std::string_view all = content.bytes;
    while (content.end < all.size()) {
        const auto newline = all.find('\n', content.end);
        if (newline == std::string_view::npos)
            break; // being written, or cut off by a crash
        const auto json = jsonOf(all.substr(content.end, newline - content.end));
        // Also of the last line: it may have been a revocation, which must not be undone by a rotten byte.
        if (!json || !take(content, *json)) {
            return fail(ErrorCode::LedgerDamaged, "a line of the file of tokens was changed",
                        m_path + ", byte " + std::to_string(content.end),
                        "Delete the file and make the tokens again; until then nobody is let in.");
        }
        content.end = newline + 1;
    }
    return content;
}

Result<std::unique_ptr<FileLock>> TokenFile::lock()
{
    auto lock = m_fileSystem.lock(m_path + ".lock", "tokens");
    if (!lock && lock.error().code == ErrorCode::LedgerLocked) {
        return fail(ErrorCode::Busy, "another process is changing the tokens of this workspace", m_path,
                    "Try again in a moment.");
    }
    return lock;
}

Result<void> TokenFile::addToken(const Content &content, const StoredToken &stored)
{
    Json json = Json::object();
    const auto &token = *stored.token;
    json.set("token", Json(token.name)).set("roles", Json(token.roles.text()));
    json.set("created", Json(token.created.text()));
    if (token.expires)
        json.set("expires", Json(token.expires->text()));
    json.set("hash", Json(toHex(stored.hash)));
    return append(content, writeJson(json));
}

Result<void> TokenFile::addRevocation(const Content &content, const std::string &name, Timestamp at)
{
    Json json = Json::object();
    json.set("revoked", Json(name)).set("at", Json(at.text()));
    return append(content, writeJson(json));
}

Result<void> TokenFile::append(const Content &content, const std::string &json)
{
    const bool isNew = !m_fileSystem.exists(m_path);
    auto file = m_fileSystem.open(m_path, FileSystem::OpenMode::ReadWriteCreate);
    if (!file)
        return fail(file.error());
    auto line = checksumOf(json) + ' ' + json;
    // What a crash left behind the last whole line is written over, all of it.
    const auto torn = content.bytes.size() - content.end;
    if (line.size() + 1 < torn)
        line.resize(torn - 1, ' ');
    line += '\n';
    const auto *bytes = reinterpret_cast<const std::uint8_t *>(line.data());
    if (auto written = (*file)->writeAt(content.end, {bytes, line.size()}); !written)
        return written;
    if (auto synced = (*file)->sync(); !synced)
        return synced;
    if (!isNew)
        return {};
    const auto slash = m_path.find_last_of('/');
    return m_fileSystem.syncDirectory(slash == std::string::npos ? "."
                                                                 : m_path.substr(0, std::max<std::size_t>(slash, 1)));
}

} // namespace commander
