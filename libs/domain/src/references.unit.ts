import { describe, expect, test } from '@jest/globals';
import { z } from 'zod';
import { ActorRef, ActorRefs, actorsIn, mapActors } from './references.js';
import { Line } from './text.js';

const loud = (schema: z.ZodType, value: unknown) => mapActors(schema, value, ref => ref.toUpperCase());

describe('actor references', () => {
  const Deep = z.strictObject({
    of: ActorRef,
    text: Line(100),
    members: z.array(z.strictObject({ actor: ActorRef, role: Line(20), rows: z.array(ActorRefs).optional() })),
    perhaps: ActorRef.optional(),
    none: ActorRef.nullable(),
    usual: ActorRefs.default(['ada']),
  });
  const value = {
    of: 'ada',
    text: 'ada',
    members: [
      { actor: 'ben', role: 'ada', rows: [['cleo', 'dov'], ['eve']] },
      { actor: 'ada', role: 'chair' },
    ],
    none: null,
    usual: ['fay'],
  };

  test('mapActors replaces every actor reference of the schema, and nothing else', () =>
    expect(loud(Deep, value)).toEqual({
      of: 'ADA',
      text: 'ada',
      members: [
        { actor: 'BEN', role: 'ada', rows: [['CLEO', 'DOV'], ['EVE']] },
        { actor: 'ADA', role: 'chair' },
      ],
      none: null,
      usual: ['FAY'],
    }));

  test('mapActors passes each reference with its path', () => {
    const paths: string[] = [];
    mapActors(Deep, value, (ref, path) => (paths.push(`${path.join('.')}=${ref}`), ref));
    expect(paths).toEqual([
      'of=ada',
      'members.0.actor=ben',
      'members.0.rows.0.0=cleo',
      'members.0.rows.0.1=dov',
      'members.0.rows.1.0=eve',
      'members.1.actor=ada',
      'usual.0=fay',
    ]);
  });

  test('actorsIn gives each reference once, in order of first mention', () =>
    expect(actorsIn(Deep, value)).toEqual(['ada', 'ben', 'cleo', 'dov', 'eve', 'fay']));

  test('mapActors does not change its input', () => {
    const before = structuredClone(value);
    loud(Deep, value);
    expect(value).toEqual(before);
  });

  test('mapActors uses the option of a union that the value matches', () => {
    const Either = z.union([
      z.strictObject({ place: Line(20) }),
      z.strictObject({ host: ActorRef }),
      z.strictObject({ hosts: ActorRefs }),
    ]);
    expect([{ place: 'oslo' }, { host: 'ada' }, { hosts: ['ada'] }].map(v => loud(Either, v))).toEqual([
      { place: 'oslo' },
      { host: 'ADA' },
      { hosts: ['ADA'] },
    ]);
    const Kinds = z.discriminatedUnion('kind', [
      z.strictObject({ kind: z.literal('a'), who: Line(20) }),
      z.strictObject({ kind: z.literal('b'), who: ActorRef }),
    ]);
    expect(
      loud(z.array(Kinds), [
        { kind: 'a', who: 'ada' },
        { kind: 'b', who: 'ada' },
      ]),
    ).toEqual([
      { kind: 'a', who: 'ada' },
      { kind: 'b', who: 'ADA' },
    ]);
  });

  test('a reference is still recognised when a schema gives it another description', () => {
    expect(loud(z.object({ host: ActorRef.meta({ description: 'Who receives.' }) }), { host: 'ada' })).toEqual({
      host: 'ADA',
    });
    expect(loud(z.object({ host: ActorRef.describe('Who receives.').optional() }), { host: 'ada' })).toEqual({
      host: 'ADA',
    });
  });
});
