import type { INestApplication } from '@nestjs/common';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { DocumentBuilder, SwaggerModule, type OpenAPIObject } from '@nestjs/swagger';
import type { RequestHandler } from 'express';
import { z } from 'zod';
import { completed } from './docs-complete.js';
import { withPortablePatterns } from './docs-patterns.js';

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

/** Caches the first answer for all later requests. */
function once(): RequestHandler {
  let kept: { readonly type: string; readonly body: Buffer } | undefined;
  return ({ method }, response, next) => {
    if (method !== 'GET' && method !== 'HEAD') return next();
    if (kept) return void response.type(kept.type).send(kept.body);
    const send = response.send.bind(response);
    response.send = (body: string) => {
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
