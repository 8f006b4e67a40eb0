import { spawnSync } from 'node:child_process';
import { linkSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { shown } from './progress.mjs';

/** Runs `work` while no other process of this checkout does; `path` is the lock, a file with its owner's pid and start time. */
export async function exclusively(path, work) {
  const mine = `${path}.${process.pid}`;
  const me = JSON.stringify({ pid: process.pid, started: startOf(process.pid) });
  writeFileSync(mine, me);
  try {
    // A hard link appears together with its content, so that no process reads a lock without an owner.
    if (!taken(mine, path)) {
      const { pid } = owner(read(path));
      await shown(`waiting for process ${pid}, which is preparing this checkout`, wait(mine, path));
    }
  } finally {
    rmSync(mine, { force: true });
  }
  const release = () => read(path) === me && rmSync(path, { force: true });
  process.once('exit', release);
  try {
    return await work();
  } finally {
    process.off('exit', release);
    release();
  }
}

async function wait(mine, path) {
  while (!taken(mine, path)) {
    const text = read(path);
    if (alive(owner(text))) await new Promise(resolve => setTimeout(resolve, 200));
    else remove(path, text, `${mine}.left`);
  }
}

/** Removes the lock with that content. Another process may have taken it over since: we put that one back. */
function remove(path, text, aside) {
  try {
    renameSync(path, aside);
  } catch (error) {
    if (error.code === 'ENOENT') return;
    throw error;
  }
  if (read(aside) !== text) taken(aside, path);
  rmSync(aside, { force: true });
}

function taken(mine, path) {
  try {
    linkSync(mine, path);
    return true;
  } catch (error) {
    if (error.code === 'EEXIST') return false;
    throw error;
  }
}

function read(path) {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}

/** Earlier versions wrote only the pid: such a process counts as ended. */
function owner(text) {
  try {
    const { pid = 0, started } = JSON.parse(text);
    return { pid, started };
  } catch {
    return { pid: 0 };
  }
}

function alive({ pid, started }) {
  if (!(pid > 0) || pid === process.pid) return false;
  try {
    process.kill(pid, 0);
  } catch (error) {
    if (error.code !== 'EPERM') return false;
  }
  const now = startOf(pid);
  return now === '' || now === started;
}

/** When a process started, which tells it from a later one with the same pid; empty if this cannot be known here. */
function startOf(pid) {
  if (process.platform !== 'linux') {
    const env = { ...process.env, LC_ALL: 'C', TZ: 'UTC' };
    return (spawnSync('ps', ['-o', 'lstart=', '-p', String(pid)], { encoding: 'utf8', env }).stdout ?? '').trim();
  }
  const stat = read(`/proc/${pid}/stat`);
  if (!stat) return '';
  // The command's name is in brackets and may contain brackets and blanks, so we split after the last bracket.
  const fields = stat.split(') ').pop().split(' ');
  return fields[0] === 'Z' ? 'ended' : `${read('/proc/sys/kernel/random/boot_id').trim()} ${fields[19]}`;
}
