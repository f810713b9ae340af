// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <commander/access.h>
#include <commander/ids.h>

namespace commander {

/// A token as it is kept.
struct StoredToken {
    AccessTokenPtr token;
    Hash256 hash{}; ///< SHA-256 of the secret
};

/// The file of tokens: lines that are only ever added, each with a checksum, so that a reader sees a line wholly or not
/// at all and a crash costs at most the line that was being written. Not thread-safe.
///
///     CHECKSUM {"token":"ci","roles":"read,submit","created":"…","expires":"…","hash":"…"}
///     CHECKSUM {"revoked":"ci","at":"…"}
class TokenFile {
public:
    TokenFile(std::string path, FileSystem &fileSystem) : m_path(std::move(path)), m_fileSystem(fileSystem) { }

    struct Content {
        std::string bytes;               ///< as read
        std::size_t end = 0;             ///< behind the last line that is whole
        std::vector<StoredToken> tokens; ///< not revoked, oldest first
        bool everMade = false;           ///< there is something in it, even if every token was revoked
    };
    /// A file that is not there is empty. Errors IoError, LedgerDamaged (a line was changed).
    [[nodiscard]] Result<Content> read() const;
    /// The bytes alone, to see whether they changed.
    [[nodiscard]] Result<std::string> readBytes() const;

    /// Nobody else writes as long as this is held. Error Busy.
    [[nodiscard]] Result<std::unique_ptr<class FileLock>> lock();
    /// Adds a line behind `content`; durable when it returns.
    [[nodiscard]] Result<void> addToken(const Content &content, const StoredToken &token);
    [[nodiscard]] Result<void> addRevocation(const Content &content, const std::string &name, Timestamp at);

private:
    [[nodiscard]] Result<void> append(const Content &content, const std::string &json);

    const std::string m_path;
    FileSystem &m_fileSystem;
};

} // namespace commander
