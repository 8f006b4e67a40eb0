import { KeyStoreError } from '#keys';
import { Allow, AuthGuard, Problem, roles, type Principal, type Role } from '#platform';
import { applyDecorators, Controller, Get, Header, UseGuards } from '@nestjs/common';
import { ApiBearerAuth, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { z } from 'zod';
import type { CommandProcessor } from '../commands/processor.js';
import type { WriteModel } from '../commands/write-model.js';
import { problem } from './route.js';

/** A controller of what the desk knows: for everybody of the newsroom, and for nobody else. */
export const DeskReads = (path: string) =>
  applyDecorators(
    Controller(path),
    UseGuards(AuthGuard),
    Allow([...roles]),
    ApiTags('desk'),
    ApiBearerAuth(),
    problem(401, 'The token is missing or invalid.'),
    problem(403, 'The token’s roles do not allow this.'),
  );

const headers = { ETag: { description: 'A story’s head, for If-Match.', schema: { type: 'string' as const } } };

export const DeskRead = (path: string, summary: string, schema: z.ZodType) =>
  applyDecorators(
    Get(path),
    Header('Cache-Control', 'no-store'),
    ApiOperation({ summary }),
    ApiOkResponse({ headers, standardSchema: schema }),
    problem(404, 'The resource in the path does not exist.'),
    problem(422, 'A parameter has an invalid value.'),
    problem(503, 'The log is unavailable, so the outcome is unknown; retry.'),
  );

/** The roles that may read what is under embargo. */
export const withheldReaders = ['editor', 'legal'] as const satisfies Role[];
export const readsWithheld = ({ roles }: Pick<Principal, 'roles'>): boolean =>
  withheldReaders.some(role => roles.includes(role));

export const unknownStory = () => new Problem(404, 'unknown-story', 'No story has this id. Open it first.');

/** The newsroom with all that the log held when it was asked. */
export async function caughtUp(desk: CommandProcessor): Promise<WriteModel> {
  if (await desk.caughtUp(desk.settleTimeoutMs)) return desk.view();
  throw new Problem(503, 'log-unavailable', 'The log does not answer; try again.');
}

/** What it is to a reader of the desk that words cannot be opened now; any other error stays what it is. */
export function noKeys(error: unknown): never {
  if (!(error instanceof KeyStoreError)) throw error;
  throw new Problem(503, 'keys-unavailable', error.message);
}
