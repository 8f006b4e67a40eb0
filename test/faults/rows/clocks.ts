import { publicKeys } from '#platform';
import { SignJWT, type JWK } from 'jose';
import { randomUUID } from 'node:crypto';
import { mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import { Client } from '../../harness/client.js';
import type { ClockFault } from '../clock.js';
import type { Found, Row } from '../row.js';
import type { Slot } from '../slot.js';
import { Storm } from '../storm.js';

const day = 86_400_000;
const faultsOfClocks: readonly ClockFault[] = [
  { stepMs: day, drift: 0 },
  { stepMs: -day, drift: 0 },
  // An hour in a second: what a machine without time service gains in months.
  { stepMs: 0, drift: 3_600 },
  { stepMs: 0, drift: -3_600 },
];
/** How long a clock is wrong. */
const lastsMs = 4_000;
const backWithinMs = 30_000;
/** Then each process takes posts within this time. */
const worksWithinMs = 60_000;
/** A revoked person is refused within a second; a busy machine may need longer to answer. */
const refusedWithinMs = 10_000;
const right: ClockFault = { stepMs: 0, drift: 0 };
const preload = pathToFileURL(resolve('dist', 'test', 'faults', 'clock.js')).href;

export const clocks: Row = {
  name: 'clocks',
  fault:
    'the clock of one app or of all stepped by a day each way, and drifting by an hour each second, while it runs; then set right',
  invariant:
    'each acknowledged post is in the log once, where its author was told; each command gets a final answer; saved drafts are there; nothing under embargo reaches readers; streams have no gap and nothing twice; readers are up to date within 30 s; who is revoked afterwards is refused; verify says EQUAL',
  unit: 'time',
  short: 4,
  long: 50,
  needsServers: true,
  run: async (tries, report): Promise<Found> => {
    const wire = async (_: string, env: Record<string, string>) => ({
      env: { ...env, NODE_OPTIONS: `--import=${preload}` },
    });
    const people = new People();
    const env = { REVOKED_FILE: people.file, DEV_KEY_FILE: people.keyFile, JWT_MAX_AGE_S: '604800' };
    const authorization = `Bearer ${await lastingToken(people.keyFile)}`;
    // A ticket of a picture ends within a day, as does a reporter's token.
    const storm = await Storm.open(report.seed, { wire, env, authorization, without: ['pictures', 'submissions'] });
    const { violations } = report;
    try {
      const found = await storm.during(async () => {
        let ran = 0;
        for (; ran < tries && !report.signal.aborted; ran++) {
          const fault = faultsOfClocks[ran % faultsOfClocks.length]!;
          const some = storm.random.chance(0.3) ? storm.slots : [storm.random.pick(storm.slots)];
          const names = some.length > 1 ? 'all processes' : `one ${some[0]!.name}`;
          const text = `${names}, ${fault.stepMs / day} days, drift ${fault.drift}`;
          report.line(`${ran + 1} of ${tries}: ${text}`);
          for (const { app } of some) app!.process.send({ clock: fault }, () => undefined);
          await sleep(lastsMs);
          // Both while the clock is wrong and after it was set right.
          if (!(await storm.areReadersBack(backWithinMs))) violations.push(`${text}: readers were late`);
          // One that has ended gets nothing, and is found below.
          for (const { app } of some) app!.process.send({ clock: right }, () => undefined);
          await sleep(1_000);
          if (!(await storm.areReadersBack(backWithinMs))) violations.push(`${text}: readers were late afterwards`);
          await storm.checkSlots(text, worksWithinMs);
          violations.push(...(await people.revokeOne(storm)).map(why => `${text}: ${why}`));
        }
        return ran;
      }, report);
      return { ...found, violations: [...violations, ...found.violations] };
    } finally {
      await storm.close();
      people.close();
    }
  },
};

/** An editor's token that clocks accept which are off by less than two days. */
async function lastingToken(keyFile: string): Promise<string> {
  // Creates the key.
  publicKeys(keyFile);
  const now = Math.floor(Date.now() / 1_000);
  return new SignJWT({ name: 'test-editor', roles: ['editor'] })
    .setProtectedHeader({ alg: 'EdDSA', kid: 'dev', typ: 'at+jwt' })
    .setSubject('test-editor')
    .setIssuer('dateline-dev')
    .setAudience('dateline')
    .setIssuedAt(now - 48 * 3_600)
    .setExpirationTime(now + 100 * 3_600)
    .sign(JSON.parse(readFileSync(keyFile, 'utf8')) as JWK);
}

/** People with the editor's role, who are revoked one after the other. */
class People {
  readonly #folder = mkdtempSync(join(tmpdir(), 'dateline-revoked-'));
  readonly #revoked: Record<string, null> = {};
  readonly file = join(this.#folder, 'revoked.json');
  readonly keyFile = join(this.#folder, 'key.json');

  constructor() {
    this.#write();
  }

  /** Has the next person ask each editor-api, revokes them, and resolves to what was wrong with the answers. */
  async revokeOne(storm: Storm): Promise<string[]> {
    const id = `leaver-${Object.keys(this.#revoked).length + 1}`;
    const token = await storm.newsroom.token(['editor'], id);
    const ask = async ({ url }: Slot) => {
      const client = new Client(url!, { Authorization: `Bearer ${token}` });
      return (await client.get(`/commands/${randomUUID()}`)).status;
    };
    const before = await Promise.all(storm.of('editor-api').map(ask));
    this.#revoked[id] = null;
    this.#write();
    const answers = await Promise.all(storm.of('editor-api').map(slot => this.#refused(() => ask(slot))));
    return [
      ...before.filter(status => status !== 404).map(status => `${id} was answered ${status}`),
      ...answers.filter(status => status !== 401).map(status => `${id} was revoked and is answered ${status}`),
    ];
  }

  close = () => rmSync(this.#folder, { recursive: true, force: true });

  async #refused(ask: () => Promise<number>): Promise<number> {
    const end = performance.now() + refusedWithinMs;
    let status = await ask();
    for (; status !== 401 && performance.now() < end; status = await ask()) await sleep(200);
    return status;
  }

  /** Replaced as a whole, so that nobody reads half of it. */
  #write(): void {
    writeFileSync(`${this.file}.new`, JSON.stringify(this.#revoked));
    renameSync(`${this.file}.new`, this.file);
  }
}
