import { Problem } from '#platform';
import { expect, test } from '@jest/globals';
import { foreseen } from './read-models.js';

test.each([
  [{ code: 'EPIPE', message: 'write EPIPE' }],
  [{ code: 'ECONNRESET', message: 'read ECONNRESET' }],
  [{ code: 'EAI_AGAIN', message: 'getaddrinfo EAI_AGAIN db' }],
  [{ code: 'EHOSTUNREACH', message: 'connect EHOSTUNREACH' }],
  [{ code: 'ERR_STREAM_DESTROYED', message: 'Cannot call write after a stream was destroyed' }],
  [{ code: '57P03', message: 'the database system is starting up' }],
  [{ message: 'Client has encountered a connection error and is not queryable' }],
  [{ message: 'Client was closed and is not queryable' }],
  [{ message: 'Connection terminated unexpectedly' }],
  [{ message: 'timeout exceeded when trying to connect' }],
  [{ message: 'Query read timeout' }],
])('%j is an outage of the database', error => {
  const problem = foreseen(Object.assign(new Error(error.message), error)) as Problem;
  expect(problem).toBeInstanceOf(Problem);
  expect([problem.getStatus(), problem.details.code]).toEqual([503, 'not-answering']);
});

test.each([[{ code: '42703', message: 'column x does not exist' }], [{ message: 'Client has a bug' }]])(
  '%j is a failure',
  error => {
    const failure = Object.assign(new Error(error.message), error);
    expect(foreseen(failure)).toBe(failure);
  },
);
