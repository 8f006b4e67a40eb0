import { join } from 'node:path';
import { bases, facets, fates, modes, standings } from '#domain';
import { z } from 'zod';
import { read } from './load.js';

// The comment at the top of alaska/expected.yaml describes the format.

const Facts = z.array(z.string()).min(1);
const Sourced = {
  basis: z.enum(bases).optional(),
  standing: z.enum(standings).optional(),
  source: z.string().optional(),
};
const Conditions = z.record(z.string(), z.enum(fates).nullable());
const Value = z.record(z.string(), z.unknown());

const ExpectedFact = z.strictObject({
  kind: z.string(),
  ...Sourced,
  basis: z.enum(bases),
  standing: z.enum(standings),
  mode: z.enum(modes),
  conditions: z.array(z.string()).optional(),
  marks: z.record(z.string(), z.array(z.enum(facets)).min(1)),
});

const Cell = z
  .strictObject({
    current: z.string(),
    value: Value.default({}),
    rests: Facts.optional(),
    ...Sourced,
    conditions: Conditions.optional(),
  })
  .transform(cell => ({ ...cell, rests: cell.rests ?? [cell.current] }));

/** An actor's expected state, which may be empty. */
export const State = z.strictObject({
  actor: z.string(),
  facet: z.enum(facets),
  key: z.string().optional(),
  where: Value.default({}),
  cells: z.array(Cell),
});

const End = z.strictObject({
  status: z.enum(['active', 'superseded', 'retracted']).optional(),
  standing: z.enum(standings).optional(),
  key: z.boolean().optional(),
  pinned: z.boolean().optional(),
  corrected: z.string().optional(),
});

const Expected = z.strictObject({
  facts: z.record(z.string(), ExpectedFact),
  ends: z.record(z.string(), End).default({}),
  conditions: Conditions.default({}),
  questions: z.array(
    z.strictObject({
      ask: z.string(),
      states: z.array(State).default([]),
      timelines: z.array(z.strictObject({ query: z.record(z.string(), z.string()), facts: Facts })).default([]),
    }),
  ),
});
export type Expected = z.infer<typeof Expected>;

/** Loads the expected answers in a story's folder. */
export const loadExpected = (folder: string): Expected => read(join(folder, 'expected.yaml'), Expected);
