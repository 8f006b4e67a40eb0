import { useState } from 'preact/hooks';
import type { ReadersEntry } from '../contracts.js';
import { at, type Value } from '../form-model/values.js';
import { addNow, type Form, type Settled } from './form.js';

/** The place of the captures in a draft. */
export const capturesPath = ['content', 'captures'] as const;

/** The captures in a draft. */
export const capturesIn = (value: Value): readonly Value[] => {
  const held = at(value, [...capturesPath]);
  return Array.isArray(held) ? (held as readonly Value[]) : [];
};

/** The captures with one more: in the place of an earlier one of the same address, or else at the end. */
export function withCapture(held: readonly Value[], capture: Value): readonly Value[] {
  const url = at(capture, ['url']);
  const index = held.findIndex(each => at(each, ['url']) === url);
  return index < 0 ? [...held, capture] : held.with(index, capture);
}

/** The address, if the text is one and nothing else. */
export const addressIn = (text: string): string | undefined => {
  const address = text.trim();
  return /^https?:\/\/\S+$/i.test(address) && URL.canParse(address) ? address : undefined;
};

/** The host of an address, as people know it. */
export const hostOf = (address: string): string => new URL(address).host.replace(/^www\./, '');

type NoPicture = NonNullable<NonNullable<ReadersEntry['captures']>[number]['noPicture']>;
/** Why a capture has no picture. Without a reason nobody looked for one. */
const missing: Readonly<Record<NoPicture, string | undefined>> = {
  none: undefined,
  gone: 'Its picture is not kept: the site no longer has it.',
  'not-given': 'Its picture is not kept: the site did not give it to the newsroom.',
  'too-large': 'Its picture is not kept: it is larger than 5 MB.',
  unreadable: 'Its picture is not kept: the file is none that can be shown.',
  'not-kept': 'Its picture is not kept: the newsroom could not store it now. Capture the page again later.',
};

/** Why a page that names a picture is shown without it; undefined if it is not. */
export const noPictureInWords = (capture: Value): string | undefined =>
  missing[at(capture, ['noPicture']) as unknown as NoPicture];

/** Captures pages for a draft. */
export interface Capturing {
  /** What goes on, or what went wrong. */
  readonly said: string | undefined;
  readonly failed: boolean;
  /** Whether a capture is being made. */
  readonly busy: boolean;
  readonly capture: (url: string) => void;
}

interface State {
  readonly draft: string;
  readonly said?: string;
  readonly failed?: boolean;
  readonly busy?: boolean;
}

/** Captures pages for this draft; undefined where the newsroom captures none. `add` puts a capture into it, or into the draft `of`. */
export function useCapturing(
  capture: Form['capture'],
  draft: string,
  add: (capture: Value, of?: string) => void,
  adding = addNow,
): Capturing | undefined {
  const [kept, setState] = useState<State>({ draft });
  const state = kept.draft === draft ? kept : { draft };
  if (!capture) return undefined;
  const make = async (url: string, settled: Settled) => {
    setState({ draft, said: `Capturing ${hostOf(url)} …`, busy: true });
    try {
      const made = await capture(url);
      // What a post was published without must not come into the next one.
      add(made, await settled());
      const said = [`Captured ${hostOf(url)}: readers see it below the text.`, noPictureInWords(made)];
      setState({ draft, said: said.filter(Boolean).join(' ') });
    } catch (error) {
      setState({ draft, said: (error as Error).message, failed: true });
    }
  };
  return {
    said: state.said,
    failed: state.failed ?? false,
    busy: state.busy ?? false,
    capture: url => void adding(settled => make(url, settled)),
  };
}
