import { existsSync, statfsSync } from 'node:fs';
import { freemem } from 'node:os';

const folder = '/dev/shm';
const enough = 6 * 1024 ** 3;

/**
 * A folder in memory, if there is one with enough space. Tests and their servers create and delete very many small files, for which a
 * disk's file system takes half of their time.
 */
export function memoryFolder(): string | undefined {
  if (!existsSync(folder)) return undefined;
  const { bavail, bsize } = statfsSync(folder);
  return bavail * bsize >= enough && freemem() >= enough ? folder : undefined;
}
