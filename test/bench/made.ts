import { ensureTopic } from '#event-log';
import { setTimeout as sleep } from 'node:timers/promises';
import { TestNewsroom } from '../harness/newsroom.js';
import type { Bench } from './bench.js';
import { actors } from './made-log.js';
import { unlimited } from './posts.js';
import { output } from './process.js';

/** The number of developments in a story, unless a scenario sets another one. */
export const storyLength = 1_000;

/** The size of a made log: stories of equal length. */
export interface MadeLog {
  readonly commits: number;
  /** The developments of each story. Default: 1,000, or fewer in a shorter log. */
  readonly developments?: number;
}

const shapeOf = ({ commits, developments = storyLength }: MadeLog) => ({
  stories: Math.max(1, Math.floor(commits / developments)),
  developments: Math.min(commits, developments),
});

/** The position of the last commit of such a log. */
export function lastPosition(log: MadeLog): number {
  const { stories, developments } = shapeOf(log);
  return 1 + actors.length + stories * (developments + 1);
}

/** Writes a log of sealed developments, and its keys. Two processes share the stories. */
export async function makeLog(env: Readonly<Record<string, string>>, log: MadeLog): Promise<void> {
  const { stories, developments } = shapeOf(log);
  await ensureTopic({ brokers: env.KAFKA_BROKERS!.split(','), topic: env.LOG_TOPIC! });
  const make = (from: number, to: number) =>
    output(['dist/test/bench/make.js'], {
      ...env,
      FROM: String(from),
      TO: String(to),
      DEVELOPMENTS: String(developments),
    });
  await make(0, 0);
  const middle = Math.ceil(stories / 2);
  await Promise.all([make(0, middle), ...(middle < stories ? [make(middle, stories)] : [])]);
}

const nameOf = ({ commits, developments = storyLength }: MadeLog) =>
  `a log of ${commits.toLocaleString('en-US')} commits, ${Math.min(commits, developments).toLocaleString('en-US')} a story`;

/** How long an editor-api may take to read a long log for the first time, in milliseconds. */
export const firstReadMs = 600_000;

const secondsSince = (began: number) => Math.round((performance.now() - began) / 1_000);

/** A newsroom with a made log and possibly without running apps. It is kept for the whole run. */
export const madeLog = (bench: Bench, log: MadeLog): Promise<TestNewsroom> =>
  bench.newsroom(nameOf(log), async () => {
    const began = performance.now();
    const prepare = (env: Readonly<Record<string, string>>) => makeLog(env, log);
    const without = { editors: 0, projector: false, reader: false };
    const newsroom = await TestNewsroom.open({ ...without, env: unlimited, prepare });
    bench.say(`${nameOf(log)}: made in ${secondsSince(began)} s`);
    return newsroom;
  });

/** The same newsroom with its apps. Resolves when the projector has folded the log. */
export async function madeNewsroom(bench: Bench, log: MadeLog): Promise<TestNewsroom> {
  const newsroom = await madeLog(bench, log);
  if (newsroom.reader) return newsroom;
  const began = performance.now();
  await newsroom.startProjector();
  await folded(newsroom, lastPosition(log));
  await newsroom.startEditors(1, {}, firstReadMs);
  await newsroom.startReader();
  bench.say(`${nameOf(log)}: folded in ${secondsSince(began)} s`);
  return newsroom;
}

/** Resolves when the live build has reached the position. Rejects if the build cannot read a commit, and after half an hour. */
export async function folded(newsroom: TestNewsroom, position: number, everyMs = 200): Promise<void> {
  const look = `select position, name from dateline.build where live`;
  for (const began = performance.now(); ; await sleep(everyMs)) {
    const { rows } = await newsroom.onDatabase(client => client.query<{ position: number; name: string }>(look));
    if ((rows[0]?.position ?? 0) >= position) return void (await refuseQuarantine(newsroom, rows[0]!.name));
    if (performance.now() - began > 1_800_000) throw new Error(`The projector did not reach position ${position}.`);
  }
}

async function refuseQuarantine(newsroom: TestNewsroom, build: string): Promise<void> {
  const sql = `select reason from "${build}".stream where reason is not null limit 1`;
  const { rows } = await newsroom.onDatabase(client => client.query<{ reason: string }>(sql));
  if (rows[0]) throw new Error(`The made log is not valid: ${rows[0].reason}`);
}
