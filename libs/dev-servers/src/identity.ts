import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';

/** Identifies a process even after its pid was reused. */
export interface Identity {
  readonly pid: number;
  readonly started: string;
}

/** The identity of a living process; undefined if there is none, or only a zombie, which holds no resources. */
export function identify(pid: number): Identity | undefined {
  const started = process.platform === 'linux' ? startedOnLinux(pid) : startedElsewhere(pid);
  return started ? { pid, started } : undefined;
}

function startedOnLinux(pid: number): string | undefined {
  try {
    // The command's name is in brackets and may contain brackets and blanks, so split after the last bracket.
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').at(-1)?.split(' ') ?? [];
    const boot = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
    return fields[0] === 'Z' ? undefined : `${boot} ${fields[19]}`;
  } catch {
    return undefined;
  }
}

function startedElsewhere(pid: number): string | undefined {
  const [command, ...args] =
    process.platform === 'win32'
      ? ['powershell', '-NoProfile', '-Command', `(Get-Process -Id ${pid} -ErrorAction Stop).StartTime.Ticks`]
      : ['ps', '-o', 'lstart=', '-p', String(pid)];
  const { status, stdout } = spawnSync(command as string, args, { encoding: 'utf8' });
  return status === 0 ? stdout.trim() || undefined : undefined;
}

/** Writes the identity of a process to a file that only our user may read. */
export function writeIdentity(file: string, pid: number): void {
  writeFileSync(file, JSON.stringify(identify(pid) ?? { pid, started: '' }), { mode: 0o600 });
}

/** The process that `file` names, if it is still the same process. */
export function livingFrom(file: string): Identity | undefined {
  if (!existsSync(file)) return undefined;
  try {
    const said = JSON.parse(readFileSync(file, 'utf8')) as Identity;
    const now = identify(said.pid);
    return now && now.started === said.started ? now : undefined;
  } catch {
    return undefined;
  }
}
