import { closeSync, openSync, readFileSync, readSync } from 'node:fs';

const chunk = 16 * 1024 * 1024;

/**
 * Searches a process's writable memory, in use or freed, for the texts; undefined if this system does not allow it. A text
 * must be ASCII and shorter than 1,000 characters.
 */
export function foundInMemory(pid: number, texts: readonly string[]): string[] | undefined {
  let file: number;
  let maps: string;
  try {
    maps = readFileSync(`/proc/${pid}/maps`, 'utf8');
    file = openSync(`/proc/${pid}/mem`, 'r');
  } catch {
    return undefined;
  }
  const forms = texts.map(text => [Buffer.from(text), Buffer.from(text, 'utf16le')]);
  const found = new Set<string>();
  const buffer = Buffer.alloc(chunk + 2_000);
  for (const [, from, to] of maps.matchAll(/^([0-9a-f]+)-([0-9a-f]+) rw/gm)) {
    for (let at = parseInt(from!, 16); at < parseInt(to!, 16); at += chunk) {
      const length = Math.min(buffer.length, parseInt(to!, 16) - at);
      const read = readOrNone(file, buffer, length, at);
      for (const [i, text] of texts.entries())
        if (forms[i]!.some(form => buffer.subarray(0, read).includes(form))) found.add(text);
    }
  }
  closeSync(file);
  return texts.filter(text => found.has(text));
}

/** Some regions cannot be read. */
function readOrNone(file: number, buffer: Buffer, length: number, position: number): number {
  try {
    return readSync(file, buffer, 0, length, position);
  } catch {
    return 0;
  }
}
