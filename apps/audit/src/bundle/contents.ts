import { keyIdOf } from '#domain';
import type { Verdict } from '#event-log';
import { keyIdsIn } from '#keys';
import { shredsOf } from '#projections';
import { z } from 'zod';
import { namedAfter, noneNamed } from '../blobs/named.js';
import { look, strangeRecords, type Strangeness, type Written } from '../strange.js';

/** A commit of the log that no editor-api writes, as far as this shows without keys. */
export interface StrangeCommit extends Strangeness {
  readonly position: number;
  readonly stream: string;
  readonly seq: number;
}

/** Maximum number of strange commits that are named. All are counted. */
export const mostStrangeNamed = 20;

const told = z.string();
const LaterTelling = z.object({
  data: z.union([z.object({ text: z.string(), told }), z.object({ development: z.string(), told })]),
});
const LaterValue = z.object({ events: z.array(z.unknown()) });

/** Collects what an archive must know of its commits, read from a log or from a bundle. */
export class Contents {
  readonly strange: StrangeCommit[] = [];
  strangeCount = 0;
  /** The log's name, from its first commit. */
  source: string | undefined;
  /** The files of pictures that the commits name. */
  files = noneNamed;
  private readonly withPayload = new Set<string>();
  /** Developments with a recorded takedown. */
  readonly takenDown = new Set<string>();

  /** Takes the commits in order, from the log's first on. `position` is the commit's position in the log. */
  take(record: Written, verdict: Verdict & { won: true }, position = verdict.position): void {
    this.source ??= record.headers.ce_source ?? '';
    const { commit, strange } = look(record, verdict, this.source);
    const { stream, seq } = verdict;
    const by = { stream, seq, position };
    if (strange) this.note({ ...strange, ...by });
    if (commit) {
      for (const development of keyIdsIn(commit.events)) this.withPayload.add(development);
      for (const { development } of shredsOf([commit])) this.takenDown.add(development);
      this.files = namedAfter(this.files, by, commit.events);
    } else if (strange?.code === 'unreadable-commit') {
      const events = eventsOfLater(record.value);
      for (const development of toldLater(events)) this.withPayload.add(development);
      this.files = namedAfter(this.files, by, events);
    }
  }

  /** Developments with a payload and without a takedown: each had a key once. */
  get developments(): ReadonlySet<string> {
    return new Set([...this.withPayload].filter(development => !this.takenDown.has(development)));
  }

  private note(strange: StrangeCommit): void {
    this.strangeCount++;
    if (this.strange.length < mostStrangeNamed) this.strange.push(strange);
  }
}

/** A later version may read these payloads, and then needs their keys and files. */
function eventsOfLater(value: Uint8Array): unknown[] {
  try {
    return LaterValue.parse(JSON.parse(Buffer.from(value).toString())).events;
  } catch {
    return [];
  }
}

const toldLater = (events: readonly unknown[]): string[] =>
  events.flatMap(event => {
    const { data } = LaterTelling.safeParse(event);
    return data ? [keyIdOf(data.data)] : [];
  });

/** Lines for a person; empty if there are no strange commits. */
export function strangeLines(strange: readonly StrangeCommit[], count: number): string[] {
  return [
    ...strange.flatMap(({ code, detail, position, stream, seq }) => [
      `STRANGE: ${strangeRecords[code]} The log itself holds it like this: ${detail}`,
      `  position  ${position}`,
      `  stream    ${stream}, commit ${seq}`,
    ]),
    ...(count > strange.length ? [`and ${count - strange.length} more strange commits`] : []),
  ];
}
