import { existsSync, readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import type { AppName } from '../../harness/app.js';
import type { Found, Report, Row } from '../row.js';
import { Storm } from '../storm.js';

/** The limit of an app's memory in docker/compose.yaml and docker/kubernetes. Its processes here also have their Node options from there. */
const containerMiB = 512;
/** A run is long enough to say whether memory grows when it has this many seconds; the first third warms up. */
const enoughSeconds = 600;
/** The last third may take as much more than the second one, because garbage is collected at no fixed time. */
const flatWithin = 1.15;
const readersAtOnce = 4;

/** The memory of a process, in MiB; undefined if it is gone. */
function residentMiB(pid: number | undefined): number | undefined {
  const file = `/proc/${pid}/status`;
  const text = existsSync(file) ? readFileSync(file, 'utf8') : '';
  const [, kib] = /^VmRSS:\s+(\d+) kB$/m.exec(text) ?? [];
  return kib === undefined ? undefined : Number(kib) / 1_024;
}

const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;

/** What readers ask for of the story that people post to, now and as of a moment in the past. */
async function read(storm: Storm, signal: AbortSignal, wrong: Set<string>): Promise<void> {
  // When each reader-api first had each story.
  const since = new Map<string, number>();
  while (!signal.aborted) {
    const { url } = storm.random.pick(storm.of('reader-api'));
    const story = new URL(`/stories/${storm.story}`, url).href;
    const from = since.get(story);
    const instant = new Date(storm.random.between(from ?? 0, Date.now())).toISOString();
    const paths = ['', '/timeline', `/timeline?knownAt=${instant}`, '/feed.atom'];
    const path = from === undefined ? '' : storm.random.pick(paths);
    await fetch(`${story}${path}`, { signal: AbortSignal.timeout(10_000) }).then(
      async answer => {
        if (answer.ok) since.set(story, from ?? Date.now());
        // The story is not there before the projector has folded it.
        else if (answer.status !== 503 && (answer.status !== 404 || from !== undefined))
          wrong.add(`a read was answered ${answer.status}: ${path.split('?')[0]}`);
        await answer.arrayBuffer();
      },
      () => undefined,
    );
    await sleep(20);
  }
}

/** What is wrong with the memory that a process took, second by second. */
function wrongIn(name: AppName, taken: readonly number[], { line }: Report): string[] {
  const peak = Math.round(Math.max(...taken));
  const third = Math.floor(taken.length / 3);
  const [middle, end] = [mean(taken.slice(third, 2 * third)), mean(taken.slice(2 * third))];
  line(`${name}: at most ${peak} MiB, ${middle.toFixed(0)} in the second third, ${end.toFixed(0)} in the last`);
  return [
    ...(peak > containerMiB ? [`a ${name} took ${peak} MiB of ${containerMiB}`] : []),
    ...(taken.length >= enoughSeconds && end > middle * flatWithin
      ? [`a ${name} grew from ${middle.toFixed(0)} to ${end.toFixed(0)} MiB`]
      : []),
  ];
}

interface Measured {
  readonly figures: Record<string, number>;
  readonly wrong: readonly string[];
}

async function measured(storm: Storm, seconds: number, report: Report): Promise<Measured> {
  const taken = storm.slots.map(({ name }) => ({ name, values: [] as number[] }));
  const wrong = new Set<string>();
  const over = new AbortController();
  const reading = Promise.all(Array.from({ length: readersAtOnce }, () => read(storm, over.signal, wrong)));
  for (const end = performance.now() + seconds * 1_000; performance.now() < end; await sleep(1_000)) {
    if (report.signal.aborted) break;
    for (const [at, { name, app }] of storm.slots.entries()) {
      const now = residentMiB(app?.process.pid);
      if (now === undefined) wrong.add(`a ${name} ended`);
      else taken[at]!.values.push(now);
    }
  }
  over.abort();
  await reading;
  const figures: Record<string, number> = {};
  for (const { name, values } of taken) {
    const figure = `MiB at most of ${name}`;
    figures[figure] = Math.max(figures[figure] ?? 0, Math.round(Math.max(...values)));
    for (const what of wrongIn(name, values, report)) wrong.add(what);
  }
  return { figures, wrong: [...wrong] };
}

export const memory: Row = {
  name: 'memory',
  fault:
    'each process with the heap that its container allows, under load of posts, live streams, and reads of now and of the past',
  invariant: `none ends or takes more than its container has (${containerMiB} MiB); from ${enoughSeconds / 60} minutes on, none grows`,
  unit: 'second',
  short: 60,
  long: 3_300,
  needsServers: true,
  run: async (tries, report): Promise<Found> => {
    if (process.platform !== 'linux')
      throw new Error('Not possible here: the memory of a process is read from /proc, which Linux has.');
    const storm = await Storm.open(report.seed, { env: { REQUESTS_PER_MINUTE: '0' } });
    let seen: Measured = { figures: {}, wrong: [] };
    try {
      const found = await storm.during(async () => {
        const from = performance.now();
        seen = await measured(storm, tries, report);
        report.violations.push(...seen.wrong);
        return Math.round((performance.now() - from) / 1_000);
      }, report);
      return {
        ...found,
        violations: [...seen.wrong, ...found.violations],
        figures: { ...seen.figures, ...found.figures },
      };
    } finally {
      await storm.close();
    }
  },
};
