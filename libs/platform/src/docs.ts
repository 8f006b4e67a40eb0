import type { INestApplication } from '@nestjs/common';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { DocumentBuilder, SwaggerModule, type OpenAPIObject } from '@nestjs/swagger';
import type { RequestHandler } from 'express';
import { z } from 'zod';
import { ProblemDetails } from './problem.js';

const escaped = (code: number) => `\\u${code.toString(16).padStart(4, '0')}`;
const charactersFrom = (from: number, to: number) => ({
  from,
  text: String.fromCharCode(...Array.from({ length: to - from + 1 }, (_, at) => from + at)),
});
/** All characters of the first plane: those before the surrogates, and those after them. */
const firstPlane = [charactersFrom(0, 0xd7ff), charactersFrom(0xe000, 0xffff)];

/** The characters of a Unicode property, as ranges of a character class. Omits those beyond the first plane. */
function rangesOf(property: string): string {
  const runs = new RegExp(`${property}+`, 'gu');
  return firstPlane
    .flatMap(({ from, text }) =>
      [...text.matchAll(runs)].map(({ index, 0: run }) => [from + index, run.length] as const),
    )
    .map(([first, length]) => escaped(first) + (length > 1 ? `-${escaped(first + length - 1)}` : ''))
    .join('');
}

const known = new Map<string, string>();

/**
 * Rewrites a pattern for regular expressions without Unicode properties, as in many languages and in JavaScript without the flag `u`:
 * each property inside a class becomes its ranges. We refuse every text that the pattern refuses; it does not check characters beyond
 * the first plane.
 */
export const portable = (pattern: string): string =>
  pattern.replace(/\\p\{[^}]+\}/g, property => {
    const ranges = known.get(property) ?? rangesOf(property);
    known.set(property, ranges);
    return ranges;
  });

/** Rewrites all patterns in a JSON Schema to portable ones. */
export const withPortablePatterns = <Schema extends object>(schema: Schema): Schema =>
  JSON.parse(JSON.stringify(schema), (key, value: unknown) =>
    key === 'pattern' && typeof value === 'string' ? portable(value) : value,
  ) as Schema;

interface Answered {
  description: string;
  headers?: Record<string, unknown>;
  content?: Record<string, unknown>;
}
type Operation = { responses?: Record<string, Answered> };

const header = (description: string) => ({ description, required: true, schema: { type: 'string' } });
const problem = { schema: { $ref: '#/components/schemas/Problem' } };

/** Headers that come with a status in every operation. */
const always: Record<string, Record<string, unknown>> = {
  202: { 'Retry-After': header('Seconds to wait before asking again.') },
  405: { Allow: header('The methods that the path allows.') },
  429: { 'Retry-After': header('Seconds to wait before trying again.') },
  401: { 'WWW-Authenticate': header('How to sign in: Bearer.') },
  503: { 'Retry-After': header('Seconds to wait before trying again.') },
};

/** Statuses that any operation may return, whether its route lists them or not. */
const everywhere = {
  400: 'The request cannot be read.',
  422: 'The request has a field or parameter that the route does not accept.',
  429: 'Too many requests from one address, or too many commands from one person.',
  default: 'Unexpected failure.',
};

/**
 * Adds the parts that are true of every operation: a request that cannot be read is a 400, every failure is a problem with its media
 * type, and some statuses have headers.
 */
export function completed(document: OpenAPIObject): OpenAPIObject {
  const { $schema: _, ...Problem } = z.toJSONSchema(ProblemDetails);
  document.components = { ...document.components, schemas: { Problem, ...document.components?.schemas } as never };
  const operations = Object.values(document.paths).flatMap(path => Object.values(path as Record<string, Operation>));
  for (const { responses = {} } of operations) {
    for (const [status, description] of Object.entries(everywhere)) responses[status] ??= { description };
    for (const [status, response] of Object.entries(responses)) {
      if (status === 'default' || Number(status) >= 400) {
        // Nest documents every answer with the media type of its route.
        const [described = problem] = Object.values(response.content ?? {});
        response.content = { 'application/problem+json': described };
      }
      if (always[status]) response.headers = { ...always[status], ...response.headers };
    }
  }
  return document;
}

/** The head of an app's API document. */
export interface Docs {
  readonly title: string;
  readonly description: string;
  /** Whether the app accepts tokens. */
  readonly tokens?: boolean;
}

/** Builds the app's OpenAPI document from the schemas that validate its requests. */
export function openApi(app: INestApplication, { title, description, tokens = false }: Docs): OpenAPIObject {
  const outline = new DocumentBuilder()
    .setTitle(title)
    .setDescription(description)
    .setVersion('1')
    .setOpenAPIVersion('3.1.0');
  if (tokens) outline.addBearerAuth();
  return completed(SwaggerModule.createDocument(app, outline.build(), { standardSchemaConverter }));
}

/** Serves the document at /docs, /docs-json and /docs-yaml. Each is built once: a megabyte of YAML is too much work per request. */
export function serveDocs(app: NestExpressApplication, docs: Docs): void {
  for (const path of ['/docs-json', '/docs-yaml']) app.use(path, once());
  SwaggerModule.setup('docs', app, () => openApi(app, docs));
}

/** Caches the first answer for all later requests. A mount also gets the paths below it, which are not found. */
function once(): RequestHandler {
  let kept: { readonly type: string; readonly body: Buffer } | undefined;
  return ({ method, path }, response, next) => {
    if (path !== '/' || (method !== 'GET' && method !== 'HEAD')) return next();
    if (kept) return void response.type(kept.type).send(kept.body);
    const send = response.send.bind(response);
    response.send = (body: string) => {
      if (response.statusCode !== 200) return send(body);
      kept = { type: String(response.getHeader('Content-Type')), body: Buffer.from(body) };
      return send(kept.body);
    };
    next();
  };
}

type Schema = { readonly $ref?: string };

function standardSchemaConverter(schema: unknown, { schemaType }: { schemaType: 'input' | 'output' }) {
  const {
    $defs = {},
    $schema: _,
    ...converted
  } = withPortablePatterns(z.toJSONSchema(schema as z.ZodType, { io: schemaType, unrepresentable: 'any' }));
  const components = Object.entries($defs).map(([name, definition]) => [name, moved(definition as Schema)]);
  return { schema: converted, components: Object.fromEntries(components) };
}

/**
 * A schema with a second name is a `$ref` to the first at its root. Nest rewrites every reference except this one, which would then
 * lead nowhere.
 */
const moved = ({ $ref, ...definition }: Schema): Schema =>
  $ref === undefined ? definition : { ...definition, $ref: $ref.replace('#/$defs/', '#/components/schemas/') };
