import { join } from 'node:path';
import { z } from 'zod';
import { State } from '../../apps/demo/stories/expected.fixture.js';
import { read } from '../../apps/demo/stories/load.js';
import { Facts } from './rehearsal.js';

// The comments at the tops of stories/alaska/clocks/reads.yaml and audit.yaml describe the formats.

const Status = z.enum(['active', 'superseded', 'retracted', 'taken-down']);
const Stands = z.record(z.string(), Status).transform(named => Object.entries(named));
const Standing = z.union([
  Facts.transform(facts => facts.map(fact => [fact, 'active'] as [string, z.infer<typeof Status>])),
  Stands,
]);
const Entries = z.record(z.string(), z.record(z.string(), z.unknown()));

const Moment = z.strictObject({
  position: z.int().optional(),
  knownAt: z.string().optional(),
  visibleAt: z.string().optional(),
  happenedBy: z.iso.datetime({ offset: true }).optional(),
});
export type Moment = z.infer<typeof Moment>;

const ReadAsked = z.strictObject({
  ask: z.string(),
  of: Moment,
  position: z.int(),
  timeline: z.array(Standing).transform(parts => parts.flat()),
  developments: z.int(),
  entries: Entries.default({}),
  states: z.array(State).default([]),
  unsaid: z.array(z.string()).default([]),
});
export type ReadAsked = z.infer<typeof ReadAsked>;

const Between = z.tuple([z.string().nullable(), z.string()]).nullable();
const ExpectedEvent = z.looseObject({
  at: z.int(),
  act: z.string(),
  of: z.string().nullable(),
  by: z.string().optional(),
  other: z.string().optional(),
  proposed: z.int().optional(),
  recorded: Between.optional(),
  visible: Between.optional(),
  changed: z.record(z.string(), z.tuple([z.unknown(), z.unknown()])).optional(),
});
export type ExpectedEvent = z.infer<typeof ExpectedEvent>;
const entries = z.array(ExpectedEvent);
const ask = z.string();
const OnClock = z.union([z.string(), z.int()]);

const Audits = z.strictObject({
  gaps: z.array(z.strictObject({ ask, at: z.string(), known: z.int(), visible: z.int(), entries })),
  diffs: z.array(z.strictObject({ ask, from: OnClock, to: OnClock, positions: z.tuple([z.int(), z.int()]), entries })),
  trails: z.array(
    z.strictObject({
      ask,
      of: z.union([
        z.strictObject({ fact: z.string() }),
        z.strictObject({ actor: z.string(), facet: z.string(), key: z.string().optional() }),
      ]),
      rests: z.array(z.string()).optional(),
      entries,
    }),
  ),
  lates: z.array(
    z.strictObject({
      ask,
      over: z.string(),
      late: z.array(z.strictObject({ of: z.string(), hours: z.tuple([z.number(), z.number()]) })),
    }),
  ),
});
export type Audits = z.infer<typeof Audits>;

export const loadReads = (folder: string, file: string): ReadAsked[] =>
  read(join(folder, 'clocks', file), z.strictObject({ reads: z.array(ReadAsked).min(1) })).reads;
export const loadAudits = (folder: string, file: string): Audits => read(join(folder, 'clocks', file), Audits);
