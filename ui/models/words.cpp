// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/words.h"

#include "models/format.h"

#include <QCoreApplication>

using namespace Qt::StringLiterals;

namespace commander::ui {

namespace {

struct Texts {
    Q_DECLARE_TR_FUNCTIONS(commander::ui::Words)
};

// A switch without default: a new code must get its words here.
QString codeText(ErrorCode code)
{
    switch (code) {
    case ErrorCode::InvalidArgument:
        return Texts::tr("A value is not allowed");
    case ErrorCode::InvalidJson:
        return Texts::tr("The text is not valid JSON");
    case ErrorCode::DuplicateKey:
        return Texts::tr("A JSON object names one member twice");
    case ErrorCode::InvalidUuid:
        return Texts::tr("The text is not an id");
    case ErrorCode::InvalidTime:
        return Texts::tr("The text is not a time");
    case ErrorCode::InvalidFilter:
        return Texts::tr("The text is not a filter");
    case ErrorCode::SchemaInvalid:
        return Texts::tr("The data does not fit the action's schema");
    case ErrorCode::UnknownAction:
        return Texts::tr("No domain offers this command");
    case ErrorCode::UnknownView:
        return Texts::tr("No domain offers this view");
    case ErrorCode::NotFound:
        return Texts::tr("There is no such record");
    case ErrorCode::DuplicateId:
        return Texts::tr("A record with this id is already in the ledger");
    case ErrorCode::IdReused:
        return Texts::tr("The id belongs to a record with other content");
    case ErrorCode::LedgerLocked:
        return Texts::tr("Another program has the ledger open");
    case ErrorCode::LedgerForeign:
        return Texts::tr("The file is not a ledger of Commander");
    case ErrorCode::LedgerNewer:
        return Texts::tr("A newer Commander wrote this ledger");
    case ErrorCode::LedgerDamaged:
        return Texts::tr("The ledger is damaged; nothing was repaired");
    case ErrorCode::LedgerReadOnly:
        return Texts::tr("The ledger is open for reading only");
    case ErrorCode::LedgerUnavailable:
        return Texts::tr("The ledger stopped accepting records");
    case ErrorCode::DiskFull:
        return Texts::tr("The disk is full");
    case ErrorCode::IoError:
        return Texts::tr("The system refused to read or write");
    case ErrorCode::Unsupported:
        return Texts::tr("This ledger cannot do that");
    case ErrorCode::Cancelled:
        return Texts::tr("Stopped");
    case ErrorCode::TimedOut:
        return Texts::tr("No answer in the time allowed");
    case ErrorCode::LimitExceeded:
        return Texts::tr("A limit is exceeded");
    case ErrorCode::Busy:
        return Texts::tr("The engine is busy; try again");
    case ErrorCode::ShuttingDown:
        return Texts::tr("The engine is closing");
    case ErrorCode::NotReady:
        return Texts::tr("Still catching up");
    case ErrorCode::DomainFault:
        return Texts::tr("The domain's code broke its contract");
    case ErrorCode::ScriptTimeout:
        return Texts::tr("The domain's script ran too long");
    case ErrorCode::ScriptOutOfMemory:
        return Texts::tr("The domain's script took too much memory");
    case ErrorCode::ScriptCrashed:
        return Texts::tr("The process of the domain's script ended by itself");
    case ErrorCode::Conflict:
        return Texts::tr("Its state does not allow that");
    case ErrorCode::Internal:
    case ErrorCode::Count:
        break;
    }
    return Texts::tr("Commander has a fault of its own");
}

} // namespace

QString kindWord(RecordKind kind)
{
    switch (kind) {
    case RecordKind::Command:
        return Texts::tr("Command");
    case RecordKind::Event:
        return Texts::tr("Event");
    case RecordKind::Result:
        return Texts::tr("Result");
    }
    return {};
}

QString statusWord(CommandStatus status)
{
    switch (status) {
    case CommandStatus::Accepted:
        return Texts::tr("Accepted");
    case CommandStatus::Succeeded:
        return Texts::tr("Succeeded");
    case CommandStatus::Rejected:
        return Texts::tr("Rejected");
    case CommandStatus::Failed:
        return Texts::tr("Failed");
    case CommandStatus::Expired:
        return Texts::tr("Expired");
    case CommandStatus::Cancelled:
        return Texts::tr("Cancelled");
    }
    return {};
}

QString errorText(const Error &error)
{
    // The engine's own words follow ours: they name the thing.
    const QString detail = toText(error.text());
    const QString text = codeText(error.code);
    return detail.isEmpty() ? text : Texts::tr("%1: %2", "what happened: the engine's own words").arg(text, detail);
}

} // namespace commander::ui
