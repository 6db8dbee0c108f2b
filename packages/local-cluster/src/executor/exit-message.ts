// How Mesos words a process's end (src/common/status_utils.hpp, WSTRINGIFY, with strsignal's texts).
const SIGNAL_TEXTS: Readonly<Record<string, string>> = {
  SIGHUP: 'Hangup',
  SIGINT: 'Interrupt',
  SIGQUIT: 'Quit',
  SIGILL: 'Illegal instruction',
  SIGTRAP: 'Trace/breakpoint trap',
  SIGABRT: 'Aborted',
  SIGBUS: 'Bus error',
  SIGFPE: 'Floating point exception',
  SIGKILL: 'Killed',
  SIGUSR1: 'User defined signal 1',
  SIGSEGV: 'Segmentation fault',
  SIGUSR2: 'User defined signal 2',
  SIGPIPE: 'Broken pipe',
  SIGALRM: 'Alarm clock',
  SIGTERM: 'Terminated',
  SIGXCPU: 'CPU time limit exceeded',
  SIGXFSZ: 'File size limit exceeded',
};

export interface Exit {
  readonly code: number | null;
  readonly signal: string | null;
}

export const exitMessage = ({ code, signal }: Exit): string =>
  signal === null ? `Command exited with status ${code ?? 1}` : `Command terminated with signal ${SIGNAL_TEXTS[signal] ?? signal}`;
