import { z } from 'zod';

const nouns: Readonly<Record<string, string>> = {
  object: 'an object',
  array: 'a list',
  string: 'a text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
};

const english = z.locales.en().localeError;

/** What a field must be, for the person who sent it, wherever its schema does not say so itself. */
export const messages: z.core.$ZodErrorMap = issue => {
  switch (issue.code) {
    case 'invalid_type': {
      const noun = nouns[issue.expected] ?? issue.expected;
      return issue.input === undefined ? `must be given, and be ${noun}` : `must be ${noun}`;
    }
    case 'invalid_value':
      return `must be ${issue.values.length > 1 ? 'one of ' : ''}${issue.values.join(', ')}`;
    case 'too_big':
      return `must have at most ${issue.maximum} ${unit(issue)}`;
    case 'too_small':
      return `must have at least ${issue.minimum} ${unit(issue)}`;
    case 'invalid_format':
      return issue.format === 'uuid' ? 'must be a UUID' : english(issue);
    default:
      return english(issue);
  }
};
