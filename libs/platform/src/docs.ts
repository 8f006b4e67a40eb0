import type { INestApplication } from '@nestjs/common';
import { DocumentBuilder, SwaggerModule, type OpenAPIObject } from '@nestjs/swagger';
import { z } from 'zod';

export interface Docs {
  readonly title: string;
  readonly description: string;
  /** Whether requests come with a token. */
  readonly tokens?: boolean;
}

/** The app's OpenAPI document, made of the very schemas that validate. */
export function openApi(app: INestApplication, { title, description, tokens = false }: Docs): OpenAPIObject {
  const outline = new DocumentBuilder()
    .setTitle(title)
    .setDescription(description)
    .setVersion('1')
    .setOpenAPIVersion('3.1.0');
  if (tokens) outline.addBearerAuth();
  return withProblemType(SwaggerModule.createDocument(app, outline.build(), { standardSchemaConverter }));
}

function standardSchemaConverter(schema: unknown, { schemaType }: { schemaType: 'input' | 'output' }) {
  const {
    $defs,
    $schema: _,
    ...converted
  } = z.toJSONSchema(schema as z.ZodType, { io: schemaType, unrepresentable: 'any' });
  return { schema: converted, components: $defs ?? {} };
}

/** Nest documents every answer as the type that its route produces; a problem has a type of its own. */
function withProblemType(document: OpenAPIObject): OpenAPIObject {
  const operations = Object.values(document.paths).flatMap(path => Object.values(path as Record<string, Operation>));
  for (const { responses = {} } of operations)
    for (const [status, response] of Object.entries(responses))
      if (Number(status) >= 400 && response.content)
        response.content = { 'application/problem+json': Object.values(response.content)[0] };
  return document;
}

type Operation = { responses?: Record<string, { content?: Record<string, unknown> }> };
