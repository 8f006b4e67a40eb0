import { expect } from '@jest/globals';
import { kindNamed } from './index.js';

const names: Record<string, string> = {
  ada: 'Ada Quist',
  ben: 'Ben Ode',
  cleo: 'Cleo Marr',
  oil: 'Oil',
  isle: 'Isle Council',
};
/** The names of the actors in these tests. */
export const name = (actor: string) => names[actor] ?? actor;

/** The headline and the marks of data, or why they are refused. */
export const given = (kind: string, data: object) => ({
  then: (headline: string, marks: object[]) => {
    const entry = kindNamed(kind)!;
    const parsed = entry.schema.parse(data);
    expect(entry.headline(parsed, name)).toBe(headline);
    expect(JSON.parse(JSON.stringify(entry.marks(parsed)))).toEqual(marks);
  },
  thenRefused: (field: string, message: RegExp) => {
    const issues = kindNamed(kind)!.schema.safeParse(data).error?.issues ?? [];
    expect(issues.map(issue => [issue.path.join('.'), issue.message])).toEqual([
      [field, expect.stringMatching(message)],
    ]);
  },
});
