import type { Cell } from '#contract';
import { expect } from '@jest/globals';
import type { Answer } from '../harness/client.js';
import { expectState } from '../../apps/demo/stories/states.fixture.js';
import { moved } from './days.js';
import type { Moment, ReadAsked } from './expected.js';
import type { Performance } from './perform.js';

/** The readers' answers about a story, by path. */
export type Answers = ReadonlyMap<string, Answer>;

/** The query for a moment. */
export function queryOf({ noted, days }: Performance, moment: Moment): Record<string, string> {
  const { position, happenedBy, ...clocks } = moment;
  const instants = Object.entries(clocks).map(([clock, name]) => [clock, noted.get(name!)!]);
  return {
    ...Object.fromEntries(instants),
    ...(position !== undefined && { position: String(position) }),
    ...(happenedBy !== undefined && { happenedBy: moved(happenedBy, days) }),
  };
}

/** Asserts that the answers about a moment match the expected ones, which are written by hand. */
export function expectRead({ facts, ids }: Performance, answers: Answers, asked: ReadAsked): void {
  for (const { body } of answers.values()) expect(body.asOf).toMatchObject({ position: asked.position });
  const { entries } = answers.get('/timeline')!.body as { entries: { id: string; status: string }[] };
  expect(entries.map(({ id, status }) => [facts.get(id), status])).toEqual(asked.timeline);
  for (const [fact, wanted] of Object.entries(asked.entries))
    expect(entries.find(({ id }) => id === ids.get(fact))).toMatchObject(wanted);
  expect(answers.get('')!.body).toMatchObject({ developments: asked.developments });
  for (const state of asked.states)
    expectState((answers.get(`/actors/${state.actor}`)?.body.cells ?? []) as Cell[], state, facts);
  for (const word of asked.unsaid) for (const { text } of answers.values()) expect(text).not.toContain(word);
}

/** The answers' bodies and tags. */
export const bytesOf = (answers: Answers) =>
  [...answers].map(([path, { text, headers }]) => [path, text, headers.get('ETag')]);

/** The story's content in an answer about the present or the past. */
export const saidIn = (answers: Answers) =>
  [...answers].map(([path, { body }]) => [path, { ...body, asOf: undefined, next: undefined, rewrites: undefined }]);
