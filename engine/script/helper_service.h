// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

namespace commander::script {

/// The other end of HelperScripts: loads one domain and answers calls that come over the socket, until the engine goes
/// away. Gives the exit code of the process. Needs a QCoreApplication.
[[nodiscard]] int serveScripts(int socket);

} // namespace commander::script
