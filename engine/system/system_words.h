// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string_view>

/// The names of the system domain. They are in ledgers: never rename one.
namespace commander::system {

inline constexpr std::string_view domainName = "commander";
inline constexpr std::string_view eventsTopic = "commander-events";

inline constexpr std::string_view releaseCommand = "release-command"; ///< the time of a scheduled command has come
inline constexpr std::string_view expireCommand = "expire-command";   ///< the time of a waiting command is over
inline constexpr std::string_view cancelCommand = "cancel-command";
inline constexpr std::string_view replayDeadLetter = "replay-dead-letter";
inline constexpr std::string_view discardDeadLetter = "discard-dead-letter";
inline constexpr std::string_view resumeSequence = "resume-sequence"; ///< go on with a sequence that was parked

inline constexpr std::string_view commandDeferred = "command-deferred"; ///< recorded now, decided later
inline constexpr std::string_view commandParked = "command-parked";     ///< it faulted, or waits behind one that did
inline constexpr std::string_view commandReleased = "command-released"; ///< waits no longer: decided now
inline constexpr std::string_view commandExpired = "command-expired";
inline constexpr std::string_view commandCancelled = "command-cancelled";
inline constexpr std::string_view deadLetterReplayed = "dead-letter-replayed";
inline constexpr std::string_view deadLetterDiscarded = "dead-letter-discarded";
inline constexpr std::string_view sequenceResumed = "sequence-resumed";

inline constexpr std::string_view waitingView = "commander-waiting";          ///< by command id: why it waits
inline constexpr std::string_view deadLettersView = "commander-dead-letters"; ///< by sequence: what it waits for
inline constexpr std::string_view parkedView = "commander-parked";            ///< by sequence and number: the command

inline constexpr std::string_view domainsName = "commander-domains";  ///< the domain of installations …
inline constexpr std::string_view domainsTopic = "commander-domains"; ///< … and its topic: one event each
inline constexpr std::string_view installDomain = "install-domain";
inline constexpr std::string_view domainInstalled = "domain-installed";

inline constexpr std::string_view consumersName = "commander-consumers";  ///< the domain of what operators do …
inline constexpr std::string_view consumersTopic = "commander-consumers"; ///< … and its topic: nothing else is in it
inline constexpr std::string_view pauseConsumer = "pause-consumer";
inline constexpr std::string_view resumeConsumer = "resume-consumer";
inline constexpr std::string_view skipEvent = "skip-event";
inline constexpr std::string_view consumerPaused = "consumer-paused";
inline constexpr std::string_view consumerResumed = "consumer-resumed";
inline constexpr std::string_view eventSkipped = "event-skipped";
inline constexpr std::string_view consumersView = "commander-consumers"; ///< by consumer: paused, and what it skips
inline constexpr std::string_view processorConsumer = "processor";
inline constexpr std::string_view domainConsumer = "domain:"; ///< followed by the domain's name

inline constexpr std::string_view reasonScheduled = "scheduled"; ///< before its not_before
inline constexpr std::string_view reasonOverdue = "overdue";     ///< after its expires_at: will expire
inline constexpr std::string_view reasonParked = "parked";

} // namespace commander::system
