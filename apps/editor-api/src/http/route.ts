import { Won } from '#contract';
import type { Does } from '#domain';
import { Allow, AuthGuard, ForMachines, ProblemDetails, withCodes, type Role } from '#platform';
import { applyDecorators, Controller, UseGuards } from '@nestjs/common';
import {
  ApiBearerAuth,
  ApiCreatedResponse,
  ApiExtension,
  ApiHeader,
  ApiOperation,
  ApiResponse,
  ApiTags,
} from '@nestjs/swagger';
import { ifMatchPattern, keyPattern } from './envelope.js';
import { AlreadySo, codesOf, Pending } from './answer.js';

/** Documents a problem answer with this status in OpenAPI, and its codes if it has several. */
export const problem = (status: number, description: string, codes: readonly string[] = []) =>
  ApiResponse({
    status,
    description: codes.length > 0 ? withCodes(description, codes) : description,
    standardSchema: ProblemDetails,
  });

/** Documents the right that a route needs: its row in the table of rights. A test tries every route against that table. */
export const Needs = (does: Does) => ApiExtension('x-act', does);

/** Decorates a controller of commands and their outcomes. Every route needs a token. */
export const Commands = (path: string) =>
  applyDecorators(
    Controller(path),
    UseGuards(AuthGuard),
    ApiTags('commands'),
    ApiBearerAuth(),
    problem(401, 'The token is missing or invalid.'),
    problem(403, 'The token’s roles do not allow this, or the story’s team.', [
      'wrong-role',
      'wrong-act',
      'wrong-story',
      ...codesOf(403),
    ]),
    problem(404, 'The resource in the path does not exist.', codesOf(404)),
    problem(422, 'A field has an invalid value.', [...codesOf(422), 'key-taken', 'wrong-signature']),
    problem(
      503,
      'The log or the key store is unreachable, or this version cannot read the stream. The command had no effect.',
      ['log-unavailable', 'keys-unavailable'],
    ),
  );

const schema = { type: 'string' } as const;
const ETag = { description: 'The stream’s head, for If-Match.', required: true, schema };
const Location = { description: 'The command’s outcome.', required: true, schema };
const replayed = { description: '`true` if the same command had already taken effect.', schema };

/** Documents a command's route: the roles that may use it, the act that it performs, and every answer that it can get. */
export const Command = (summary: string, roles: Role[], does: Does) =>
  applyDecorators(
    Allow(roles),
    ForMachines(does),
    Needs(does),
    ApiOperation({ summary }),
    ApiHeader({
      name: 'Idempotency-Key',
      required: false,
      description: 'The command’s id. Sending it again is safe.',
      schema: { type: 'string', pattern: keyPattern },
    }),
    ApiHeader({
      name: 'If-Match',
      required: false,
      description:
        'The head that you saw, or several; 409 if it has moved. `*` matches any head; a weak tag matches none.',
      schema: { type: 'string', pattern: ifMatchPattern },
    }),
    ...Object.entries({
      'Dateline-Signature': 'The command, signed with your key: a compact JWS. See docs/consume-the-log.md.',
      'Dateline-Certificate': 'The certificate of that key, as `GET /certificates` returned it.',
    }).map(([name, description]) => ApiHeader({ name, required: false, description, schema: { type: 'string' } })),
    ApiResponse({ status: 200, description: 'No change was needed.', headers: { ETag }, standardSchema: AlreadySo }),
    ApiCreatedResponse({
      description: 'Recorded in the log.',
      headers: { ETag, Location, 'Idempotency-Replayed': replayed },
      standardSchema: Won,
    }),
    ApiResponse({ status: 202, description: 'Sent, not settled yet.', headers: { Location }, standardSchema: Pending }),
    problem(409, 'The stream changed before the command was applied, or its state does not allow it.', [
      'head-moved',
      ...codesOf(409),
    ]),
    problem(413, 'The body is larger than 256 KiB.'),
    problem(415, 'The body is not JSON.'),
  );
