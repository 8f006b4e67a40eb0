import { ConfigError } from '#platform';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readerSettings } from '../settings.js';
import { contrast, coloursOf, grounds, inkOn, inks, least, ours } from './colours.js';
import { fontBytes, logoBytes } from './files.js';
import { brandingOf } from './index.js';
import { publisherOf } from './site.js';

const settings = (env: NodeJS.ProcessEnv) => readerSettings({ DATABASE_URL: 'postgres://x', PORT: '0', ...env });
const branded = (env: NodeJS.ProcessEnv) => brandingOf(settings(env));

let folder: string;
const file = (name: string, content: string | Buffer) => {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
};
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'brand-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

const svg = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 120 40"><path d="M0 0h120v40H0z"/></svg>';

describe('colours', () => {
  it('the colours here are those of the style sheet', () => {
    const [light, dark] = readFileSync('libs/pages/src/style/tokens.css', 'utf8').split('@media');
    for (const [name, shades] of Object.entries({ ...ours, ...grounds, ...inks })) {
      expect([name, light]).toEqual([name, expect.stringContaining(`--${name}: ${shades.light};`)]);
      expect([name, dark]).toEqual([name, expect.stringContaining(`--${name}: ${shades.dark};`)]);
    }
  });

  it('contrast is that of WCAG: 21 for black on white, 1 for the same colour, and the known value of a grey', () => {
    expect(contrast('#000000', '#ffffff')).toBe(21);
    expect(contrast('#b3201b', '#b3201b')).toBe(1);
    expect(contrast('#767676', '#ffffff')).toBeCloseTo(4.54, 2);
    expect(contrast('#777777', '#ffffff')).toBeLessThan(least);
  });

  it('our own colours pass, and what is written on any accent can be read', () => {
    expect(coloursOf({})).toEqual(ours);
    for (let grey = 0; grey < 256; grey++) {
      const ground = `#${grey.toString(16).padStart(2, '0').repeat(3)}`;
      expect(contrast(ground, inkOn(ground))).toBeGreaterThanOrEqual(least);
    }
  });

  it.each([
    [
      { BRAND_ACCENT: '#ffcc00' },
      /BRAND_ACCENT is wrong: on light pages the accent #ffcc00 on the paper #fdfcfa has a contrast of 1\.4\d, and text needs 4\.5\. Choose a darker accent\./,
    ],
    [
      { BRAND_LINK: '#0f4c81 #0f4c81' },
      /BRAND_LINK is wrong: on dark pages the link #0f4c81 .* Choose a lighter link\./,
    ],
    [
      { BRAND_PAPER: '#777777' },
      /BRAND_PAPER is wrong: on light pages the text colour ink-soft .* Choose a lighter paper\./,
    ],
    [
      { BRAND_PAPER: '#fff1e5 #777777' },
      /BRAND_PAPER is wrong: on dark pages the text colour .* Choose a darker paper\./,
    ],
  ])('%j is refused, and the error names the pair and what to do', (env, message) => {
    expect(() => branded(env)).toThrow(ConfigError);
    expect(() => branded(env)).toThrow(message);
  });

  it.each(['red', '#fff', '#b3201b,#ff8a80', '#b3201b #ff8a80 #000000', '#b3201g'])('%s is no colour', BRAND_ACCENT =>
    expect(() => settings({ BRAND_ACCENT })).toThrow(/BRAND_ACCENT is wrong: must be one or two colours/),
  );

  it('chosen colours are in the style sheet for light and for dark pages, and the paper is the browser’s frame', () => {
    const { brand, files } = branded({ BRAND_ACCENT: '#0A5C36 #6fd19b', BRAND_PAPER: '#fff1e5' });
    expect(brand.paper).toEqual({ light: '#fff1e5', dark: ours.paper.dark });
    const sheet = files[0]!.bytes.toString();
    expect(sheet).toContain(':root{--accent:#0a5c36;--accent-ink:#ffffff;--paper:#fff1e5;}');
    expect(sheet).toContain(
      '(prefers-color-scheme:dark){:root{--accent:#6fd19b;--accent-ink:#000000;--paper:#14161a;}}',
    );
  });
});

describe('the brand', () => {
  it('is ours without settings, and needs no style sheet', () => {
    expect(branded({})).toEqual({
      brand: { name: 'Dateline', paper: ours.paper, url: undefined, logo: undefined, style: undefined },
      files: [],
      embedRules: '',
    });
  });

  it('a logo is served under a name of its content, with the size that the file says', () => {
    const path = file('logo.svg', svg);
    const { brand, files } = branded({ BRAND_NAME: 'The Paper', BRAND_LOGO: path });
    expect(brand.logo).toEqual({
      url: expect.stringMatching(/^\/assets\/brand-logo\.[0-9a-f]{8}\.svg$/),
      width: 120,
      height: 40,
    });
    expect(files[0]).toMatchObject({ type: 'image/svg+xml', bytes: readFileSync(path) });
    const site = { base: 'https://live.example', brand };
    expect(publisherOf(site)).toEqual({
      '@type': 'Organization',
      name: 'The Paper',
      url: 'https://live.example',
      logo: { '@type': 'ImageObject', url: `https://live.example${brand.logo!.url}` },
    });
  });

  it('the content of a file decides what it is, not its name', () => {
    const png = Buffer.from('89504e470d0a1a0a0000000d494844520000012c00000064', 'hex');
    expect(branded({ BRAND_LOGO: file('logo.svg', png) }).brand.logo).toMatchObject({
      url: expect.stringMatching(/png$/),
      width: 300,
      height: 100,
    });
    expect(() => branded({ BRAND_LOGO: file('logo.png', 'GIF89a') })).toThrow(/neither SVG nor PNG. Convert/);
    expect(() => branded({ BRAND_LOGO: file('bare.svg', '<svg></svg>') })).toThrow(/without a size. Give it/);
    expect(() => branded({ BRAND_LOGO: join(folder, 'none.svg') })).toThrow(
      /BRAND_LOGO names a file that cannot be read/,
    );
    expect(() => branded({ BRAND_TEXT_FONT: file('font.woff2', 'OTTO') })).toThrow(/not a WOFF2 font. Convert/);
  });

  it('a logo and a font may be as large as the bound, and no larger', () => {
    const logo = (bytes: number) => branded({ BRAND_LOGO: file('large.svg', svg.padEnd(bytes)) });
    expect(logo(logoBytes).files[0]!.bytes).toHaveLength(logoBytes);
    expect(() => logo(logoBytes + 1)).toThrow(/BRAND_LOGO names a file of 65537 bytes. Use one of at most 65536/);
    const font = (bytes: number) => branded({ BRAND_TEXT_FONT: file('large.woff2', 'wOF2'.padEnd(bytes)) });
    expect(font(fontBytes).files).toHaveLength(2);
    expect(() => font(fontBytes + 1)).toThrow(/BRAND_TEXT_FONT names a file of 262145 bytes/);
  });

  it('a font is a file that we serve, or the names of fonts that readers have', () => {
    const own = branded({ BRAND_HEADLINE_FONT: file('head.woff2', 'wOF2') });
    const [sheet, font] = own.files;
    expect(sheet!.bytes.toString()).toContain(`src:url(/assets/${font!.file}) format('woff2')`);
    expect(sheet!.bytes.toString()).toContain(':root{--serif:brand-serif,Georgia,serif;}');
    const names = branded({ BRAND_TEXT_FONT: 'Gill Sans, sans-serif' }).files[0]!.bytes.toString();
    expect(names).toContain(":root{--sans:'Gill Sans',sans-serif,system-ui,sans-serif;}");
    for (const BRAND_TEXT_FONT of ["x'", 'a;b', 'url(https://cdn.example/f.woff2)', 'https://cdn.example/f.ttf'])
      expect(() => settings({ BRAND_TEXT_FONT })).toThrow(/must be the path of a .woff2 file/);
  });
});

describe('FRAME_ANCESTORS', () => {
  const ancestors = (FRAME_ANCESTORS?: string) => settings({ FRAME_ANCESTORS }).FRAME_ANCESTORS;

  it('is none by default, and otherwise self or origins', () => {
    expect(ancestors()).toBe(`'none'`);
    expect(ancestors('self')).toBe(`'self'`);
    expect(ancestors('https://paper.example, https://*.paper.example')).toBe(
      'https://paper.example https://*.paper.example',
    );
  });

  it.each(['*', 'paper.example', 'https://paper.example/path', `https://a.example; script-src *`, 'none self', ','])(
    '%j is refused',
    text => expect(() => ancestors(text)).toThrow(/FRAME_ANCESTORS is wrong: must be none, self, or origins/),
  );
});
