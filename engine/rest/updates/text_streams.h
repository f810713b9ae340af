// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "rest/http/exchange.h"

#include <commander/result.h>

#include <QObject>
#include <QThreadPool>

#include <functional>
#include <optional>
#include <stop_token>
#include <unordered_map>

namespace commander::rest {

class RestContext;

/// Answers that are too long to be held in memory: made piece by piece on a worker, each when the client has read most
/// of what came before. A piece that cannot be had breaks the connection off, so that nobody takes a part for the
/// whole. Server thread only.
class TextStreams final : public QObject {
public:
    /// The next piece, or nothing when that was all. Called on a worker, never twice at the same time.
    using Source = std::function<Result<std::optional<std::string>>(std::stop_token)>;

    explicit TextStreams(RestContext &context);
    ~TextStreams() override;

    /// Begins to answer with a stream; `first` is its beginning.
    void open(ExchangeId exchange, const Response &head, const std::string &first, Source source);
    void writable(ExchangeId exchange);
    void gone(ExchangeId exchange);
    void finish();

private:
    struct Stream {
        std::shared_ptr<Source> source;
        std::stop_source stop;
        bool reading = false;
    };
    void pump(ExchangeId exchange, Stream &stream);
    void took(ExchangeId exchange, const Result<std::optional<std::string>> &piece);

    RestContext &m_context;
    std::unordered_map<std::uint64_t, Stream> m_streams; ///< by exchange
    QThreadPool m_reader;
};

} // namespace commander::rest
