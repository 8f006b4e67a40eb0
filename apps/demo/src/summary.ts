import type { ActorState, Entry, OneStory } from '#contract';
import type { Ground } from './ground.js';
import { percentile } from './measure.js';
import type { Performed } from './perform.js';

/** The story as readers find it after the last fact. */
export interface ReadBack {
  readonly story: OneStory;
  readonly timeline: readonly Entry[];
  readonly actors: readonly ActorState[];
}

/** The last line of `--once`: every number is read back from the running system. */
export interface Summary {
  /** Facts of the story whose development is in the timeline. */
  readonly facts: number;
  /** Commits in force, without the log's first one, which no editor sent. */
  readonly commits: number;
  readonly developments: number;
  readonly actors: number;
  readonly timelineEntries: number;
  /** Frames of the live connection with a development, each position once. */
  readonly sseReceived: number;
  readonly position: number;
  readonly seconds: number;
  /** Milliseconds from just before a fact was posted to its arrival at the live connection. */
  readonly postToGlassMs: { readonly p50: number | null; readonly p99: number | null };
  readonly provisioned: Ground['provisionedBy'];
}

const genesis = 1;
const rounded = (value: number | null) => value && Math.round(value * 10) / 10;

/** Builds the summary of a run. */
export function summarise(
  { story, timeline, actors }: ReadBack,
  { measure, follower }: Performed,
  run: Pick<Summary, 'seconds' | 'provisioned'>,
): Summary {
  const missing = measure.missingFrom(new Set(timeline.map(entry => entry.id)));
  const delays = measure.postToGlass();
  return {
    facts: measure.facts - missing.length,
    commits: story.position - genesis,
    developments: story.developments,
    actors: actors.length,
    timelineEntries: timeline.length,
    sseReceived: follower.received.size,
    position: story.position,
    seconds: rounded(run.seconds)!,
    postToGlassMs: { p50: rounded(percentile(delays, 0.5)), p99: rounded(percentile(delays, 0.99)) },
    provisioned: run.provisioned,
  };
}

/** The differences between a story on an empty log and the data read back, as sentences; empty if there are none. */
export function shortfalls(facts: number, { timeline }: ReadBack, performed: Performed, summary: Summary): string[] {
  const { measure, acknowledged } = performed;
  const missing = measure.missingFrom(new Set(timeline.map(entry => entry.id)));
  const found: [boolean, string][] = [
    [measure.facts !== facts, `${facts} facts were expected; ${measure.facts} were recorded.`],
    [missing.length > 0, `The timeline lacks: ${missing.join(', ')}.`],
    [measure.unseen().length > 0, `The live connection lacks: ${measure.unseen().join(', ')}.`],
    [
      acknowledged.size !== summary.commits,
      `${acknowledged.size} commits were acknowledged; readers have ${summary.commits}.`,
    ],
  ];
  return found.filter(([fell]) => fell).map(([, sentence]) => sentence);
}
