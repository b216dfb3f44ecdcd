/*
 * The OpenSSL GOST engine as a peer: one process that is asked for work line by line and answers with the processor time it
 * took, so that rounds of several peers can be interleaved. Verification goes through EVP_PKEY_verify on keys read beforehand.
 *
 *   load <curve> <file>         records of SPKI length (2 octets, big-endian), SPKI, signature length, signature, digest length, digest
 *   verify <count>              nanoseconds and the number of valid ones, over the records in rotation
 *   verdicts                    one digit a record
 *   digest <name> <octets> <count>
 */
#define OPENSSL_SUPPRESS_DEPRECATED
#include <openssl/engine.h>
#include <openssl/evp.h>
#include <openssl/x509.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

typedef struct {
  EVP_PKEY *key;
  unsigned char *signature, *digest;
  size_t signature_length, digest_length;
} record;

static record *records;
static size_t record_count;

static long long now(void) {
  struct timespec t;
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
  return t.tv_sec * 1000000000LL + t.tv_nsec;
}

static unsigned char *field(FILE *file, size_t *length) {
  const int high = fgetc(file), low = fgetc(file);
  if (high == EOF || low == EOF) return NULL;
  *length = (size_t)(high << 8 | low);
  unsigned char *octets = malloc(*length + 1);
  return fread(octets, 1, *length, file) == *length ? octets : NULL;
}

static void load(const char *path) {
  FILE *file = fopen(path, "rb");
  if (!file) exit(1);
  for (size_t i = 0; i < record_count; i++) {
    EVP_PKEY_free(records[i].key);
    free(records[i].signature);
    free(records[i].digest);
  }
  size_t room = 0;
  record_count = 0;
  for (size_t length;;) {
    unsigned char *spki = field(file, &length);
    if (!spki) break;
    if (record_count == room) records = realloc(records, (room = 2 * room + 64) * sizeof *records);
    record *one = &records[record_count++];
    const unsigned char *at = spki;
    one->key = d2i_PUBKEY(NULL, &at, (long)length);
    free(spki);
    one->signature = field(file, &one->signature_length);
    one->digest = field(file, &one->digest_length);
  }
  fclose(file);
}

static int verify(const record *one, ENGINE *engine) {
  if (!one->key) return 0;
  EVP_PKEY_CTX *context = EVP_PKEY_CTX_new(one->key, engine);
  const int valid = context && EVP_PKEY_verify_init(context) > 0 &&
                    EVP_PKEY_verify(context, one->signature, one->signature_length, one->digest, one->digest_length) == 1;
  EVP_PKEY_CTX_free(context);
  return valid;
}

int main(void) {
  ENGINE_load_builtin_engines();
  ENGINE *engine = ENGINE_by_id("gost");
  if (!engine || !ENGINE_init(engine)) return 1;
  ENGINE_set_default(engine, ENGINE_METHOD_ALL);
  setvbuf(stdout, NULL, _IOLBF, 0);
  printf("ready %s\n", OpenSSL_version(OPENSSL_VERSION));
  char line[1024], word[64], path[512];
  size_t count, length, at = 0;
  while (fgets(line, sizeof line, stdin)) {
    if (sscanf(line, "load %63s %511s", word, path) == 2) {
      load(path);
      at = 0;
      printf("%zu\n", record_count);
    } else if (sscanf(line, "verify %zu", &count) == 1) {
      size_t valid = 0;
      const long long start = now();
      for (size_t i = 0; i < count; i++) {
        valid += (size_t)verify(&records[at], engine);
        at = (at + 1) % record_count;
      }
      printf("%lld %zu\n", now() - start, valid);
    } else if (!strncmp(line, "verdicts", 8)) {
      for (size_t i = 0; i < record_count; i++) putchar(verify(&records[i], engine) ? '1' : '0');
      putchar('\n');
    } else if (sscanf(line, "digest %63s %zu %zu", word, &length, &count) == 3) {
      const EVP_MD *algorithm = ENGINE_get_digest(engine, OBJ_sn2nid(word));
      unsigned char *data = calloc(length + 1, 1), out[EVP_MAX_MD_SIZE];
      const long long start = now();
      for (size_t i = 0; i < count; i++) EVP_Digest(data, length, out, NULL, algorithm, engine);
      printf("%lld %zu\n", now() - start, count);
      free(data);
    } else {
      return 1;
    }
  }
  return 0;
}
