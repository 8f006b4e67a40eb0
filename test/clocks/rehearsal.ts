import { join } from 'node:path';
import { approvable, grounds } from '#domain';
import type { Role } from '#platform';
import { z } from 'zod';
import { read } from '../../apps/demo/stories/load.js';

// The comment at the top of stories/alaska/clocks/rehearsal.yaml describes the format.

/** Labels of facts: `F07`, or `F01-F09` for a range. */
export const Facts = z
  .string()
  .regex(/^F\d\d(-F\d\d)?$/)
  .transform(text => {
    const [first, last = first] = text.split('-').map(label => Number(label.slice(1))) as [number, number?];
    return Array.from({ length: last - first + 1 }, (_, i) => `F${String(first + i).padStart(2, '0')}`);
  });
const Fact = z.string().regex(/^F\d\d$/);
const Changed = z.record(z.string(), z.unknown()).default({});
const by = z.string();

const Step = z.union([
  z.strictObject({ post: z.array(Facts).transform(facts => facts.flat()), by, as: Changed }),
  z.strictObject({ correct: Fact, by, as: Changed, wrong: z.string(), reason: z.string() }),
  z.strictObject({ retract: Fact, by, reason: z.string() }),
  z.strictObject({ lift: Fact, by }),
  z.strictObject({ require: z.array(z.enum(approvable)), by }),
  z.strictObject({ propose: z.literal('retraction'), of: Fact, by, reason: z.string() }),
  z.strictObject({ propose: z.literal('takedown'), of: Fact, by, reason: z.string(), ground: z.enum(grounds) }),
  z.strictObject({ approve: Fact, by }),
  z.strictObject({ readers: z.enum(['cut off', 'connected']) }),
  z.strictObject({ note: z.string() }),
]);
export type Step = z.infer<typeof Step>;

const Rehearsal = z.strictObject({
  people: z.record(z.string(), z.enum(['reporter', 'editor', 'legal'] satisfies Role[])),
  day: z.iso.datetime({ offset: true }),
  steps: z.array(Step).min(1),
  afterwards: z.array(Step),
});
export type Rehearsal = z.infer<typeof Rehearsal>;

export const loadRehearsal = (folder: string): Rehearsal => read(join(folder, 'clocks', 'rehearsal.yaml'), Rehearsal);
