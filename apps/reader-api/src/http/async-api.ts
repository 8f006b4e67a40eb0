import { Change, Hello, Resync } from '#contract';
import { commitHeaders, RecordValue } from '#event-log';
import { VisibilityEntry } from '#projections';
import { Controller, Get, Req } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { Request } from 'express';
import { z } from 'zod';
import { PublicUrl } from './public-url.js';

@ApiTags('docs')
@Controller('asyncapi.json')
/** Serves the AsyncAPI document. */
export class AsyncApiController {
  constructor(private readonly publicUrl: PublicUrl) {}

  @Get()
  @ApiOperation({ summary: 'Describe the live stream and the log’s topics, as AsyncAPI 3' })
  @ApiOkResponse({ schema: { type: 'object' } })
  document(@Req() request: Request): object {
    return asyncApi(this.publicUrl.of(request));
  }
}

type Schemas = Record<string, unknown>;

/**
 * Describes the streams in AsyncAPI 3: the readers' live stream, and the topics of a newsroom's log. It is built from the
 * schemas that validate.
 */
export function asyncApi(server: string): object {
  const schemas: Schemas = {};
  const message = (title: string, payload: z.ZodType, more: object = {}) => ({
    name: title,
    title,
    contentType: 'application/json',
    payload: schemaOf(payload, schemas),
    ...more,
  });
  const { host, protocol, pathname } = new URL(server);
  const channels = {
    live: {
      address: '/stories/{story}/live',
      description: 'Server-Sent Events; resume with Last-Event-ID. `event` is the message’s name, `id` a position.',
      servers: [{ $ref: '#/servers/readers' }],
      parameters: { story: { description: 'The story’s id.' } },
      messages: {
        hello: message('hello', Hello, { summary: 'The position at which the stream begins.' }),
        change: message('change', Change, { summary: 'The changes of one commit.' }),
        resync: message('resync', Resync, { summary: 'Load the timeline again; missed changes are not sent.' }),
      },
    },
    log: {
      address: '{log}',
      description:
        'One partition, kept permanently. A record counts if and only if its `ce_parent` is the head of its stream.',
      parameters: { log: { description: 'LOG_TOPIC.', default: 'dateline' } },
      messages: {
        commit: message('commit', RecordValue, {
          summary: 'A CloudEvent in Kafka’s binary mode. See docs/consume-the-log.md.',
          headers: commitHeadersSchema,
        }),
      },
      bindings: { kafka: { partitions: 1, topicConfiguration: { 'cleanup.policy': ['delete'], 'retention.ms': -1 } } },
    },
    visibility: {
      address: '{log}.visible',
      description: 'When positions became visible to readers. An entry may occur twice; count it once.',
      parameters: { log: { description: 'LOG_TOPIC.', default: 'dateline' } },
      messages: { visible: message('visible', VisibilityEntry, { summary: 'These positions, from this instant on.' }) },
      bindings: { kafka: { partitions: 1, topicConfiguration: { 'cleanup.policy': ['delete'], 'retention.ms': -1 } } },
    },
  };
  const operations = Object.fromEntries(
    Object.entries(channels).map(([name, { description }]) => [
      name,
      { action: 'send', channel: { $ref: `#/channels/${name}` }, summary: description },
    ]),
  );
  return {
    asyncapi: '3.0.0',
    info: {
      title: 'Dateline',
      version: '1',
      description: 'The stream that readers’ apps follow, and the topics of the log that other services can read.',
    },
    defaultContentType: 'application/json',
    servers: { readers: { host, protocol: protocol.slice(0, -1), ...(pathname === '/' ? {} : { pathname }) } },
    channels,
    operations,
    components: { schemas },
  };
}

const commitHeadersSchema = {
  type: 'object',
  required: commitHeaders.filter(({ optional }) => !optional).map(({ name }) => name),
  properties: Object.fromEntries(commitHeaders.map(({ name, description }) => [name, { type: 'string', description }])),
};

/** The JSON Schema of a serialised value. Named schemas are stored once, by name. */
function schemaOf(schema: z.ZodType, named: Schemas): object {
  const { $schema: _, $defs = {}, ...own } = z.toJSONSchema(schema, { io: 'output', unrepresentable: 'any' });
  const moved = <T>(value: T): T =>
    JSON.parse(JSON.stringify(value).replaceAll('"#/$defs/', '"#/components/schemas/')) as T;
  for (const [name, definition] of Object.entries($defs)) named[name] = moved(definition);
  return moved(own);
}
