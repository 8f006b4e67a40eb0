import { refusals, type RefusalCode } from '#domain';
import { Problem, ProblemDetails } from '#platform';
import { applyDecorators } from '@nestjs/common';
import { ApiResponse } from '@nestjs/swagger';

/** Every "no" of this API that is not about a field's form: its HTTP status, and what to do next. */
const readErrors = {
  'unknown-story': [404, 'No story has this id. GET /stories lists those there are.'],
  'unknown-development': [404, 'The story has no development with this id.'],
  'unknown-actor-id': [404, 'No actor has this id. GET /actors lists those there are.'],
  'not-yet': [404, 'It is there by now, and was not yet at the moment that was asked for.'],
  'nothing-to-read': [503, 'Nothing can be read yet: the projector has not made it. Try again in a moment.'],
  'catching-up': [503, 'Readers have seen more by that time than has been made again by now. Try again in a moment.'],
  'past-too-long': [422, 'The story is longer by then than this server folds. Ask for an earlier position.'],
  'past-busy': [
    503,
    'Too many questions about the past are being answered at the moment. Ask again in a few seconds; the present is answered as ever.',
  ],
  'not-answering': [503, 'The database does not answer at the moment. Try again in a moment.'],
  'no-keys': [503, 'The keys of what was told cannot be had at the moment. Try again in a moment.'],
  'not-following': [503, 'News does not arrive at the moment: the connection that brings it is being made anew.'],
  'too-many-streams': [
    503,
    'As many streams are open as may be, from your address or in all. Close those that you do not need, or try again in a while.',
  ],
  'shutting-down': [503, 'This process is shutting down. Connect again.'],
} as const;

export const problem = (code: keyof typeof readErrors, detail: string = readErrors[code][1]): Problem =>
  new Problem(readErrors[code][0], code, detail);

/** A 404 about what is there by now, and was not at the moment asked for. */
export const notYet = (detail: string): Problem => problem('not-yet', detail);

/** A 422 about one query parameter whose value has the right form, yet names nothing there is. */
export function unknownValue(
  field: string,
  code: RefusalCode,
  value: string,
  allowed: readonly string[] = [],
): Problem {
  const message = `${refusals[code]} (${value})`;
  return new Problem(422, code, `${field}: ${message}`, {
    errors: [{ field, message, ...(allowed.length > 0 ? { allowed: [...allowed] } : {}) }],
  });
}

export function unknownPage(pages: number): Problem {
  const message = `must be a whole number from 1 to ${pages}`;
  return new Problem(422, 'invalid-field', `page: ${message}`, { errors: [{ field: 'page', message }] });
}

const described = (status: number, description: string) =>
  ApiResponse({ status, description, standardSchema: ProblemDetails });

/** The problems that any read may answer with, for the documentation. */
export const ReadProblems = () =>
  applyDecorators(
    described(404, 'What the path names is not there.'),
    described(422, 'A parameter does not hold what is allowed.'),
    described(503, 'Nothing can be read yet.'),
  );
