import { Text } from '#domain';
import { applyDecorators, Controller, Get, Header, Param } from '@nestjs/common';
import { ApiHeader, ApiOkResponse, ApiOperation, ApiProduces, ApiResponse, ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import { ReadProblems } from './problems.js';

/** Decorates a controller of reads: its path, its OpenAPI tag and its problems. */
export const Reads = (tag: string, path: string) => applyDecorators(Controller(path), ApiTags(tag), ReadProblems());

const text = { type: 'string' } as const;
const headers = {
  ETag: { description: 'Send it as If-None-Match to revalidate.', required: true, schema: text },
  'Cache-Control': {
    description: 'You may cache the answer, but revalidate it each time.',
    required: true,
    schema: text,
  },
  Link: { description: 'Feeds and mementos of the resource (RFC 8288, RFC 7089).', schema: text },
  'Memento-Datetime': { description: 'When readers first saw this state, if they saw it (RFC 7089).', schema: text },
  Vary: { description: 'The request headers that the answer depends on.', schema: text },
};

const HeldTag = () =>
  ApiHeader({
    name: 'If-None-Match',
    required: false,
    description: 'The ETag of your copy; 304 if it is still current.',
  });

/** Decorates a route that answers with JSON of this schema, tagged for revalidation. */
export const Read = (path: string, summary: string, schema: z.ZodType) =>
  applyDecorators(
    Get(path),
    Header('Cache-Control', 'no-cache'),
    ApiOperation({ summary }),
    HeldTag(),
    ApiOkResponse({ description: 'The ETag changes whenever the answer does.', headers, standardSchema: schema }),
    ApiResponse({ status: 304, description: 'Your copy is still current.', headers }),
  );

/** Decorates a route that answers with a document of another media type, tagged for revalidation. */
export const ReadDocument = (path: string, summary: string, type: string) =>
  applyDecorators(
    Get(path),
    ApiOperation({ summary }),
    ApiProduces(type),
    HeldTag(),
    ApiOkResponse({
      description: 'The ETag changes whenever the answer does.',
      headers,
      schema: type.endsWith('json') ? { type: 'object' } : text,
    }),
    ApiResponse({ status: 304, description: 'Your copy is still current.', headers }),
  );

/** An id in an address. Every such text is looked up, so that an unknown id is a 404. */
export const AnyId = Text(200);

/** An id in the path. */
export const Id = (name: string) => {
  // Only development ids ignore case: they are UUIDs.
  const schema = name === 'development' ? AnyId.toLowerCase() : AnyId;
  return Param(name, { schema: schema.meta({ title: name }) });
};
