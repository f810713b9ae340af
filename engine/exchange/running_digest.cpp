// SPDX-License-Identifier: GPL-3.0-or-later
#include "exchange/running_digest.h"

#include <cstdio>
#include <cstdlib>
#include <openssl/evp.h>

namespace commander {

namespace {

// Without its hash function an export can neither be sealed nor checked, and no caller could do anything about it.
void require(bool done)
{
    if (done)
        return;
    std::fprintf(stderr, "commander: OpenSSL cannot compute SHA-256; the installation of libcrypto is broken\n");
    std::abort();
}

struct ContextDeleter {
    void operator()(EVP_MD_CTX *context) const { EVP_MD_CTX_free(context); }
};
using Context = std::unique_ptr<EVP_MD_CTX, ContextDeleter>;

} // namespace

struct RunningDigest::State {
    Context context{EVP_MD_CTX_new()};
};

RunningDigest::RunningDigest() : m_state(std::make_unique<State>())
{
    require(m_state->context && EVP_DigestInit_ex(m_state->context.get(), EVP_sha256(), nullptr) == 1);
}

RunningDigest::~RunningDigest() = default;
RunningDigest::RunningDigest(RunningDigest &&other) noexcept = default;
RunningDigest &RunningDigest::operator=(RunningDigest &&other) noexcept = default;

void RunningDigest::add(std::string_view bytes)
{
    require(EVP_DigestUpdate(m_state->context.get(), bytes.data(), bytes.size()) == 1);
}

Hash256 RunningDigest::value() const
{
    const Context copy(EVP_MD_CTX_new());
    Hash256 hash{};
    unsigned size = 0;
    require(copy && EVP_MD_CTX_copy_ex(copy.get(), m_state->context.get()) == 1
            && EVP_DigestFinal_ex(copy.get(), hash.data(), &size) == 1 && size == hash.size());
    return hash;
}

} // namespace commander
