import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A page of another site, and the headers that it comes with. */
interface HostPage {
  readonly style: string;
  readonly headers: Readonly<Record<string, string>>;
}

/** Three sites: one that does nothing in particular, one that allows as little as it can, and one that shouts. */
const pages = (reader: string): Readonly<Record<string, HostPage>> => ({
  plain: { style: 'body { max-width: 40rem; margin: 1rem auto; font-family: sans-serif }', headers: {} },
  strict: {
    style: '',
    headers: {
      'Content-Security-Policy': [
        ...[
          `default-src 'none'`,
          `script-src ${reader}`,
          `connect-src ${reader}`,
          `base-uri 'none'`,
          `img-src ${reader} data:`,
        ],
        ...[`require-trusted-types-for 'script'`, 'trusted-types dateline'],
      ].join('; '),
    },
  },
  loud: {
    style: `
      html { font-size: 31px }
      * { color: #c0f !important; font: italic 700 33px / 3 cursive !important; text-transform: uppercase !important;
        letter-spacing: 4px !important; text-align: right !important; word-spacing: 9px !important }
      :root { --ink: lime; --surface: black; --step-0: 90px; --gap-4: 200px }
      a, article, .entry, .dateline, h2 { display: none !important }
      body { background: #ff0; direction: ltr }`,
    headers: {},
  },
});

/** The parts of a host page: what it says itself, and what it shows of ours. */
const html = (style: string, parts: string) => `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>Another paper</title><link rel="icon" href="data:,">${style && `<style>${style}</style>`}</head>
<body><main><h1>Another paper</h1><p>The other paper writes about it.</p>${parts}</main></body></html>`;

/**
 * Serves these pages from an origin of their own: /plain, /strict and /loud, each with the parts that `show` was given last. Loopback only.
 */
export async function hostPages(reader: string) {
  let parts = '';
  const all = pages(reader);
  const server = createServer((request, response) => {
    const page = all[request.url!.slice(1)];
    if (!page) return void response.writeHead(404).end();
    response.writeHead(200, { 'Content-Type': 'text/html; charset=utf-8', ...page.headers });
    response.end(html(page.style, parts));
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    names: Object.keys(all),
    url: (name: string) => `${url}/${name}`,
    show: (html: string) => void (parts = html),
    close: () => void server.close(),
  };
}

/** The code that a site gets from our oEmbed answer. */
export async function codeFor(reader: string, path: string): Promise<string> {
  const answer = await fetch(`${reader}/oembed?${new URLSearchParams({ url: reader + path })}`);
  if (!answer.ok) throw new Error(`${path}: ${answer.status} ${await answer.text()}`);
  return ((await answer.json()) as { html: string }).html;
}

/** The fragment that a site includes on its server. */
export async function fragmentOf(reader: string, path: string): Promise<string> {
  const answer = await fetch(`${reader}${path}/embed`);
  if (!answer.ok) throw new Error(`${path}: ${answer.status}`);
  return answer.text();
}
