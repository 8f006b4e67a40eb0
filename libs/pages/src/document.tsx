import type { ComponentChildren, VNode } from 'preact';
import { renderToString } from 'preact-render-to-string';
import { asset } from './assets.js';
import { dateline, type Brand } from './brand.js';
import { showable } from './html.js';

// In JSON these characters occur only inside strings, so replacing them in the text is safe.
const unsafe = /[<>&\u007f-\u009f\u2028\u2029]|\p{Noncharacter_Code_Point}/gu;
const escape = (character: string) =>
  [...Array(character.length).keys()]
    .map(unit => `\\u${character.charCodeAt(unit).toString(16).padStart(4, '0')}`)
    .join('');

/** JSON that a page's script element can hold: it cannot end the element, and contains nothing that HTML cannot hold. */
export const pageSafeJson = (value: unknown): string => JSON.stringify(value).replace(unsafe, escape);

/** The data of a page's head. */
export interface DocumentHead {
  readonly title: string;
  /** One or two sentences, for search engines and previews. */
  readonly description?: string | undefined;
  /** BCP 47: the language of the page's own words. */
  readonly language: string;
  readonly dir: 'ltr' | 'rtl';
  /** The entry of libs/pages/entries.mjs whose script the page runs; undefined for a page without one. */
  readonly script?: string;
  /** The initial state for the script. */
  readonly state?: unknown;
  /** More elements for the head, such as `<link rel="alternate">`. */
  readonly more?: ComponentChildren;
  /** Data for machines: JSON-LD documents. */
  readonly jsonLd?: readonly object[];
  /** Who publishes the page; without it, ours. */
  readonly brand?: Brand | undefined;
}

const json = (value: unknown) => ({ __html: pageSafeJson(value) });

function Document({ head, children }: { head: DocumentHead; children: ComponentChildren }): VNode {
  const style = asset('style');
  const script = head.script === undefined ? undefined : asset(head.script);
  const { paper, style: brandStyle } = head.brand ?? dateline;
  return (
    <html lang={head.language} dir={head.dir}>
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <title>{head.title}</title>
        {head.description && <meta name="description" content={head.description} />}
        <meta name="color-scheme" content="light dark" />
        <meta name="theme-color" content={paper.light} media="(prefers-color-scheme: light)" />
        <meta name="theme-color" content={paper.dark} media="(prefers-color-scheme: dark)" />
        <link rel="icon" href="data:," />
        <link rel="stylesheet" href={style.url} integrity={style.integrity} />
        {brandStyle && <link rel="stylesheet" href={brandStyle} />}
        {script && <script type="module" src={script.url} integrity={script.integrity} />}
        {head.more}
        {head.jsonLd?.map(data => (
          <script type="application/ld+json" dangerouslySetInnerHTML={json(data)} />
        ))}
      </head>
      <body>
        {children}
        {head.state !== undefined && (
          <script type="application/json" id="state" dangerouslySetInnerHTML={json(head.state)} />
        )}
      </body>
    </html>
  );
}

/** Renders the whole page as HTML. Text is escaped; script and style are the built bundles. */
export const renderDocument = (head: DocumentHead, body: ComponentChildren): string =>
  showable('<!doctype html>' + renderToString(<Document head={head}>{body}</Document>));
