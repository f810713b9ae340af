// SPDX-License-Identifier: GPL-3.0-or-later
#include "rest/gate/request_gate.h"

#include <QTest>

#include <algorithm>

using namespace commander::rest;

namespace {

/// Everything that the gate made of some bytes, as text: one line for each request or refusal.
struct Verdict {
    std::string text;
    std::size_t continues = 0;
    bool operator==(const Verdict &) const = default;
};

std::shared_ptr<const GatePolicy> makePolicy()
{
    auto policy = std::make_shared<GatePolicy>();
    policy->limits.bodyBytesMax = 1000;
    policy->hosts = {"127.0.0.1:8080", "localhost:8080", "[::1]:8080"};
    policy->origins = {"http://127.0.0.1:8080", "http://localhost:8080", "https://good.example"};
    policy->checkHead = [](CheckedRequest &request, GateClient &) -> std::optional<GateRefusal> {
        if (request.head.path() != "/nowhere")
            return std::nullopt;
        GateRefusal refusal;
        refusal.status = 404;
        refusal.code = "not-found";
        return refusal;
    };
    return policy;
}

/// Feeds the bytes in pieces that end at the given cuts.
Verdict judge(const std::string &bytes, const std::vector<std::size_t> &cuts)
{
    RequestGate gate(makePolicy());
    Verdict verdict;
    std::string waiting;
    std::size_t begin = 0;
    auto ends = cuts;
    ends.push_back(bytes.size());
    for (const auto end : ends) {
        waiting.append(bytes, begin, end - begin);
        begin = end;
        for (;;) {
            const auto taken = gate.feed(waiting);
            waiting.erase(0, taken);
            if (gate.takeContinue())
                ++verdict.continues;
            if (gate.state() == RequestGate::State::Complete) {
                const auto request = gate.take();
                verdict.text += std::string(methodName(request.head.method())) + ' '
                    + std::string(request.head.target()) + (request.keepAlive ? "" : " close")
                    + (request.allowedOrigin.empty() ? "" : " from " + request.allowedOrigin) + " [" + request.body
                    + "]\n";
                continue;
            }
            if (gate.state() == RequestGate::State::Refused && !gate.refusal().close) {
                verdict.text += std::to_string(gate.refusal().status) + ' ' + gate.refusal().code + " open\n";
                gate.reset();
                continue;
            }
            break;
        }
    }
    if (gate.state() == RequestGate::State::Refused)
        verdict.text += std::to_string(gate.refusal().status) + ' ' + gate.refusal().code + '\n';
    else if (gate.started())
        verdict.text += "unfinished\n";
    return verdict;
}

const std::string host = "Host: 127.0.0.1:8080\r\n";

std::string get(const std::string &fields)
{
    return "GET /x HTTP/1.1\r\n" + fields + "\r\n";
}

std::string post(const std::string &fields, const std::string &body)
{
    return "POST /commands HTTP/1.1\r\n" + host + fields + "\r\n" + body;
}

std::string manyFields(int count)
{
    std::string fields;
    for (int i = 0; i < count; ++i)
        fields += "X-" + std::to_string(i) + ": 1\r\n";
    return fields;
}

struct Case {
    const char *name;
    std::string bytes;
    std::string verdict;
};

std::vector<Case> cases()
{
    const std::string bad = "400 bad-request\n";
    const std::string ok = "GET /x []\n";
    return {
        // What is fine
        {"plain GET", get(host), ok},
        {"localhost", get("Host: LocalHost:8080\r\n"), ok},
        {"IPv6", get("Host: [::1]:8080\r\n"), ok},
        {"empty line before", "\r\n" + get(host), ok},
        {"query and escapes", "GET /a%20b?c=%C3%A4 HTTP/1.1\r\n" + host + "\r\n", "GET /a%20b?c=%C3%A4 []\n"},
        {"white space around a value", get("Host: \t 127.0.0.1:8080 \t\r\n"), ok},
        {"empty value", get(host + "X-Empty:\r\n"), ok},
        {"HTTP/1.0", "GET /x HTTP/1.0\r\n" + host + "\r\n", "GET /x close []\n"},
        {"HTTP/1.0 that stays", "GET /x HTTP/1.0\r\n" + host + "Connection: Keep-Alive\r\n\r\n", ok},
        {"Connection: close", get(host + "Connection: foo, Close\r\n"), "GET /x close []\n"},
        {"HEAD", "HEAD /x HTTP/1.1\r\n" + host + "\r\n", "HEAD /x []\n"},
        {"OPTIONS *", "OPTIONS * HTTP/1.1\r\n" + host + "\r\n", "OPTIONS * []\n"},
        {"POST", post("Content-Length: 2\r\n", "{}"), "POST /commands [{}]\n"},
        {"POST of nothing", post("Content-Length: 0\r\n", ""), "POST /commands []\n"},
        {"leading zeros", post("Content-Length: 002\r\n", "{}"), "POST /commands [{}]\n"},
        {"body of the largest size", post("Content-Length: 1000\r\n", std::string(1000, 'x')),
         "POST /commands [" + std::string(1000, 'x') + "]\n"},
        {"chunks", post("Transfer-Encoding: chunked\r\n", "1\r\n{\r\n01\r\n}\r\n0\r\n\r\n"), "POST /commands [{}]\n"},
        {"chunks, capitals", post("Transfer-Encoding: Chunked\r\n", "A\r\n0123456789\r\n0\r\n\r\n"),
         "POST /commands [0123456789]\n"},
        {"two at once", get(host) + post("Content-Length: 2\r\n", "{}") + get(host), ok + "POST /commands [{}]\n" + ok},
        {"unfinished head", "GET /x HTTP/1.1\r\nHost: 127", "unfinished\n"},
        {"unfinished body", post("Content-Length: 3\r\n", "{}"), "unfinished\n"},
        {"nothing", "", ""},
        // Syntax
        {"line feeds alone", "GET /x HTTP/1.1\nHost: 127.0.0.1:8080\n\n", bad},
        {"one line feed alone", "GET /x HTTP/1.1\r\nHost: 127.0.0.1:8080\n\r\n", bad},
        {"two empty lines before", "\r\n\r\n" + get(host), bad},
        {"folded field", get(host + "X-A: 1\r\n 2\r\n"), bad},
        {"field begins with a tab", get("\tX: 1\r\n" + host), bad},
        {"space before the colon", post("Content-Length : 5\r\n", "GET /"), bad},
        {"no colon", get(host + "Nonsense\r\n"), bad},
        {"no name", get(host + ": 1\r\n"), bad},
        {"name with a slash", get(host + "X/Y: 1\r\n"), bad},
        {"NUL in a value", get(host + "X: a" + std::string(1, '\0') + "b\r\n"), bad},
        {"CR in a value", get(host + "X: a\rb\r\n"), bad},
        {"DEL in a value", get(host + "X: \x7f\r\n"), bad},
        {"no target", "GET HTTP/1.1\r\n" + host + "\r\n", bad},
        {"two blanks", "GET  /x HTTP/1.1\r\n" + host + "\r\n", bad},
        {"blank at the end", "GET /x HTTP/1.1 \r\n" + host + "\r\n", bad},
        {"tab between", "GET\t/x\tHTTP/1.1\r\n" + host + "\r\n", bad},
        {"absolute form", "GET http://127.0.0.1:8080/x HTTP/1.1\r\n" + host + "\r\n", bad},
        {"authority form", "GET 127.0.0.1:8080 HTTP/1.1\r\n" + host + "\r\n", bad},
        {"star for GET", "GET * HTTP/1.1\r\n" + host + "\r\n", bad},
        {"fragment", "GET /x#y HTTP/1.1\r\n" + host + "\r\n", bad},
        {"broken escape", "GET /%zz HTTP/1.1\r\n" + host + "\r\n", bad},
        {"cut escape", "GET /%a HTTP/1.1\r\n" + host + "\r\n", bad},
        {"escaped NUL", "GET /%00 HTTP/1.1\r\n" + host + "\r\n", bad},
        {"raw UTF-8 in the target", "GET /\xc3\xa4 HTTP/1.1\r\n" + host + "\r\n", bad},
        {"other protocol", "GET /x SIP/2.00\r\n" + host + "\r\n", bad},
        {"lower-case protocol", "GET /x http/1.1\r\n" + host + "\r\n", bad},
        {"HTTP/9.9", "GET /x HTTP/9.9\r\n" + host + "\r\n", "505 http-version-not-supported\n"},
        {"HTTP/2.0", "PRI * HTTP/2.0\r\n\r\n", "505 http-version-not-supported\n"},
        {"unknown method", "BREW /x HTTP/1.1\r\n" + host + "\r\n", "501 method-not-implemented\n"},
        {"CONNECT", "CONNECT /x HTTP/1.1\r\n" + host + "\r\n", "501 method-not-implemented\n"},
        {"lower-case method", "get /x HTTP/1.1\r\n" + host + "\r\n", "501 method-not-implemented\n"},
        {"no Host", get(""), bad},
        {"two Hosts", get(host + host), bad},
        {"TLS hello", std::string("\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n", 13), bad},
        // Where the body ends
        {"length not a number", post("Content-Length: abc\r\n", "GET / HTTP/1.1\r\n\r\n"), bad},
        {"negative length", post("Content-Length: -1\r\n", ""), bad},
        {"length with a plus", post("Content-Length: +2\r\n", "{}"), bad},
        {"empty length", post("Content-Length:\r\n", ""), bad},
        {"list of lengths", post("Content-Length: 2, 2\r\n", "{}"), bad},
        {"two equal lengths", post("Content-Length: 2\r\nContent-Length: 2\r\n", "{}"), bad},
        {"two lengths", post("Content-Length: 2\r\ncontent-length: 20\r\n", "{}"), bad},
        {"hexadecimal length", post("Content-Length: 0x2\r\n", "{}"), bad},
        {"length of 2^64 - 1", post("Content-Length: 18446744073709551615\r\n", ""), "413 body-too-large\n"},
        {"length of 2^64 + 2", post("Content-Length: 18446744073709551618\r\n", "{}"), "413 body-too-large\n"},
        {"length and chunks", post("Content-Length: 2\r\nTransfer-Encoding: chunked\r\n", "0\r\n\r\n"), bad},
        {"chunks and length", post("Transfer-Encoding: chunked\r\nContent-Length: 2\r\n", "0\r\n\r\n"), bad},
        {"two encodings", post("Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n", "0\r\n\r\n"), bad},
        {"xchunked", post("Transfer-Encoding: xchunked\r\n", "0\r\n\r\n"), "501 transfer-encoding-not-implemented\n"},
        {"gzip, chunked", post("Transfer-Encoding: gzip, chunked\r\n", "0\r\n\r\n"),
         "501 transfer-encoding-not-implemented\n"},
        {"identity", post("Transfer-Encoding: identity\r\n", ""), "501 transfer-encoding-not-implemented\n"},
        {"chunks in HTTP/1.0", "POST /commands HTTP/1.0\r\n" + host + "Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
         bad},
        {"chunk of size zz", post("Transfer-Encoding: chunked\r\n", "zz\r\n{}\r\n0\r\n\r\n"), bad},
        {"chunk of no size", post("Transfer-Encoding: chunked\r\n", "\r\n{}\r\n0\r\n\r\n"), bad},
        {"chunk of size -1", post("Transfer-Encoding: chunked\r\n", "-1\r\n{}\r\n0\r\n\r\n"), bad},
        {"chunk of size 0x2", post("Transfer-Encoding: chunked\r\n", "0x2\r\n{}\r\n0\r\n\r\n"), bad},
        {"chunk with an extension", post("Transfer-Encoding: chunked\r\n", "2;a=b\r\n{}\r\n0\r\n\r\n"), bad},
        {"chunk longer than it says", post("Transfer-Encoding: chunked\r\n", "1\r\n{}\r\n0\r\n\r\n"), bad},
        {"chunk ends in a line feed", post("Transfer-Encoding: chunked\r\n", "2\r\n{}\n0\r\n\r\n"), bad},
        {"chunk size ends in a line feed", post("Transfer-Encoding: chunked\r\n", "2\n{}\r\n0\r\n\r\n"), bad},
        {"chunk of size 7fff…", post("Transfer-Encoding: chunked\r\n", "7fffffffffffffff\r\n"), "413 body-too-large\n"},
        {"chunk size of many digits", post("Transfer-Encoding: chunked\r\n", std::string(40, '0') + "\r\n"), bad},
        {"trailer fields", post("Transfer-Encoding: chunked\r\n", "0\r\nX: 1\r\n\r\n"), bad},
        {"chunks over the limit",
         post("Transfer-Encoding: chunked\r\n", "3e8\r\n" + std::string(1000, 'x') + "\r\n1\r\n"),
         "413 body-too-large\n"},
        {"length over the limit", post("Content-Length: 1001\r\n", ""), "413 body-too-large\n"},
        {"no length", post("", ""), "411 length-required\n"},
        // Sizes
        {"request line of the largest size", "GET /" + std::string(8192 - 14, 'a') + " HTTP/1.1\r\n" + host + "\r\n",
         "GET /" + std::string(8192 - 14, 'a') + " []\n"},
        {"request line too long", "GET /" + std::string(8192 - 13, 'a') + " HTTP/1.1\r\n" + host + "\r\n",
         "414 uri-too-long\n"},
        {"endless request line", std::string(9000, 'a'), "414 uri-too-long\n"},
        {"field too long", get(host + "X: " + std::string(8190, 'a') + "\r\n"), "431 header-too-large\n"},
        {"endless field", "GET /x HTTP/1.1\r\n" + std::string(9000, 'a'), "431 header-too-large\n"},
        {"block too long",
         get(host + "A: " + std::string(8000, 'a') + "\r\nB: " + std::string(8000, 'a')
             + "\r\nC: " + std::string(8000, 'a') + "\r\nD: " + std::string(8000, 'a')
             + "\r\nE: " + std::string(1000, 'a') + "\r\n"),
         "431 header-too-large\n"},
        {"64 fields", get(host + manyFields(63)), ok},
        {"65 fields", get(host + manyFields(64)), "431 header-too-large\n"},
        // Who asks
        {"foreign Host", get("Host: evil.example:8080\r\n"), "403 host-not-allowed\n"},
        {"Host of another port", get("Host: 127.0.0.1\r\n"), "403 host-not-allowed\n"},
        {"Host with a blank", get("Host: 127.0.0.1:8080 x\r\n"), "403 host-not-allowed\n"},
        {"empty Host", get("Host:\r\n"), "403 host-not-allowed\n"},
        {"own Origin", get(host + "Origin: http://localhost:8080\r\n"), "GET /x from http://localhost:8080 []\n"},
        {"allowed Origin", get(host + "Origin: https://good.example\r\nSec-Fetch-Site: cross-site\r\n"),
         "GET /x from https://good.example []\n"},
        {"foreign Origin", get(host + "Origin: https://evil.example\r\n"), "403 origin-not-allowed\n"},
        {"null Origin", get(host + "Origin: null\r\n"), "403 origin-not-allowed\n"},
        {"empty Origin", get(host + "Origin:\r\n"), "403 origin-not-allowed\n"},
        {"two Origins", get(host + "Origin: http://localhost:8080\r\nOrigin: https://evil.example\r\n"), bad},
        {"cross-site fetch", get(host + "Sec-Fetch-Site: cross-site\r\n"), "403 origin-not-allowed\n"},
        {"same-origin fetch", get(host + "Sec-Fetch-Site: same-origin\r\n"), ok},
        // Later checks
        {"no route", "GET /nowhere HTTP/1.1\r\n" + host + "\r\n" + get(host), "404 not-found open\n" + ok},
        {"no route, with a body", "POST /nowhere HTTP/1.1\r\n" + host + "Content-Length: 2\r\n\r\n{}" + get(host),
         "404 not-found\n"},
        {"strange Expect", post("Content-Length: 2\r\nExpect: wonders\r\n", "{}"), "417 expectation-failed\n"},
    };
}

class RequestGateTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void verdict_data()
    {
        QTest::addColumn<std::string>("bytes");
        QTest::addColumn<std::string>("verdict");
        for (const auto &one : cases())
            QTest::newRow(one.name) << one.bytes << one.verdict;
    }
    void verdict()
    {
        QFETCH(std::string, bytes);
        QFETCH(std::string, verdict);
        const auto whole = judge(bytes, {});
        QCOMPARE(QString::fromStdString(whole.text), QString::fromStdString(verdict));

        std::vector<std::size_t> everyByte;
        for (std::size_t i = 1; i < bytes.size(); ++i)
            everyByte.push_back(i);
        QCOMPARE(QString::fromStdString(judge(bytes, everyByte).text), QString::fromStdString(verdict));
        // Of the long ones, the cuts near a line's or the input's end are those that matter.
        const std::size_t step = bytes.size() > 2000 ? 97 : 1;
        for (std::size_t cut = 1; cut < bytes.size(); cut += step) {
            if (judge(bytes, {cut}) != whole)
                QFAIL(qPrintable(QStringLiteral("another verdict when cut at byte %1").arg(cut)));
        }
    }

    void continueIsAskedForOnceAllChecksPassed()
    {
        const auto fields = std::string("Content-Length: 2\r\nExpect: 100-Continue\r\n");
        QCOMPARE(judge(post(fields, "{}"), {}).continues, std::size_t{1});
        QCOMPARE(judge(post("Content-Length: 0\r\nExpect: 100-continue\r\n", ""), {}).continues, std::size_t{0});
        QCOMPARE(judge(post("Content-Length: 2000\r\nExpect: 100-continue\r\n", ""), {}).continues, std::size_t{0});
        QCOMPARE(judge("POST /c HTTP/1.0\r\n" + host + fields + "\r\n{}", {}).continues, std::size_t{0});
    }

    void fieldsAreFoundByLowerCaseName()
    {
        RequestGate gate(makePolicy());
        gate.feed(get(host + "X-Thing:  a b \r\nx-thing: c\r\n"));
        QCOMPARE(gate.state(), RequestGate::State::Complete);
        const auto request = gate.take();
        QVERIFY(request.head.field("x-thing") == "a b");
        QCOMPARE(request.head.count("x-thing"), std::size_t{2});
        QVERIFY(!request.head.field("X-Thing"));
    }

    void aRefusedHeadIsAnsweredWithoutBody()
    {
        RequestGate gate(makePolicy());
        gate.feed("HEAD /x HTTP/1.1\r\nHost: evil\r\n\r\n");
        QCOMPARE(gate.state(), RequestGate::State::Refused);
        QVERIFY(gate.refusal().headOnly);
    }
};

} // namespace

QTEST_GUILESS_MAIN(RequestGateTest)
#include "tst_request_gate.moc"
