/*
 * Preloaded into a process (LD_PRELOAD), it keeps what a power cut would leave: whenever a file of FOLDER_WATCHED is synced, its content
 * then is copied into FOLDER_KEPT. Once the file SYNC_FAILS is there, logs of a database can no longer be synced.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* Through the descriptor that is there: closing another one would drop the locks the process has on the file. */
static void keep(int fd, const char *name) {
  static __thread char buffer[1 << 16];
  char target[PATH_MAX], partial[PATH_MAX + 32];
  snprintf(target, sizeof target, "%s/%s", getenv("FOLDER_KEPT"), name);
  snprintf(partial, sizeof partial, "%s.%d", target, gettid());
  const int to = open(partial, O_WRONLY | O_CREAT | O_TRUNC, 0600);
  off_t at = 0;
  for (ssize_t count; (count = pread(fd, buffer, sizeof buffer, at)) > 0; at += count)
    if (write(to, buffer, count) != count) abort();
  close(to);
  rename(partial, target); /* a copy that is broken off replaces nothing */
}

static int synced(int fd, const char *which) {
  int (*const real)(int) = (int (*)(int))dlsym(RTLD_NEXT, which);
  char link[64], path[PATH_MAX];
  snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
  const ssize_t length = readlink(link, path, sizeof path - 1);
  const char *const folder = getenv("FOLDER_WATCHED");
  if (length < 0 || folder == NULL) return real(fd);
  path[length] = 0;
  const size_t prefix = strlen(folder);
  if (strncmp(path, folder, prefix) != 0 || path[prefix] != '/') return real(fd);
  if (strstr(path, "-wal") && access(getenv("SYNC_FAILS"), F_OK) == 0) {
    errno = EIO;
    return -1;
  }
  const int result = real(fd);
  if (result == 0) keep(fd, path + prefix + 1);
  return result;
}

int fdatasync(int fd) { return synced(fd, "fdatasync"); }
int fsync(int fd) { return synced(fd, "fsync"); }
