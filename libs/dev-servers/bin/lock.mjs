import { linkSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { shown } from './progress.mjs';

/** Runs `work` while no other process of this checkout does; `path` is the lock, a file with its owner's pid. */
export async function exclusively(path, work) {
  const mine = `${path}.${process.pid}`;
  writeFileSync(mine, String(process.pid));
  try {
    // A hard link appears together with its content, so that no process reads a lock without an owner.
    if (!taken(mine, path))
      await shown(`waiting for process ${owner(path)}, which is preparing this checkout`, wait(mine, path));
  } finally {
    rmSync(mine, { force: true });
  }
  const release = () => rmSync(path, { force: true });
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
    if (!alive(owner(path))) rmSync(path, { force: true });
    else await new Promise(resolve => setTimeout(resolve, 200));
  }
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

function owner(path) {
  try {
    return Number(readFileSync(path, 'utf8'));
  } catch {
    return 0;
  }
}

function alive(pid) {
  try {
    return pid > 0 && process.kill(pid, 0);
  } catch (error) {
    return error.code === 'EPERM';
  }
}
