// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "script/script_values.h"

#include <commander/domain.h>

#include <QObject>
#include <QString>
#include <vector>

namespace commander::script {

/// What a running script can ask of the engine: documents of the past, ids and time of its command. Scripts never see
/// the object itself (surroundings.cpp hands out functions). One thread, with the engine it belongs to.
class ScriptBridge : public QObject {
    Q_OBJECT
public:
    ScriptBridge(ScriptValues &values, std::vector<std::string> readable);
    ~ScriptBridge() override;

    /// What the call that begins now may touch; null what it may not.
    struct Call {
        const Record *record = nullptr;
        DocumentSource *views = nullptr;
        DocumentFold *fold = nullptr;
        HandlerContext *context = nullptr;
    };
    void begin(const Call &call);
    void end() { m_call = {}; }
    /// What went wrong inside, whatever the script made of it.
    [[nodiscard]] const std::optional<Error> &fault() const noexcept { return m_fault; }

    Q_INVOKABLE QJSValue read(int view, const QString &key);
    Q_INVOKABLE QJSValue foldGet(const QString &key);
    Q_INVOKABLE void foldPut(const QString &key, const QJSValue &document);
    Q_INVOKABLE void foldRemove(const QString &key);
    Q_INVOKABLE QString newId();
    Q_INVOKABLE QString now();
    Q_INVOKABLE QString recordMember(int member);
    Q_INVOKABLE QString timeAdd(const QString &time, double seconds);
    Q_INVOKABLE double timeBetween(const QString &from, const QString &to);

private:
    [[nodiscard]] QJSValue document(const Json *document, const QString &key, std::string_view view);
    void refuse(Error error);

    ScriptValues &m_values;
    const std::vector<std::string> m_readable;
    Call m_call;
    std::optional<Error> m_fault;
};

} // namespace commander::script
