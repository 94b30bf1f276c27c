/*
 * keruta-agent as a Pod starts it: a static program, so that it runs in every image. It starts the agent proper,
 * by the loader and with the libraries that lie in ../lib beside it, and
 *
 *   - hides from it the variables by which an image or a task would reach into its loader, its C library or Node;
 *     the agent gives them back (`compose/launcher.ts`) to the command,
 *   - is the container's init where it is process 1: passes signals on and reaps orphans, which Node cannot,
 *   - makes FIFOs (`keruta-agent mkfifo FILE...`), for images without a program that does.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

enum { failed = 125, of_signal = 128 };

extern char **environ;

static const char *const hidden[] = {
    "LD_", "GLIBC_TUNABLES", "MALLOC_", "GCONV_PATH", "LOCPATH", "NODE_", "OPENSSL_", "UV_",
};

static void fail(const char *what, const char *path) {
  fprintf(stderr, "keruta-agent: %s %s: %s.\n", what, path, strerror(errno));
  _exit(failed);
}

/* In place: a letter without its bit 0x40 is a control character, which no variable's name begins with. */
static void hide_variables(void) {
  for (char **variable = environ; *variable; variable++)
    for (size_t i = 0; i < sizeof hidden / sizeof *hidden; i++)
      if (strncmp(*variable, hidden[i], strlen(hidden[i])) == 0) {
        **variable ^= 0x40;
        break;
      }
}

static int make_fifos(char *const files[]) {
  umask(0);
  for (; *files; files++)
    /* Open to all: a command that gave up its user still opens /dev/stdout. The name is gone at once. */
    if (mkfifo(*files, 0666) == -1) fail("cannot make", *files);
  return 0;
}

/* Gives the exit code of `program`, after which the container ends with all that is left in it. */
static int run_as_init(char *const argv[]) {
  static const int faults[] = {SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT, SIGTRAP};
  sigset_t waited, before;
  sigfillset(&waited);
  for (size_t i = 0; i < sizeof faults / sizeof *faults; i++) sigdelset(&waited, faults[i]);
  sigprocmask(SIG_BLOCK, &waited, &before);

  pid_t agent = fork();
  if (agent == -1) fail("cannot start a process for", argv[0]);
  if (agent == 0) {
    sigprocmask(SIG_SETMASK, &before, NULL);
    execv(argv[0], argv);
    fail("cannot start", argv[0]);
  }
  for (;;) {
    int status, received = sigwaitinfo(&waited, NULL);
    if (received > 0 && received != SIGCHLD) kill(agent, received);
    for (pid_t ended; (ended = waitpid(-1, &status, WNOHANG)) > 0;)
      if (ended == agent) return WIFSIGNALED(status) ? of_signal + WTERMSIG(status) : WEXITSTATUS(status);
  }
}

int main(int argc, char *argv[]) {
  char self[PATH_MAX], directory[PATH_MAX], library[PATH_MAX + 8], loader[PATH_MAX + 16], program[PATH_MAX + 24];
  if (argc > 2 && strcmp(argv[1], "mkfifo") == 0) return make_fifos(argv + 2);

  ssize_t length = readlink("/proc/self/exe", self, sizeof self - 1);
  if (length == -1) fail("cannot read", "/proc/self/exe");
  self[length] = '\0';
  strcpy(directory, self);
  *strrchr(directory, '/') = '\0';
  snprintf(library, sizeof library, "%s/../lib", directory);
  snprintf(loader, sizeof loader, "%s/ld.so", library);
  snprintf(program, sizeof program, "%s/keruta-agent", library);

  char **started = calloc(argc + 6, sizeof *started);
  if (!started) fail("no memory for", self);
  char *const before[] = {loader, "--library-path", library, "--argv0", "keruta-agent", program};
  memcpy(started, before, sizeof before);
  if (argc > 1) memcpy(started + 6, argv + 1, (argc - 1) * sizeof *argv);

  hide_variables();
  if (setenv("KERUTA_AGENT_LAUNCHER", self, 1) == -1) fail("no memory for", self);
  if (getpid() == 1) return run_as_init(started);
  execv(loader, started);
  fail("cannot start", loader);
}
