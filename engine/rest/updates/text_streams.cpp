// SPDX-License-Identifier: GPL-3.0-or-later
#include "rest/updates/text_streams.h"

#include "rest/http/http_front.h"
#include "rest/rest_context.h"

namespace commander::rest {

namespace {

constexpr std::size_t unsentBytesMax = 256 * 1024; ///< more is not made for a client that has not read it
constexpr int readersMax = 2;

} // namespace

TextStreams::TextStreams(RestContext &context) : m_context(context)
{
    m_reader.setMaxThreadCount(readersMax);
}

TextStreams::~TextStreams()
{
    finish();
}

void TextStreams::finish()
{
    for (auto &[id, stream] : m_streams)
        stream.stop.request_stop();
    m_reader.waitForDone();
    m_streams.clear();
}

void TextStreams::open(ExchangeId exchange, const Response &head, const std::string &first, Source source)
{
    auto &front = m_context.front();
    if (!front.unsentBytes(exchange))
        return; // left meanwhile
    front.beginStream(exchange, head, Framing::Chunked);
    front.writeStream(exchange, first);
    auto &stream = m_streams[exchange.value];
    stream.source = std::make_shared<Source>(std::move(source));
    pump(exchange, stream);
}

void TextStreams::writable(ExchangeId exchange)
{
    if (const auto found = m_streams.find(exchange.value); found != m_streams.end())
        pump(exchange, found->second);
}

void TextStreams::gone(ExchangeId exchange)
{
    if (const auto found = m_streams.find(exchange.value); found != m_streams.end()) {
        found->second.stop.request_stop();
        m_streams.erase(found);
    }
}

void TextStreams::pump(ExchangeId exchange, Stream &stream)
{
    if (stream.reading || m_context.front().unsentBytes(exchange).value_or(unsentBytesMax) >= unsentBytesMax)
        return; // until took() or writable()
    stream.reading = true;
    m_reader.start(
        [this, exchange, returns = m_context.returns(), source = stream.source, stop = stream.stop.get_token()] {
            auto piece = (*source)(stop);
            returns->post([this, exchange, piece = std::move(piece)] { took(exchange, piece); });
        });
}

void TextStreams::took(ExchangeId exchange, const Result<std::optional<std::string>> &piece)
{
    const auto found = m_streams.find(exchange.value);
    if (found == m_streams.end())
        return;
    found->second.reading = false;
    if (piece && *piece) {
        m_context.front().writeStream(exchange, **piece);
        return pump(exchange, found->second);
    }
    m_streams.erase(found);
    if (piece)
        m_context.front().finishStream(exchange);
    else
        m_context.front().abortStream(exchange);
}

} // namespace commander::rest
