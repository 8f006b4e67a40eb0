import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { Logger } from '@nestjs/common';
import { mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ConfigError } from '../settings.js';
import { Revoked, revokedBytes, revokedLimit } from './revoked.js';

let folder: string;
let file: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'revoked-'));
  file = join(folder, 'revoked.json');
});
afterEach(() => rmSync(folder, { recursive: true }));

let version = 0;
function write(list: unknown): void {
  writeFileSync(file, typeof list === 'string' ? list : JSON.stringify(list));
  // Two writes within the resolution of the file's timestamp must still count as two versions.
  utimesSync(file, ++version, version);
}
const at = Date.parse('2026-03-01T12:00:00Z');

describe('the list of people whose tokens are revoked', () => {
  test('nobody is revoked if no file is configured', () => expect(new Revoked(undefined).has('ann', 0)).toBe(false));

  test("tokens issued before a person's instant are revoked, and all tokens of a person with null", () => {
    write({ ann: '2026-03-01T13:00:00+01:00', eve: null });
    const revoked = new Revoked(file);
    expect([at - 1, at].map(issued => revoked.has('ann', issued))).toEqual([true, false]);
    expect(revoked.has('eve', Number.MAX_SAFE_INTEGER)).toBe(true);
    expect(revoked.has('ben', 0)).toBe(false);
  });

  test("a person's id matches in upper and lower case", () => {
    write({ ANN: null });
    expect(new Revoked(file).has('ann', at)).toBe(true);
  });

  test('a changed file is read within a second; the last good list is kept if the file is broken or missing', () => {
    const quiet = [
      jest.spyOn(Logger.prototype, 'error').mockImplementation(() => undefined),
      jest.spyOn(Logger.prototype, 'log').mockImplementation(() => undefined),
    ];
    write({ ann: null });
    let now = 0;
    const revoked = new Revoked(file, () => now);
    write({ ben: null });
    now = 999;
    expect([revoked.has('ann', 0), revoked.has('ben', 0)]).toEqual([true, false]);
    now = 1_000;
    expect([revoked.has('ann', 0), revoked.has('ben', 0)]).toEqual([false, true]);
    write('{');
    now = 2_000;
    expect(revoked.has('ben', 0)).toBe(true);
    rmSync(file);
    now = 3_000;
    expect(revoked.has('ben', 0)).toBe(true);
    now = 4_000;
    expect(revoked.has('ben', 0)).toBe(true);
    expect(quiet[0]).toHaveBeenCalledTimes(2);
    for (const spy of quiet) spy.mockRestore();
  });

  test('a changed file is read within a second, also after the clock was put back', () => {
    const quiet = jest.spyOn(Logger.prototype, 'log').mockImplementation(() => undefined);
    write({});
    const right = Date.now();
    const clock = jest.spyOn(Date, 'now').mockReturnValue(right + 86_400_000);
    const revoked = new Revoked(file);
    clock.mockReturnValue(right);
    write({ ann: null });
    const late = jest.spyOn(performance, 'now').mockReturnValue(performance.now() + 1_000);
    expect(revoked.has('ann', 0)).toBe(true);
    for (const spy of [quiet, clock, late]) spy.mockRestore();
  });

  test.each([
    ['{', 'JSON'],
    [['ann'], 'record'],
    [{ ann: 'tomorrow' }, 'ISO 8601'],
    [{ ann: '2026-03-01T12:00:00' }, 'ISO 8601'],
    [Object.fromEntries(Array.from({ length: revokedLimit + 1 }, (_, n) => [`p${n}`, null])), 'at most 10000'],
    [' '.repeat(revokedBytes + 1), 'larger than'],
  ])('the file %.20j cannot be read and is an error at the start', (list, why) => {
    write(list);
    expect(() => new Revoked(file)).toThrow(ConfigError);
    expect(() => new Revoked(file)).toThrow(new RegExp(why));
  });

  test('a list at the limit is accepted', () => {
    write(Object.fromEntries(Array.from({ length: revokedLimit }, (_, n) => [`p${n}`, null])));
    expect(new Revoked(file).has(`p${revokedLimit - 1}`, 0)).toBe(true);
  });

  test('a configured file that does not exist is an error', () => expect(() => new Revoked(file)).toThrow(ConfigError));
});
