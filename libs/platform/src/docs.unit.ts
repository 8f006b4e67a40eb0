import { expect, test } from '@jest/globals';
import { Controller, Get } from '@nestjs/common';
import { ApiBearerAuth, ApiResponse } from '@nestjs/swagger';
import { Test } from '@nestjs/testing';
import { z } from 'zod';
import { openApi, portable } from './docs.js';

const Fine = z.object({ at: z.int() }).meta({ id: 'Fine' });
const Bad = z.object({ code: z.string() }).meta({ id: 'Bad' });

@Controller()
class Documented {
  @Get()
  @ApiBearerAuth()
  @ApiResponse({ status: 200, standardSchema: Fine })
  @ApiResponse({ status: 304 })
  @ApiResponse({ status: 422, standardSchema: Bad })
  read() {}
}

async function documented(tokens?: boolean) {
  const module = await Test.createTestingModule({ controllers: [Documented] }).compile();
  return openApi(module.createNestApplication(), { title: 'T', description: 'D', ...(tokens ? { tokens } : {}) });
}

test('an answer is documented with its schema, and a problem as application/problem+json', async () => {
  const { paths, components } = await documented();
  expect(paths['/']!.get!.responses).toMatchObject({
    200: { content: { 'application/json': { schema: { $ref: '#/components/schemas/Fine' } } } },
    422: { content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Bad' } } } },
  });
  expect(paths['/']!.get!.responses['422']).not.toHaveProperty(['content', 'application/json']);
  expect(Object.keys(components!.schemas!)).toEqual(expect.arrayContaining(['Fine', 'Bad']));
});

test('the document asks for a bearer token only if the API uses tokens', async () => {
  expect((await documented(true)).components!.securitySchemes).toHaveProperty('bearer');
  expect((await documented()).components!.securitySchemes).toBeUndefined();
});

const Again = Fine.meta({ id: 'Again', description: 'The same under another name.' });

@Controller('again')
class Renamed {
  @Get()
  @ApiResponse({ status: 200, standardSchema: Again })
  read() {}
}

test('a schema that has a second name is documented as a reference to the first', async () => {
  const module = await Test.createTestingModule({ controllers: [Renamed] }).compile();
  const { components } = openApi(module.createNestApplication(), { title: 'T', description: 'D' });
  expect(components!.schemas).toMatchObject({
    Again: { $ref: '#/components/schemas/Fine', description: 'The same under another name.' },
    Fine: { type: 'object' },
  });
});

test('a portable pattern matches the same characters without Unicode properties, for every one up to U+FFFF', () => {
  for (const source of ['[^\\s\\p{Z}\\p{Cc}\\p{Cf}]', '^[\\p{Lu}_]$']) {
    const [own, portablePattern] = [new RegExp(source, 'u'), new RegExp(portable(source))];
    expect(portable(source)).not.toContain('\\p');
    for (let code = 0; code <= 0xffff; code++) {
      const character = String.fromCharCode(code);
      if (character.isWellFormed() && own.test(character) !== portablePattern.test(character))
        throw new Error(`${source} differs at ${code.toString(16)}`);
    }
  }
});

test('a pattern without Unicode properties is unchanged', () =>
  expect(portable('^[a-z]{2}\\d$')).toBe('^[a-z]{2}\\d$'));
