// SPDX-License-Identifier: GPL-3.0-or-later
#include "values/digest.h"

#include <openssl/evp.h>

#include <cstdio>
#include <cstdlib>
#include <memory>

namespace commander {

namespace {

// Without its hash functions the engine can neither name nor prove a record, and no caller could do anything about it.
void require(bool done, const char *what)
{
    if (done)
        return;
    std::fprintf(stderr, "commander: OpenSSL cannot %s; the installation of libcrypto is broken\n", what);
    std::abort();
}

struct MdDeleter {
    void operator()(EVP_MD *md) const { EVP_MD_free(md); }
};
struct ContextDeleter {
    void operator()(EVP_MD_CTX *context) const { EVP_MD_CTX_free(context); }
};

/// A fetched digest costs half of one that is looked up at every use.
const EVP_MD *fetched(DigestKind kind)
{
    static const std::unique_ptr<EVP_MD, MdDeleter> sha1(EVP_MD_fetch(nullptr, "SHA1", nullptr));
    static const std::unique_ptr<EVP_MD, MdDeleter> sha256(EVP_MD_fetch(nullptr, "SHA2-256", nullptr));
    const EVP_MD *md = kind == DigestKind::Sha1 ? sha1.get() : sha256.get();
    require(md != nullptr, "fetch SHA-1 or SHA-256");
    return md;
}

EVP_MD_CTX *threadContext(DigestKind kind)
{
    thread_local const std::unique_ptr<EVP_MD_CTX, ContextDeleter> contexts[2]{
        std::unique_ptr<EVP_MD_CTX, ContextDeleter>(EVP_MD_CTX_new()),
        std::unique_ptr<EVP_MD_CTX, ContextDeleter>(EVP_MD_CTX_new())};
    EVP_MD_CTX *context = contexts[kind == DigestKind::Sha1 ? 0 : 1].get();
    require(context != nullptr, "make a digest context");
    return context;
}

} // namespace

Digest::Digest(DigestKind kind) : m_context(threadContext(kind))
{
    require(EVP_DigestInit_ex2(static_cast<EVP_MD_CTX *>(m_context), fetched(kind), nullptr) == 1, "begin a digest");
}

Digest &Digest::add(std::string_view bytes)
{
    require(EVP_DigestUpdate(static_cast<EVP_MD_CTX *>(m_context), bytes.data(), bytes.size()) == 1, "hash bytes");
    return *this;
}

Digest &Digest::add(std::span<const std::uint8_t> bytes)
{
    require(EVP_DigestUpdate(static_cast<EVP_MD_CTX *>(m_context), bytes.data(), bytes.size()) == 1, "hash bytes");
    return *this;
}

void Digest::finish(std::span<std::uint8_t> out)
{
    unsigned size = 0;
    require(EVP_DigestFinal_ex(static_cast<EVP_MD_CTX *>(m_context), out.data(), &size) == 1 && size == out.size(),
            "finish a digest");
}

} // namespace commander
