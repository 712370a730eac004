/* Preloaded into a program: the nth write to or sync of the store's files fails with EIO, or kills the program. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static int fails(int file, const char *call) {
  static int count = 0;
  char link[64], path[4096];
  const char *wanted = getenv("FAULT_CALL"), *at = getenv("FAULT_AT"), *how = getenv("FAULT_HOW");
  if (!wanted || !at || strcmp(wanted, call)) return 0;
  snprintf(link, sizeof link, "/proc/self/fd/%d", file);
  ssize_t length = readlink(link, path, sizeof path - 1);
  if (length < 0) return 0;
  path[length] = 0;
  if (!strstr(path, "/kage.db")) return 0;
  if (__sync_add_and_fetch(&count, 1) != atoi(at)) return 0;
  if (how && !strcmp(how, "kill")) kill(getpid(), SIGKILL);
  errno = EIO;
  return 1;
}

#define REAL(name) ((__typeof__(&name))dlsym(RTLD_NEXT, #name))
int fsync(int file) { return fails(file, "sync") ? -1 : REAL(fsync)(file); }
int fdatasync(int file) { return fails(file, "sync") ? -1 : REAL(fdatasync)(file); }
ssize_t write(int file, const void *from, size_t size) {
  return fails(file, "write") ? -1 : REAL(write)(file, from, size);
}
ssize_t pwrite(int file, const void *from, size_t size, off_t at) {
  return fails(file, "write") ? -1 : REAL(pwrite)(file, from, size, at);
}
ssize_t pwrite64(int file, const void *from, size_t size, off64_t at) {
  return fails(file, "write") ? -1 : REAL(pwrite64)(file, from, size, at);
}
