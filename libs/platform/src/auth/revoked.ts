import { foldedId } from '#domain';
import { Logger } from '@nestjs/common';
import { readFileSync, statSync } from 'node:fs';
import { z } from 'zod';
import { ConfigError } from '../settings.js';

/** The most people in a list, and the largest file, in bytes. */
export const [revokedLimit, revokedBytes] = [10_000, 1 << 20];

/** The file is checked at most this often, in milliseconds; a change takes effect after at most as long. */
const lookAgainMs = 1_000;

const Instant = z.iso.datetime({ offset: true, error: 'must be an ISO 8601 instant, or null' });
const List = z
  .record(z.string(), Instant.nullable())
  .refine(list => Object.keys(list).length <= revokedLimit, `must name at most ${revokedLimit} people`);

/**
 * Revoked tokens, from a JSON file: maps a token's subject to the instant from which newly issued tokens are valid again, or to null
 * if none are. A change of the file takes effect within a second.
 */
export class Revoked {
  private readonly logger = new Logger('auth');
  private list: ReadonlyMap<string, number>;
  private looked: number;
  private version: string;
  private trouble = '';

  /** Without a file nobody is revoked. Throws a ConfigError if the file cannot be read. */
  constructor(
    private readonly file: string | undefined,
    private readonly now: () => number = () => performance.now(),
  ) {
    this.looked = now();
    this.version = file ? versionOf(file) : '';
    this.list = file ? read(file) : new Map();
  }

  /** `issued`: when the token was issued, in milliseconds since 1970. */
  has(subject: string, issued: number): boolean {
    this.lookAgain();
    const from = this.list.get(foldedId(subject));
    return from !== undefined && issued < from;
  }

  /** A file that is broken later leaves the list unchanged, so that a mistake restores nobody's rights. */
  private lookAgain(): void {
    const now = this.now();
    if (!this.file || now - this.looked < lookAgainMs) return;
    this.looked = now;
    try {
      const version = versionOf(this.file);
      this.trouble = '';
      if (version === this.version) return;
      this.list = read(this.file);
      this.version = version;
      this.logger.log(`REVOKED_FILE was reloaded. People in it: ${this.list.size}.`);
    } catch (error) {
      const { message } = error as Error;
      if (message !== this.trouble) this.logger.error(`${message} The former list stays in force.`);
      this.trouble = message;
    }
  }
}

function versionOf(file: string): string {
  try {
    const { mtimeMs, size, ino } = statSync(file);
    if (size > revokedBytes) throw new Error(`it is larger than ${revokedBytes} bytes`);
    return `${mtimeMs} ${size} ${ino}`;
  } catch (error) {
    throw wrong((error as Error).message);
  }
}

function read(file: string): ReadonlyMap<string, number> {
  let json: unknown;
  try {
    json = JSON.parse(readFileSync(file, 'utf8'));
  } catch (error) {
    throw wrong((error as Error).message);
  }
  const parsed = List.safeParse(json);
  if (!parsed.success) throw wrong(z.prettifyError(parsed.error).slice(0, 1_000));
  const list = new Map<string, number>();
  for (const [subject, from] of Object.entries(parsed.data)) {
    const at = from === null ? Infinity : Date.parse(from);
    list.set(foldedId(subject), Math.max(at, list.get(foldedId(subject)) ?? 0));
  }
  return list;
}

const wrong = (why: string) =>
  new ConfigError(`REVOKED_FILE must be a JSON object such as {"ann": "2026-03-01T12:00:00Z", "eve": null}: ${why}.`);
