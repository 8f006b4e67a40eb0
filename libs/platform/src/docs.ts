import type { INestApplication } from '@nestjs/common';
import { DocumentBuilder, SwaggerModule, type OpenAPIObject } from '@nestjs/swagger';
import { z } from 'zod';
import { completed } from './docs-complete.js';

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
  return completed(SwaggerModule.createDocument(app, outline.build(), { standardSchemaConverter }));
}

function standardSchemaConverter(schema: unknown, { schemaType }: { schemaType: 'input' | 'output' }) {
  const {
    $defs,
    $schema: _,
    ...converted
  } = z.toJSONSchema(schema as z.ZodType, { io: schemaType, unrepresentable: 'any' });
  return { schema: converted, components: $defs ?? {} };
}
