import { LineTooLong, longestLine, type LineBounds } from '#bundle';
import { afterAll, describe, expect, jest, test } from '@jest/globals';
import fc from 'fast-check';
import { mkdtempSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { LinesFile, linesOf, measure, textOf } from './files.js';
import { anyText } from '../../../../test/harness/any-text.js';

const folder = mkdtempSync(join(tmpdir(), 'dateline-test-'));
afterAll(() => rmSync(folder, { recursive: true }));

async function read(bytes: string | Uint8Array, bounds?: Partial<LineBounds>): Promise<string[]> {
  writeFileSync(join(folder, 'lines'), bytes);
  const lines: string[] = [];
  for await (const line of linesOf(folder, 'lines', bounds)) lines.push(line);
  return lines;
}

describe('reading and writing lines of a file', () => {
  test('only a line feed ends a line, even if a line or a character spans chunks', async () => {
    const long = 'ä'.repeat(1 << 20);
    expect(await read(`a\r\n\n\u2028${long}\nend`)).toEqual(['a\r', '', `\u2028${long}`, 'end']);
    await fc.assert(
      fc.asyncProperty(fc.array(anyText().map(s => s.replaceAll('\n', ''))), async lines => {
        const written = lines.map(line => `${line}\n`).join('');
        expect(await read(Buffer.from(written))).toEqual(lines);
      }),
      { numRuns: 30 },
    );
    for await (const line of linesOf(folder, 'nothing')) expect(line).toBe('never');
    expect(await read('a\nwritten', { ended: true })).toEqual(['a']);
  });

  test('a file is measured until the signal is aborted', async () => {
    writeFileSync(join(folder, 'measured'), 'a\nb\n');
    const measured = (signal: AbortSignal) => measure(join(folder, 'measured'), 4, signal);
    expect(await measured(new AbortController().signal)).toMatchObject({ bytes: 4, lines: 2 });
    await expect(measured(AbortSignal.abort(new Error('Stopped.')))).rejects.toThrow('Stopped.');
  });

  test('a line one byte over the limit is refused', async () => {
    const bounds = { longest: 100 };
    expect(await read(`${'x'.repeat(100)}\n`, bounds)).toHaveLength(1);
    expect(await read('x'.repeat(100), bounds)).toHaveLength(1);
    for (const end of ['\n', '']) await expect(read(`${'x'.repeat(101)}${end}`, bounds)).rejects.toThrow(LineTooLong);
  });

  test('a file one line over the limit is refused', async () => {
    expect(await read('a\nb', { most: 2 })).toHaveLength(2);
    for (const end of ['\n', '']) await expect(read(`a\nb\nc${end}`, { most: 2 })).rejects.toThrow(/more than 2 lines/);
  });

  test('the bytes of a long line are joined only once, so that reading it takes linear time', async () => {
    const megabytes = 48;
    const file = join(folder, 'long');
    writeFileSync(file, '');
    truncateSync(file, megabytes << 20);
    const concat = jest.spyOn(Buffer, 'concat');
    const whole = await linesOf(folder, 'long').next();
    const joined = concat.mock.results.reduce((bytes, { value }) => bytes + (value as Buffer).length, 0);
    concat.mockRestore();
    expect(whole.value).toHaveLength(megabytes << 20);
    expect(joined).toBe(megabytes << 20);
  });

  test('a line too long to be read again is not written', async () => {
    const file = await LinesFile.create(folder, 'written');
    await file.write('short');
    await expect(file.write('x'.repeat(longestLine + 1))).rejects.toThrow(/written would have a line of more than/);
    expect(await file.end()).toMatchObject({ bytes: 6, lines: 1 });
  });

  test('a text file one byte over the limit is refused', async () => {
    writeFileSync(join(folder, 'text'), 'x'.repeat(100));
    expect(await textOf(join(folder, 'text'), 100)).toHaveLength(100);
    await expect(textOf(join(folder, 'text'), 99)).rejects.toThrow(/has 100 bytes; the limit is 99/);
    expect(await textOf(join(folder, 'nothing'), 100)).toBeUndefined();
  });
});
