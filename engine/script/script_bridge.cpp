// SPDX-License-Identifier: GPL-3.0-or-later
#include "script/script_bridge.h"

#include <cmath>
#include <QJSEngine>

namespace commander::script {

namespace {

constexpr double secondsMax = 1e10; // beyond year 2286 from 1970; keeps the sum exact

QString textOf(const std::string &utf8)
{
    return ScriptValues::text(utf8);
}

} // namespace

ScriptBridge::ScriptBridge(ScriptValues &values, std::vector<std::string> readable)
    : m_values(values), m_readable(std::move(readable))
{
}

ScriptBridge::~ScriptBridge() = default;

void ScriptBridge::begin(const Call &call)
{
    m_call = call;
    m_fault.reset();
}

void ScriptBridge::refuse(Error error)
{
    auto *const engine = qjsEngine(this);
    if (engine)
        engine->throwError(QJSValue::TypeError, textOf(error.what));
    if (!m_fault)
        m_fault = std::move(error);
}

QJSValue ScriptBridge::document(const Json *document, const QString &key, std::string_view view)
{
    if (!document)
        return {};
    auto value = m_values.toScript(*document);
    if (value.isUndefined()) {
        const auto &fault = m_values.fault();
        refuse({ErrorCode::DomainFault,
                fault.code + ": " + fault.message,
                "document " + key.toStdString() + (view.empty() ? "" : " of view " + std::string(view)) + ", "
                    + fault.pointer,
                "A scripted domain holds such numbers as texts.",
                {{fault.pointer, fault.message}}});
    }
    return value;
}

QJSValue ScriptBridge::read(int view, const QString &key)
{
    const auto text = ScriptValues::utf8(key);
    const auto index = static_cast<std::size_t>(view);
    if (!m_call.views || !text || index >= m_readable.size()) {
        refuse({ErrorCode::DomainFault, "documents of other views cannot be read here", {}, {}, {}});
        return {};
    }
    return document(m_call.views->get(m_readable[index], *text), key, m_readable[index]);
}

QJSValue ScriptBridge::foldGet(const QString &key)
{
    const auto text = ScriptValues::utf8(key);
    if (!m_call.fold || !text) {
        refuse({ErrorCode::DomainFault, "get() is for folds, while they run", {}, {}, {}});
        return {};
    }
    return document(m_call.fold->get(*text), key, {});
}

void ScriptBridge::foldPut(const QString &key, const QJSValue &document)
{
    const auto text = ScriptValues::utf8(key);
    if (!m_call.fold || !text)
        return refuse({ErrorCode::DomainFault, "put() is for folds, while they run", {}, {}, {}});
    auto value = m_values.fromScript(document);
    if (!value) {
        const auto &fault = m_values.fault();
        return refuse({ErrorCode::DomainFault,
                       "the document " + *text + " cannot be put: " + fault.message,
                       fault.pointer,
                       {},
                       {{fault.pointer, fault.code + ": " + fault.message}}});
    }
    m_call.fold->put(*text, std::move(*value));
}

void ScriptBridge::foldRemove(const QString &key)
{
    const auto text = ScriptValues::utf8(key);
    if (!m_call.fold || !text)
        return refuse({ErrorCode::DomainFault, "remove() is for folds, while they run", {}, {}, {}});
    m_call.fold->remove(*text);
}

QString ScriptBridge::newId()
{
    if (m_call.context)
        return textOf(m_call.context->newId().text());
    refuse({ErrorCode::DomainFault, "newId() is for handlers and reactions, while they run", {}, {}, {}});
    return {};
}

QString ScriptBridge::now()
{
    if (m_call.context)
        return textOf(m_call.context->now().text());
    refuse({ErrorCode::DomainFault, "context.now is for handlers and reactions, while they run", {}, {}, {}});
    return {};
}

QString ScriptBridge::recordMember(int member)
{
    if (!m_call.record)
        return {};
    const auto &record = *m_call.record;
    switch (member) {
    case 0:
        return textOf(record.id.text());
    case 1:
        return textOf(record.time().text());
    case 2:
        return textOf(record.key);
    case 3:
        return textOf(record.actor);
    case 4:
        return textOf(record.correlation.text());
    default:
        return record.parent.isNull() ? QString() : textOf(record.parent.text());
    }
}

QString ScriptBridge::timeAdd(const QString &time, double seconds)
{
    const auto parsed = Timestamp::parse(time.toStdString());
    if (!parsed || !std::isfinite(seconds) || std::fabs(seconds) > secondsMax) {
        refuse({ErrorCode::DomainFault, "time.add takes an RFC 3339 time and seconds", {}, {}, {}});
        return {};
    }
    const auto millis = static_cast<std::int64_t>(std::llround(seconds * 1000));
    return textOf(Timestamp{parsed->micros + millis * 1000}.text());
}

double ScriptBridge::timeBetween(const QString &from, const QString &to)
{
    const auto begin = Timestamp::parse(from.toStdString());
    const auto end = Timestamp::parse(to.toStdString());
    if (begin && end)
        return static_cast<double>((end->micros - begin->micros) / 1000) / 1000.0;
    refuse({ErrorCode::DomainFault, "time.between takes two RFC 3339 times", {}, {}, {}});
    return 0;
}

} // namespace commander::script
