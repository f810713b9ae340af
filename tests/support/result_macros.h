// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <commander/result.h>

#include <QTest>

/// Fails the test with the error's own text. For functions that return void.
#define QVERIFY_RESULT(expression)                                                                                     \
    do {                                                                                                               \
        const auto &verifiedResult = (expression);                                                                     \
        QVERIFY2(verifiedResult.has_value(), verifiedResult.has_value() ? "" : verifiedResult.error().text().c_str()); \
    } while (false)

/// Wants this error and no other.
#define QCOMPARE_ERROR(expression, expectedCode)                                                                       \
    do {                                                                                                               \
        const auto &comparedResult = (expression);                                                                     \
        QVERIFY2(!comparedResult.has_value(), "no error");                                                             \
        QVERIFY2(comparedResult.error().code == (expectedCode), comparedResult.error().text().c_str());                \
    } while (false)
