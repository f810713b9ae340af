// SPDX-License-Identifier: GPL-3.0-or-later
#include <commander/script_domain.h>

#include <QCoreApplication>
#include <unistd.h>

/// The process in which the scripts of a domain run that nobody vouches for. The engine starts it, with its socket as
/// standard input; there is no other use of it.
int main(int argc, char **argv)
{
    const QCoreApplication application(argc, argv);
    return commander::runScriptHelper(STDIN_FILENO);
}
