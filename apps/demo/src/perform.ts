import { follow as followStory, type Dateline, type Loaded } from '#client';
import type { Change, Entry } from '#contract';
import { reported, type Report } from '#dev-servers';
import { setTimeout as sleep } from 'node:timers/promises';
import type { StoryAsFiles } from '../stories/load.js';
import { opening, playPosts, registrations } from '../stories/player.js';
import type { Editor } from './editor.js';
import { Measure } from './measure.js';
import type { Printed } from './print-change.js';
import type { Reading } from './reading.js';

/** A running follower of a story. */
export interface Follower {
  /** Positions of frames with a development, each once. */
  readonly received: ReadonlySet<number>;
  close(): void;
}

/**
 * Follows a story after position `after` as a reader's app does, and reconnects and resumes until closed. `onResync` is
 * called when the reader must load the timeline instead, and returns its state; `onEnd` is called when the API refuses
 * permanently.
 */
export function follow(
  api: Dateline,
  story: string,
  after: number,
  onChange: (change: Change) => void,
  onResync: () => Promise<Loaded>,
  onEnd: (error: unknown) => void,
): Follower {
  const received = new Set<number>();
  const session = new AbortController();
  let begun = false;
  const load = async () => {
    if (begun) return onResync();
    begun = true;
    return { position: after };
  };
  const run = async () => {
    for await (const { event, data } of followStory(api, story, load, session)) {
      if (session.signal.aborted) return;
      if (event !== 'change') continue;
      if (data.entries.length > 0) received.add(data.position);
      onChange(data);
    }
  };
  run().catch(onEnd);
  return { received, close: () => session.abort() };
}

const arrivalLimitMs = 30_000;

/** The result of a performance: the posts, and the reader's deliveries. */
export interface Performed {
  readonly measure: Measure;
  readonly follower: Follower;
  /** Positions of the commits that the editor API acknowledged. */
  readonly acknowledged: ReadonlySet<number>;
  /** True if an earlier run had posted the whole story, so that nothing was recorded. */
  readonly playedBefore: boolean;
}

/** The inputs of a performance. */
export interface Stage {
  readonly editor: Editor;
  readonly reading: Reading;
  readonly signal: AbortSignal;
  readonly say: Report;
  /** Milliseconds from one fact to the next. */
  readonly pace: number;
  readonly onChange: (change: Printed) => void;
}

/**
 * Posts the story through the editor API while a reader's app follows it. Resolves when the reader has received every fact.
 */
export async function perform(files: StoryAsFiles, stage: Stage): Promise<Performed> {
  const { editor, reading, signal, say, pace } = stage;
  const acknowledged = new Set<number>();
  const measure = new Measure();
  const send = async (request: Parameters<Editor['send']>[0]) => {
    const answer = await editor.send(request);
    acknowledged.add(answer.position);
    return answer;
  };

  const { replayed } = await send(opening(files));
  await reported(say, 'waiting for the story to reach its readers', visible(reading, signal));
  // The posts of an earlier run are read from the timeline. Only new ones are followed.
  const follower = followed(stage, measure, replayed ? (await reading.story()).position : 0);
  let playedBefore = replayed;
  try {
    for (const request of registrations(files)) await send(request);
    await playPosts(files, async (request, { fact, record }) => {
      const at = performance.now();
      const answer = await send(request);
      // The reader's connection starts after earlier posts, so they are not awaited.
      const toCome = !(replayed && answer.replayed);
      if (record && answer.development && toCome)
        measure.answered(fact, answer.development, answer.replayed ? undefined : at);
      if (!answer.replayed) {
        playedBefore = false;
        await sleep(pace, undefined, { signal });
      }
      return answer;
    });
    await reported(say, 'waiting for the last facts to arrive', allSeen(measure, signal));
    return { measure, follower, acknowledged, playedBefore };
  } catch (error) {
    follower.close();
    throw error;
  }
}

function followed({ reading, onChange, say }: Stage, measure: Measure, after: number): Follower {
  const recorded = ({ acts }: Printed) => acts.filter(act => act.act === 'DevelopmentRecorded');
  const see = (change: Printed) => {
    const at = performance.now();
    for (const { development } of recorded(change)) if (development) measure.seen(development, at);
    onChange(change);
  };
  const load = async () => {
    say('the stream does not resend that many changes: loading the timeline');
    const { entries, ...loaded } = await reading.loaded();
    for (const entry of entries) see(asRecorded(entry));
    return loaded;
  };
  const onEnd = (error: unknown) => say(`The live stream has ended. ${String(error)}`);
  return follow(reading.api, reading.id, after, see, load, onEnd);
}

const asRecorded = (entry: Entry): Printed => ({
  position: entry.position,
  acts: [{ act: 'DevelopmentRecorded', development: entry.id }],
  entries: [entry],
});

async function visible(reading: Reading, signal: AbortSignal): Promise<void> {
  for (const until = performance.now() + arrivalLimitMs; ; await sleep(30, undefined, { signal })) {
    try {
      return void (await reading.story());
    } catch (error) {
      if (performance.now() > until) throw error;
    }
  }
}

async function allSeen(measure: Measure, signal: AbortSignal): Promise<void> {
  for (const until = performance.now() + arrivalLimitMs; performance.now() < until;)
    if (measure.unseen().length === 0) return;
    else await sleep(20, undefined, { signal });
  const seconds = arrivalLimitMs / 1000;
  throw new Error(`After ${seconds} s the reader's live connection still lacks: ${measure.unseen().join(', ')}.`);
}
