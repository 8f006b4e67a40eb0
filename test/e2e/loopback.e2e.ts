import { expect, test } from '@jest/globals';
import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { TestNewsroom } from '../harness/newsroom.js';

/** The local addresses on which a process listens, in the kernel's hexadecimal form. Linux only. */
function listening(pid: number): string[] {
  const inodes = new Set(
    readdirSync(`/proc/${pid}/fd`).flatMap(fd => /socket:\[(\d+)\]/.exec(target(`/proc/${pid}/fd/${fd}`))?.[1] ?? []),
  );
  return ['tcp', 'tcp6'].flatMap(table =>
    readFileSync(`/proc/${pid}/net/${table}`, 'utf8')
      .split('\n')
      .map(line => line.trim().split(/\s+/))
      .filter(fields => fields[3] === '0A' && inodes.has(fields[9]!))
      .map(fields => fields[1]!.split(':')[0]!),
  );
}

function target(link: string): string {
  try {
    return readlinkSync(link);
  } catch {
    return '';
  }
}

const loopback = '0100007F';

test('every process listens only on loopback by default', async () => {
  const newsroom = await TestNewsroom.open({ env: { HOST: '' } });
  try {
    for (const { process: child } of [newsroom.editors[0]!, newsroom.projector!, newsroom.reader!])
      expect(listening(child.pid!)).toEqual([loopback]);
  } finally {
    await newsroom.close();
  }
});
