// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <string_view>

#ifdef COMMANDER_SABOTAGE
#include <array>
#endif

/// Ways to break a promise of the engine on purpose, so that it can be shown that a test notices (tests/sabotage). Only
/// a build with COMMANDER_SABOTAGE has them; there the environment variable of that name chooses one. Elsewhere
/// sabotaged() is a constant and nothing of this is left in the program.
#define COMMANDER_SABOTEURS(X)                                                                                         \
    X(AcknowledgeBeforeDurable, "acknowledge-before-durable")                                                          \
    X(LogNotSynced, "log-not-synced")                                                                                  \
    X(HeadFileNotWritten, "head-file-not-written")                                                                     \
    X(HeadFileNotSynced, "head-file-not-synced")                                                                       \
    X(LostTailNotNoticed, "lost-tail-not-noticed")                                                                     \
    X(FailedSyncForgotten, "failed-sync-forgotten")                                                                    \
    X(SecondOwnerLetIn, "second-owner-let-in")                                                                         \
    X(ProgressLost, "progress-lost")                                                                                   \
    X(EventsApartFromResult, "events-apart-from-result")                                                               \
    X(TwoResults, "two-results")                                                                                       \
    X(RepeatedCommandTakenTwice, "repeated-command-taken-twice")                                                       \
    X(ExpiredCommandDecided, "expired-command-decided")                                                                \
    X(StaleDocuments, "stale-documents")                                                                               \
    X(UnsettledDocumentsDropped, "unsettled-documents-dropped")                                                        \
    X(FailedCommandLeavesDocuments, "failed-command-leaves-documents")                                                 \
    X(ParkedSequenceOvertaken, "parked-sequence-overtaken")                                                            \
    X(RealTimeInContext, "real-time-in-context")                                                                       \
    X(IdsNotDerived, "ids-not-derived")                                                                                \
    X(ScriptsSeeTheClock, "scripts-see-the-clock")                                                                     \
    X(UnorderedFold, "unordered-fold")                                                                                 \
    X(StateOneChangeEarly, "state-one-change-early")                                                                   \
    X(ReactionsWhileBuilding, "reactions-while-building")                                                              \
    X(PromotionHalfDone, "promotion-half-done")                                                                        \
    X(PromotedBeforeLevel, "promoted-before-level")                                                                    \
    X(DataReserialized, "data-reserialized")                                                                           \
    X(DuplicateMembersLetIn, "duplicate-members-let-in")                                                               \
    X(ContentNotVerified, "content-not-verified")                                                                      \
    X(ChainNotVerified, "chain-not-verified")                                                                          \
    X(ImportTrailerNotRead, "import-trailer-not-read")                                                                 \
    X(FollowerSkips, "follower-skips")                                                                                 \
    X(FollowerRepeats, "follower-repeats")                                                                             \
    X(UnboundedFeed, "unbounded-feed")                                                                                 \
    X(UnboundedStream, "unbounded-stream")                                                                             \
    X(UnchangedFieldBlamed, "unchanged-field-blamed")                                                                  \
    X(WrongCommandBlamed, "wrong-command-blamed")

namespace commander {

enum class Saboteur {
#define COMMANDER_SABOTEUR(value, name) value,
    COMMANDER_SABOTEURS(COMMANDER_SABOTEUR)
#undef COMMANDER_SABOTEUR
};

#ifdef COMMANDER_SABOTAGE

inline constexpr std::array saboteurNames{
#define COMMANDER_SABOTEUR(value, name) std::string_view(name),
    COMMANDER_SABOTEURS(COMMANDER_SABOTEUR)
#undef COMMANDER_SABOTEUR
};

/// Is this the one that COMMANDER_SABOTAGE names? A name that nobody has ends the process: a typing error must not pass
/// for a saboteur that does no harm.
[[nodiscard]] bool sabotaged(Saboteur saboteur);
/// Another number each time, also in another process.
[[nodiscard]] std::uint64_t sabotageNoise();

#else

[[nodiscard]] constexpr bool sabotaged(Saboteur)
{
    return false;
}
[[nodiscard]] constexpr std::uint64_t sabotageNoise()
{
    return 0;
}

#endif

} // namespace commander
