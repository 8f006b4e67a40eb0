import sharp from 'sharp';
import { sha256 } from '../harness/media.js';
import { patienceMs } from './sender.js';
import type { Random } from './simulator/random.js';

/** A post that shows a picture, with its answer. */
interface Posted {
  readonly story: string;
  readonly answer?: { readonly development: string };
}
interface Shown {
  readonly entry: { readonly media: readonly { readonly sources: readonly { readonly href: string }[] }[] };
}

/** A picture that no other is like. */
export async function pictureOf(random: Random, width = 400): Promise<Uint8Array> {
  const background = { r: random.below(256), g: random.below(256), b: random.below(256) };
  const noise = { type: 'gaussian', mean: 100, sigma: 50 } as const;
  const create = { width, height: (width * 3) / 4, channels: 3, background, noise } as const;
  return sharp({ create }).jpeg().toBuffer();
}

const ask = (url: string | undefined, path: string) =>
  fetch(new URL(path, url), { signal: AbortSignal.timeout(patienceMs) });

/** The paths of the files that a post shows. Throws if readers do not get the post. */
export async function filesOf(url: string | undefined, { story, answer }: Posted): Promise<string[]> {
  const post = await ask(url, `/stories/${story}/timeline/${answer?.development}`);
  if (!post.ok) throw new Error(`the post is answered ${post.status}`);
  return ((await post.json()) as Shown).entry.media.flatMap(({ sources }) => sources.map(({ href }) => href));
}

/** Why a reader does not get the picture of a post, whole. Undefined if they do. */
export async function pictureFault(url: string | undefined, post: Posted): Promise<string | undefined> {
  try {
    const files = await filesOf(url, post);
    if (files.length === 0) return 'the post shows no file';
    for (const path of files) {
      const file = await ask(url, path);
      if (!file.ok) return `${path} is answered ${file.status}`;
      if (`/media/${sha256(await file.bytes())}` !== path) return `${path} has other bytes than its name says`;
    }
    return undefined;
  } catch (error) {
    return (error as Error).message;
  }
}
