/*
 * A TLS client without a clock: it takes a lower bound of the time from the staple that it is sent (OpenSSL 3).
 *
 *     cc -std=c11 -Wall -Wextra -Werror -o openssl-client openssl-client.c -lssl -lcrypto
 *     ./openssl-client HOST PORT CA.PEM FLOOR-FILE
 *
 * Which time is everything verified with? The latest of three: the device's own clock, the bound in the file, and the
 * staple's thisUpdate. The last may be used before its signature is verified, because it is used to verify it, and all
 * else: with a forged one nothing verifies. Where the CA did sign it, the time has come, whatever the clock says. By
 * that time the chain and the staple must have begun and must not have ended: a certificate that had expired by then,
 * or a staple that had, is refused on a device whose clock says 1970.
 */
#define _DEFAULT_SOURCE
#include "floor.h"
#include <openssl/err.h>
#include <openssl/ocsp.h>
#include <openssl/ssl.h>
#include <openssl/x509_vfy.h>
#include <stdlib.h>

static const char *floor_file;

static int refuse(const char *why)
{
    fprintf(stderr, "refused: %s\n", why);
    return 0;
}

/* What the staple says of the certificate, whose CertID may be made with either hash. */
static int find(OCSP_BASICRESP *staple, X509 *leaf, X509 *issuer, int *status, ASN1_GENERALIZEDTIME **this_update,
                ASN1_GENERALIZEDTIME **next_update)
{
    const EVP_MD *hashes[] = {EVP_sha1(), EVP_sha256()};
    int found = 0;
    for (size_t i = 0; i < 2 && !found; i++) {
        OCSP_CERTID *id = OCSP_cert_to_id(hashes[i], leaf, issuer);
        found = id != NULL && OCSP_resp_find_status(staple, id, status, NULL, NULL, this_update, next_update);
        OCSP_CERTID_free(id);
    }
    return found && *this_update != NULL && *next_update != NULL;
}

/* Verifies the chain once more, with its dates. */
static int chain_holds_at(time_t time, SSL *ssl, X509_STORE *roots)
{
    X509_STORE_CTX *check = X509_STORE_CTX_new();
    int holds = check != NULL
                && X509_STORE_CTX_init(check, roots, SSL_get0_peer_certificate(ssl), SSL_get_peer_cert_chain(ssl))
                && X509_STORE_CTX_set_default(check, "ssl_server");
    if (holds) {
        X509_STORE_CTX_set_time(check, 0, time);
        holds = X509_verify_cert(check) == 1
                || refuse(X509_verify_cert_error_string(X509_STORE_CTX_get_error(check)));
    }
    X509_STORE_CTX_free(check);
    return holds;
}

/* Everything about a staple and the time. The chain is known to lead to a root of ours, its dates aside. */
static int judge(SSL *ssl, OCSP_BASICRESP *staple)
{
    STACK_OF(X509) *chain = SSL_get0_verified_chain(ssl);
    X509_STORE *roots = SSL_CTX_get_cert_store(SSL_get_SSL_CTX(ssl));
    ASN1_GENERALIZEDTIME *this_update = NULL;
    ASN1_GENERALIZEDTIME *next_update = NULL;
    struct tm begin;
    int status;

    if (sk_X509_num(chain) < 2
        || !find(staple, sk_X509_value(chain, 0), sk_X509_value(chain, 1), &status, &this_update, &next_update)
        || !ASN1_TIME_to_tm(this_update, &begin))
        return refuse("the staple is not about this certificate");

    time_t signed_time = timegm(&begin);
    time_t now = later(later(time(NULL), floor_read(floor_file)), signed_time);

    /* The signer: the issuer itself, or a delegate of its own that is valid at this time (RFC 6960 4.2.2.2). */
    X509_VERIFY_PARAM_set_time(X509_STORE_get0_param(roots), now);
    if (OCSP_basic_verify(staple, chain, roots, 0) != 1)
        return refuse("the staple is not signed by the certificate's issuer");
    if (!chain_holds_at(now, ssl, roots))
        return 0;
    if (!floor_raise(floor_file, signed_time)) /* whatever the staple says: that it was signed is true */
        return refuse("the floor cannot be kept");
    if (X509_cmp_time(next_update, &now) < 0)
        return refuse("the staple is older than the time");
    if (status != V_OCSP_CERTSTATUS_GOOD)
        return refuse("the certificate is not good");
    return 1;
}

/* Called within the handshake, before the device has sent anything but its hello. 0 ends it with an alert. */
static int on_staple(SSL *ssl, void *unused)
{
    (void)unused;
    const unsigned char *der = NULL;
    long length = SSL_get_tlsext_status_ocsp_resp(ssl, &der);
    if (length <= 0)
        return refuse("there is no staple");
    OCSP_RESPONSE *response = d2i_OCSP_RESPONSE(NULL, &der, length);
    OCSP_BASICRESP *staple = response == NULL ? NULL : OCSP_response_get1_basic(response);
    int good = staple == NULL ? refuse("the staple is none") : judge(ssl, staple);
    OCSP_BASICRESP_free(staple);
    OCSP_RESPONSE_free(response);
    return good;
}

/* A context that verifies everything but dates in the handshake itself: those wait for the staple. */
static SSL_CTX *context(const char *ca)
{
    SSL_CTX *context = SSL_CTX_new(TLS_client_method());
    if (context == NULL || SSL_CTX_load_verify_locations(context, ca, NULL) != 1)
        return NULL;
    SSL_CTX_set_verify(context, SSL_VERIFY_PEER, NULL);
    X509_VERIFY_PARAM_set_flags(SSL_CTX_get0_param(context), X509_V_FLAG_NO_CHECK_TIME);
    SSL_CTX_set_tlsext_status_cb(context, on_staple);
    return context;
}

int main(int argc, char **argv)
{
    if (argc != 5) {
        fprintf(stderr, "usage: %s HOST PORT CA.PEM FLOOR-FILE\n", argv[0]);
        return 2;
    }
    floor_file = argv[4];
    SSL_CTX *ctx = context(argv[3]);
    BIO *connection = ctx == NULL ? NULL : BIO_new_ssl_connect(ctx);
    SSL *ssl = NULL;
    if (connection == NULL || BIO_get_ssl(connection, &ssl) != 1) {
        ERR_print_errors_fp(stderr);
        return 2;
    }
    BIO_set_conn_hostname(connection, argv[1]);
    BIO_set_conn_port(connection, argv[2]);
    int connected = SSL_set1_host(ssl, argv[1]) && SSL_set_tlsext_host_name(ssl, argv[1])
                    && SSL_set_tlsext_status_type(ssl, TLSEXT_STATUSTYPE_ocsp) && BIO_do_handshake(connection) == 1;
    if (connected)
        print_time("connected; it is at least", floor_read(floor_file));
    else if (SSL_get_verify_result(ssl) != X509_V_OK)
        refuse(X509_verify_cert_error_string(SSL_get_verify_result(ssl)));
    else
        ERR_print_errors_fp(stderr);
    BIO_free_all(connection);
    SSL_CTX_free(ctx);
    return connected ? EXIT_SUCCESS : EXIT_FAILURE;
}
