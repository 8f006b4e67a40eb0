import { refusals, type RefusalCode } from '#domain';
import { Problem, ProblemDetails, withCodes } from '#platform';
import { applyDecorators } from '@nestjs/common';
import { ApiResponse } from '@nestjs/swagger';

/** The refusals of this API, except for invalid fields: the HTTP status, and what to do next. */
const readErrors = {
  'unknown-story': [404, 'No story has this id. GET /stories lists all stories.'],
  'unknown-development': [404, 'The story has no development with this id.'],
  'unknown-actor-id': [404, 'No actor has this id. GET /actors lists all actors.'],
  rewritten: [
    410,
    'Earlier positions of this story were rewritten since your copy, for example by a takedown. Load the timeline again.',
  ],
  'change-too-long': [422, 'A change after this position is too long to send. Load the timeline again.'],
  'not-yet': [404, 'It exists now, but did not at the time requested.'],
  'nothing-to-read': [
    503,
    'Nothing can be read yet: the projector has not built the read model. Try again in a moment.',
  ],
  'catching-up': [503, 'The read model is still catching up to that time. Try again in a moment.'],
  'past-too-long': [422, 'The story has more commits at that time than one answer reads. Ask for an earlier position.'],
  'not-answering': [503, 'The database does not answer. Try again in a moment.'],
  'not-following': [
    503,
    'Live updates are paused while the connection to the database is restored. Try again in a moment.',
  ],
  'too-many-streams': [503, 'Too many streams are open. Close those that you do not need, or try again later.'],
  'shutting-down': [503, 'This process is shutting down. Connect again.'],
  'unknown-picture': [404, 'No picture has this address, or it was withdrawn.'],
  'no-such-range': [416, 'The file has no such bytes. Ask for some of them.'],
  'files-busy': [503, 'Too many files are being sent. Try again in a few seconds.'],
  'exports-busy': [503, 'Too many exports are being sent. Try again in a minute.'],
  'blobs-unavailable': [503, 'The store of pictures does not answer. Try again in a minute.'],
} as const;

/** The problem of a code, with its default detail or another one. */
export const problem = (code: keyof typeof readErrors, detail: string = readErrors[code][1]): Problem =>
  new Problem(readErrors[code][0], code, detail);

/** A 422 for something that exists now, but did not at the time requested. */
export const notYet = (detail: string): Problem => problem('not-yet', detail);

/** A 422 for a query parameter whose value has the right form, but names nothing that exists. */
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

/** A 422 for an address that is not one of this site's pages. */
export function unknownAddress(field: string, base: string): Problem {
  const message = `must be the address of a page about a story, an update or an actor on ${base}`;
  return new Problem(422, 'invalid-field', `${field}: ${message}`, { errors: [{ field, message }] });
}

/** Documents the problems of a status: those of the table, and other ones. */
export function ReadProblem(status: number, description: string, others: readonly string[] = []) {
  const ours = Object.entries(readErrors).flatMap(([code, [its]]) => (its === status ? [code] : []));
  return ApiResponse({
    status,
    description: withCodes(description, [...ours, ...others]),
    standardSchema: ProblemDetails,
  });
}

/** Documents the problems that every read may answer with. */
export const ReadProblems = () =>
  applyDecorators(
    ReadProblem(404, 'The resource in the path does not exist, or did not at the time requested.', ['unknown-path']),
    ReadProblem(422, 'A parameter has a value that is not allowed, or asks for too much.', [
      'invalid-field',
      'unknown-condition',
      'unknown-actor',
      'ambiguous-actor',
    ]),
    ReadProblem(503, 'It cannot be answered at the moment.'),
  );

/** A 422 for a position that the log has not reached. */
export function wrongPosition(field: string, first: number, present: number): Problem {
  const message = `must be a whole number from ${first} to the present position, which is ${present}`;
  return new Problem(422, 'invalid-field', `${field}: ${message}`, { errors: [{ field, message }] });
}
