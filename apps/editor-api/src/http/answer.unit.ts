import { Won } from '#contract';
import { refusals, refuse, type RefusalCode } from '#domain';
import { Problem, ProblemDetails } from '#platform';
import { describe, expect, test } from '@jest/globals';
import type { Response } from 'express';
import type { CommitSummary } from '../commands/write-model.js';
import type { Outcome } from '../commands/submission.js';
import { AlreadySo, answer, Pending } from './answer.js';

const development = '11111111-1111-4111-8111-111111111111';
const commit: CommitSummary = {
  id: 'c'.repeat(64),
  stream: 'story:s',
  seq: 3,
  parent: 'b'.repeat(64),
  position: 7,
  recorded: '2026-01-01T00:00:00.000Z',
  command: 'a/key?',
  commandHash: 'h',
  by: { id: 'ed', name: 'Ed' },
  events: [
    { type: 'DevelopmentRecorded', development },
    { type: 'DevelopmentSuperseded', development: 'other' },
  ],
};

function answered(outcome: Outcome) {
  const headers: Record<string, string> = {};
  const response = {
    statusCode: 0,
    setHeader: (name: string, value: string) => ((headers[name] = value), response),
    status: (status: number) => ((response.statusCode = status), response),
  };
  try {
    const body = answer(outcome, { command: commit.command }, response as unknown as Response);
    return { status: response.statusCode, headers, body, text: JSON.stringify(body) };
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    return { status: error.details.status, headers, body: ProblemDetails.parse(error.details), text: '' };
  }
}

describe('the answer to a command', () => {
  test('a recorded command gives 201 with the head as ETag and the address of its status', () => {
    const { status, headers, body } = answered({ outcome: 'won', commit, again: false });
    expect(status).toBe(201);
    expect(headers).toEqual({ ETag: `"${commit.id}"`, Location: '/commands/a%2Fkey%3F' });
    expect(body).toEqual({
      status: 'won',
      command: 'a/key?',
      commit: commit.id,
      stream: 'story:s',
      seq: 3,
      position: 7,
      recorded: commit.recorded,
      by: { id: 'ed', name: 'Ed' },
      events: commit.events,
      development,
    });
  });

  test('a repeated command gives the same bytes, with the header Idempotency-Replayed', () => {
    const first = answered({ outcome: 'won', commit, again: false });
    const { headers, ...again } = answered({ outcome: 'won', commit: structuredClone(commit), again: true });
    expect({ ...again, headers: first.headers }).toEqual(first);
    expect(headers).toEqual({ ...first.headers, 'Idempotency-Replayed': 'true' });
  });

  test('an answer omits the log’s private fields', () => {
    const { text } = answered({ outcome: 'won', commit, again: false });
    expect(text).not.toMatch(/commandHash|parent/);
  });

  test('an answer matches its schema', () => {
    const events = [{ type: 'StoryOpened' }];
    expect(
      Won.strict().safeParse(answered({ outcome: 'won', commit: { ...commit, events }, again: false }).body).success,
    ).toBe(true);
    expect(
      AlreadySo.strict().parse(answered({ outcome: 'already-so', head: 'x', seq: 1, position: 2 }).body),
    ).toBeTruthy();
    expect(Pending.strict().parse(answered({ outcome: 'pending' }).body)).toBeTruthy();
  });

  test('a command that changes nothing gives 200 with the head that it was decided on', () =>
    expect(answered({ outcome: 'already-so', head: commit.id, seq: 3, position: 9 })).toMatchObject({
      status: 200,
      headers: { ETag: `"${commit.id}"` },
      body: { status: 'already-so', command: 'a/key?', head: commit.id, seq: 3, position: 9 },
    }));

  test('a pending command gives 202 with the address of its status', () =>
    expect(answered({ outcome: 'pending' })).toMatchObject({
      status: 202,
      headers: { Location: '/commands/a%2Fkey%3F', 'Retry-After': '1' },
      body: { status: 'pending', href: '/commands/a%2Fkey%3F' },
    }));

  test('a key that is in use gives 422 and names the header', () =>
    expect(answered({ outcome: 'key-taken' })).toMatchObject({
      status: 422,
      body: { code: 'key-taken', errors: [{ field: 'Idempotency-Key' }] },
    }));

  test('a command that lost to others gives 409 with their commits', () =>
    expect(answered({ outcome: 'conflict', head: 'x', meanwhile: [commit] })).toMatchObject({
      status: 409,
      body: { code: 'head-moved', head: 'x', meanwhile: [{ commit: commit.id, status: 'won' }] },
    }));

  test('a command that could not be sent gives 503 and may be retried', () =>
    expect(answered({ outcome: 'unavailable', of: 'log', why: 'The log is unreachable.' })).toMatchObject({
      status: 503,
      headers: { 'Retry-After': '1' },
      body: {
        code: 'log-unavailable',
        detail: expect.stringMatching(/^The log is unreachable\. This command had no effect/),
      },
    }));

  describe('a refusal', () => {
    const due: Record<RefusalCode, [route: number, body: number]> = {
      'invalid-field': [422, 422],
      'unknown-actor': [422, 422],
      'ambiguous-actor': [422, 422],
      'unknown-condition': [404, 422],
      'supersedes-itself': [422, 422],
      'unknown-story': [404, 422],
      'unknown-development': [404, 422],
      'unknown-actor-id': [404, 422],
      'story-exists': [409, 409],
      'story-closed': [409, 409],
      'development-retracted': [409, 409],
      'development-taken-down': [409, 409],
      'development-superseded': [409, 409],
      'unknown-proposal': [404, 422],
      'unknown-text': [404, 422],
      'unknown-key-point': [422, 422],
      'proposal-open': [409, 409],
      'approval-needed': [409, 409],
      'second-person-needed': [403, 403],
      'role-needed': [403, 403],
      'not-in-team': [403, 403],
      'no-team': [409, 409],
      'last-chief': [409, 409],
      'review-needed': [409, 409],
      'not-submitted': [409, 409],
      'submission-changed': [409, 409],
      'submission-returned': [409, 409],
      'submission-waits': [409, 409],
      'loosening-takes-two': [409, 409],
      'nothing-taken-off': [422, 422],
      'former-rules': [409, 409],
      'already-classified': [409, 409],
      'not-minor': [422, 422],
      'standing-already-so': [409, 409],
      'development-embargoed': [409, 409],
      'not-embargoed': [409, 409],
      'linked-to-itself': [422, 422],
      'name-taken': [409, 409],
      'entry-in-clear': [409, 409],
      'not-as-signed': [422, 422],
      'too-many': [409, 409],
      'condition-settled': [409, 409],
      'actor-exists': [409, 409],
    };

    test.each(Object.entries(due) as [RefusalCode, [number, number]][])(
      '%s is %j, for the route and for a field of the body',
      (code, [route, field]) => {
        const bare = answered({ outcome: 'refused', refusal: refuse(code, { allowed: ['x'] }) });
        expect(bare).toMatchObject({ status: route, body: { code, detail: refusals[code], allowed: ['x'] } });
        const path = ['content', 'data', 'participants', 1];
        const named = answered({ outcome: 'refused', refusal: refuse(code, { path, allowed: ['x'] }) });
        expect(named).toMatchObject({
          status: field,
          body: { code, errors: [{ field: 'content.data.participants.1', message: refusals[code], allowed: ['x'] }] },
        });
      },
    );
  });
});
