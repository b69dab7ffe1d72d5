/*
 * A TLS client without a clock: it takes a lower bound of the time from the staple that it is sent (wolfSSL 5).
 *
 *     cc -std=c11 -Wall -Wextra -Werror -o wolfssl-client wolfssl-client.c -lwolfssl
 *     ./wolfssl-client HOST PORT CA.PEM FLOOR-FILE
 *
 * wolfSSL verifies the chain, the staple, its signature and all dates within the handshake, with one time: what our
 * callback says. That is the later of the device's own clock and the bound in the file. A lower bound is always early,
 * though: certificates and staples may seem to come from the future. Then the device looks at the staple in a handshake
 * that it believes nothing of and sends nothing in, takes the time of signing (producedAt) for a guess, and begins
 * again. The guess needs no trust: it is kept only when everything verifies at that very time, the staple's signature
 * too, and then the time has come, whatever the clock says. A certificate or a staple that had ended by then is refused
 * on a device whose clock says 1970.
 *
 * The look needs TLS 1.2, where the staple travels in a message of its own and in the clear. A device that builds
 * wolfSSL itself can do without: with WOLFSSL_NO_OCSP_DATE_CHECK it may compare the dates on its own.
 */
#define _DEFAULT_SOURCE
#include "floor.h"
#include <netdb.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <wolfssl/options.h>
#include <wolfssl/ssl.h>
#include <wolfssl/wolfcrypt/asn_public.h>

static time_t device_time;

static time_t tell_time(time_t *out)
{
    if (out != NULL)
        *out = device_time;
    return device_time;
}

static int dial(const char *host, const char *port)
{
    struct addrinfo hints = {.ai_socktype = SOCK_STREAM};
    struct addrinfo *found = NULL;
    int connection = -1;
    if (getaddrinfo(host, port, &hints, &found) != 0)
        return -1;
    for (struct addrinfo *each = found; each != NULL && connection < 0; each = each->ai_next) {
        connection = socket(each->ai_family, each->ai_socktype, each->ai_protocol);
        if (connection >= 0 && connect(connection, each->ai_addr, each->ai_addrlen) != 0) {
            close(connection);
            connection = -1;
        }
    }
    freeaddrinfo(found);
    return connection;
}

/* 20261129203000Z, as all times in an OCSP response are (RFC 6960 4.2.2.1); 0 for anything else. */
static time_t generalized_time(const unsigned char *text, long length)
{
    char digits[16] = "";
    struct tm parts = {0};
    if (length != 15)
        return 0;
    memcpy(digits, text, 15);
    int read = sscanf(digits, "%4d%2d%2d%2d%2d%2dZ", &parts.tm_year, &parts.tm_mon, &parts.tm_mday, &parts.tm_hour,
                      &parts.tm_min, &parts.tm_sec);
    parts.tm_year -= 1900;
    parts.tm_mon -= 1;
    return read == 6 ? timegm(&parts) : 0;
}

/* The producedAt of an OCSPResponse (RFC 6960 4.2.1). The way there: what to step into (>), what to step over (<). */
static time_t produced_at(const unsigned char *der, long length)
{
    static const char way[] = "><>>" /* OCSPResponse, responseStatus, responseBytes and its tag */
                              "<>"   /* responseType, response */
                              ">><"; /* BasicOCSPResponse, tbsResponseData, responderID */
    const unsigned char *end = der + length;
    long inside;
    int tag;
    int class;
    for (const char *step = way; *step != '\0'; step++) {
        if (wolfSSL_ASN1_get_object(&der, &inside, &tag, &class, (long)(end - der)) & 0x80)
            return 0;
        if (*step == '<')
            der += inside;
    }
    if (wolfSSL_ASN1_get_object(&der, &inside, &tag, &class, (long)(end - der)) & 0x80)
        return 0;
    return generalized_time(der, inside);
}

/* Sees every message of the handshake; a CertificateStatus is type, length, kind, length, OCSPResponse (RFC 6066 8). */
static void on_message(int sent, int version, int kind, const void *message, size_t length, WOLFSSL *ssl, void *guess)
{
    const unsigned char *bytes = message;
    (void)version;
    (void)ssl;
    if (!sent && kind == 22 && length > 8 && bytes[0] == 22 && bytes[4] == 1)
        *(time_t *)guess = produced_at(bytes + 8, (long)length - 8);
}

/* What both handshakes have in common: TLS 1.2 and a staple. Debian's wolfSSL verifies nothing unless it is told to. */
static WOLFSSL_CTX *context(int verify)
{
    WOLFSSL_CTX *context = wolfSSL_CTX_new(wolfTLSv1_2_client_method());
    if (context != NULL) {
        wolfSSL_CTX_set_verify(context, verify, NULL);
        wolfSSL_CTX_EnableOCSPStapling(context);
    }
    return context;
}

/* A session that is about to shake hands; NULL where there is nobody. */
static WOLFSSL *session(WOLFSSL_CTX *context, const char *host, const char *port)
{
    int connection = dial(host, port);
    WOLFSSL *ssl = connection < 0 ? NULL : wolfSSL_new(context);
    if (ssl != NULL && wolfSSL_set_fd(ssl, connection) == WOLFSSL_SUCCESS
        && wolfSSL_check_domain_name(ssl, host) == WOLFSSL_SUCCESS
        && wolfSSL_UseSNI(ssl, WOLFSSL_SNI_HOST_NAME, host, (unsigned short)strlen(host)) == WOLFSSL_SUCCESS
        && wolfSSL_UseOCSPStapling(ssl, WOLFSSL_CSR_OCSP, 0) == WOLFSSL_SUCCESS)
        return ssl;
    wolfSSL_free(ssl);
    if (connection >= 0)
        close(connection);
    return NULL;
}

static void end(WOLFSSL *ssl)
{
    if (ssl != NULL)
        close(wolfSSL_get_fd(ssl));
    wolfSSL_free(ssl);
}

/* What the staple says of the time, in a handshake that verifies nothing and may well fail; 0 where it says nothing. */
static time_t guess_time(const char *host, const char *port)
{
    time_t guess = 0;
    WOLFSSL_CTX *unverified = context(WOLFSSL_VERIFY_NONE);
    WOLFSSL *ssl = session(unverified, host, port);
    if (ssl != NULL) {
        wolfSSL_set_msg_callback(ssl, on_message);
        wolfSSL_set_msg_callback_arg(ssl, &guess);
        wolfSSL_connect(ssl);
    }
    end(ssl);
    wolfSSL_CTX_free(unverified);
    return guess;
}

/* Connects, with everything verified at the device's time, the dates of the root too. Returns 0 or an error. */
static int connect_verified(const char *host, const char *port, const char *ca, time_t *signed_time)
{
    struct tm produced;
    int error = ASN_NO_SIGNER_E;
    WOLFSSL *ssl = NULL;
    WOLFSSL_CTX *verified = context(WOLFSSL_VERIFY_PEER);
    if (wolfSSL_CTX_load_verify_locations(verified, ca, NULL) == WOLFSSL_SUCCESS) {
        ssl = session(verified, host, port);
        error = SOCKET_ERROR_E;
    }
    if (ssl != NULL) {
        error = wolfSSL_connect(ssl) == WOLFSSL_SUCCESS ? 0 : wolfSSL_get_error(ssl, 0);
    }
    if (error == 0) {
        /* Known only where there was a staple, and it was good: without one there is no connection. */
        if (wolfSSL_get_ocsp_producedDate_tm(ssl, &produced) == 0)
            *signed_time = timegm(&produced);
        else
            error = OCSP_LOOKUP_FAIL;
    }
    end(ssl);
    wolfSSL_CTX_free(verified);
    return error;
}

int main(int argc, char **argv)
{
    if (argc != 5) {
        fprintf(stderr, "usage: %s HOST PORT CA.PEM FLOOR-FILE\n", argv[0]);
        return 2;
    }
    const char *floor_file = argv[4];
    time_t signed_time = 0;
    wolfSSL_Init();
    wc_SetTimeCb(tell_time);
    device_time = later(time(NULL), floor_read(floor_file));
    int error = connect_verified(argv[1], argv[2], argv[3], &signed_time);
    if (error != 0) {
        time_t guess = guess_time(argv[1], argv[2]);
        if (guess > device_time) {
            device_time = guess;
            error = connect_verified(argv[1], argv[2], argv[3], &signed_time);
        }
    }
    if (error == 0 && !floor_raise(floor_file, signed_time))
        error = FWRITE_ERROR;
    if (error == 0)
        print_time("connected; it is at least", floor_read(floor_file));
    else
        fprintf(stderr, "refused: %s (%d)\n", wolfSSL_ERR_reason_error_string((unsigned long)error), error);
    wolfSSL_Cleanup();
    return error == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
