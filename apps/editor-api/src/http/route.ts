import { Won } from '#contract';
import { Allow, AuthGuard, ProblemDetails, type Role } from '#platform';
import { applyDecorators, Controller, UseGuards } from '@nestjs/common';
import { ApiBearerAuth, ApiCreatedResponse, ApiHeader, ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import { ifMatchPattern, keyPattern } from './envelope.js';
import { AlreadySo, Pending } from './answer.js';

export const problem = (status: number, description: string) =>
  ApiResponse({ status, description, standardSchema: ProblemDetails });

/** A controller of commands and of what became of them: every route asks for a token. */
export const Commands = (path: string) =>
  applyDecorators(
    Controller(path),
    UseGuards(AuthGuard),
    ApiTags('commands'),
    ApiBearerAuth(),
    problem(401, 'No valid token.'),
    problem(403, 'The token’s roles do not allow it.'),
    problem(404, 'The route names what is not there.'),
    problem(422, 'A field does not hold what is allowed.'),
    problem(
      503,
      'The log or the key store cannot be reached, or the stream cannot be read; nothing of it is in force.',
    ),
  );

const schema = { type: 'string' } as const;
const ETag = { description: 'The stream’s head, for If-Match.', required: true, schema };
const Location = { description: 'What became of the command.', required: true, schema };
const replayed = { description: '`true` where the same command had won before.', schema };

/** Who may give the command, and the ways in which every command is answered. */
export const Command = (summary: string, roles: Role[]) =>
  applyDecorators(
    Allow(roles),
    ApiOperation({ summary }),
    ApiHeader({
      name: 'Idempotency-Key',
      required: false,
      description: 'The command’s id: sending it again is safe.',
      schema: { type: 'string', pattern: keyPattern },
    }),
    ApiHeader({
      name: 'If-Match',
      required: false,
      description: 'The head that you saw, or several; 409 when it has moved. * for any, and a weak tag matches none.',
      schema: { type: 'string', pattern: ifMatchPattern },
    }),
    ApiResponse({ status: 200, description: 'It is already so.', headers: { ETag }, standardSchema: AlreadySo }),
    ApiCreatedResponse({
      description: 'It stands in the log.',
      headers: { ETag, Location, 'Idempotency-Replayed': replayed },
      standardSchema: Won,
    }),
    ApiResponse({ status: 202, description: 'Sent, not settled yet.', headers: { Location }, standardSchema: Pending }),
    problem(409, 'What stands in the log, or a colleague, was faster.'),
    problem(413, 'The body is larger than 256 KiB.'),
    problem(415, 'The body is not sent as JSON.'),
  );
