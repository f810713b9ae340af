// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ctl/http_client.h"

#include <commander/json.h>
#include <commander/limits.h>

#include <QCommandLineParser>

namespace commander::ctl {

/// Adds --url and --token-file, for subcommands that a running server can be asked for as well.
void addServerOptions(QCommandLineParser &parser);
/// Whether --url names a server.
[[nodiscard]] bool isRemote(const QCommandLineParser &parser);
/// The server that the options name. Errors InvalidArgument (also for options that only a workspace has), IoError.
[[nodiscard]] Result<std::unique_ptr<HttpClient>> serverOf(const QCommandLineParser &parser);

/// The value of an option as `&name=value`, as often as it is set.
[[nodiscard]] std::string queryOf(const QCommandLineParser &parser, const QString &option, std::string_view name);

/// An answer holds many records, each as deep as a record may be.
inline constexpr JsonLimits answerLimits{limits::jsonDepthMax + 8, std::size_t{1} << 28};

/// The exact text of a member of a JSON object; empty when there is none.
[[nodiscard]] std::string_view memberOf(const std::vector<JsonSlice> &members, std::string_view name);

/// A raw record of the REST contract as recordJson() writes it, `data` byte for byte. Errors of sliceJsonObject.
[[nodiscard]] Result<std::string> recordLine(std::string_view record);
/// The record at this position as recordJson() writes it, once the server's index has come to it.
[[nodiscard]] Result<std::string> recordAt(HttpClient &server, std::uint64_t position);

// The subcommands with --url; each gives the exit code.
[[nodiscard]] Result<int> remoteSubmit(const QCommandLineParser &parser, const std::string &action,
                                       const std::string &data, const std::string &expected, unsigned waitSeconds);
[[nodiscard]] Result<int> remoteRetry(const QCommandLineParser &parser, const std::string &command,
                                      const std::string &expected, unsigned waitSeconds);
[[nodiscard]] Result<int> remotePreview(const QCommandLineParser &parser, const std::string &action,
                                        const std::string &data);
[[nodiscard]] Result<int> remoteQuery(const QCommandLineParser &parser);
[[nodiscard]] Result<int> remoteTail(const QCommandLineParser &parser);
[[nodiscard]] Result<int> remoteExport(const QCommandLineParser &parser);
[[nodiscard]] Result<int> remoteVerify(const QCommandLineParser &parser);
[[nodiscard]] Result<int> remoteViews(const QCommandLineParser &parser, const QStringList &action);
[[nodiscard]] Result<int> remoteConsumers(const QCommandLineParser &parser, const QStringList &action);

} // namespace commander::ctl
