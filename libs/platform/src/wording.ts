import type { z } from 'zod';

const nouns: Readonly<Record<string, string>> = {
  object: 'an object',
  array: 'a list',
  string: 'a text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
};
const units: Readonly<Record<string, string>> = { string: 'characters', array: 'entries' };

/** Detects zod's default messages, which describe its parser; callers need to know what the field must be. */
const isZods = (message: string) => /^(Invalid|Too) /.test(message);

/** Describes the error of a field by what the field must be. */
export function wording(issue: { readonly message: string }): string {
  if (!('code' in issue) || !isZods(issue.message)) return issue.message;
  return worded(issue as z.core.$ZodIssue) ?? issue.message;
}

function worded(issue: z.core.$ZodIssue): string | undefined {
  switch (issue.code) {
    case 'invalid_type': {
      const must = `must be ${nouns[issue.expected] ?? issue.expected}`;
      return issue.message.endsWith('received undefined') ? `is missing; it ${must}` : must;
    }
    case 'invalid_value':
      return `must be ${issue.values.length > 1 ? 'one of ' : ''}${issue.values.join(', ')}`;
    case 'too_big':
      return limited(`at most ${issue.maximum}`, issue.origin);
    case 'too_small':
      return limited(`at least ${issue.minimum}`, issue.origin);
    case 'invalid_format':
      return issue.format === 'uuid' ? 'must be a UUID' : undefined;
    default:
      return undefined;
  }
}

const limited = (count: string, origin: string) => (units[origin] ? `must have ${count} ${units[origin]}` : undefined);
