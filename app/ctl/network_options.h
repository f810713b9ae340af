// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <commander/rest_server.h>

#include <QCommandLineParser>

namespace commander::ctl {

/// Adds what `serve` can be told of the network: address, port, TLS, tokens, origins, rates.
void addNetworkOptions(QCommandLineParser &parser);
/// The same as the server takes it, with the tokens of the workspace; --token-file makes one more. Errors
/// InvalidArgument, IoError.
[[nodiscard]] Result<RestOptions> networkOptions(const QCommandLineParser &parser, const std::string &ledgerPath);
/// One line: who may come in.
[[nodiscard]] std::string whoMayComeIn(const RestOptions &options);

} // namespace commander::ctl
