import { pagePictures, withoutPageTickets, type SentCapture } from './capture.js';
import type { SentMedia } from './media.js';

/** The places of a command's body where pictures are sent. */
interface Pictured {
  readonly media?: SentMedia;
  readonly captures?: readonly SentCapture[];
}
type Body = Pictured & { readonly content?: Pictured };

const placesIn = ({ content, captures }: Body): Pictured[] => [content ?? {}, { captures: captures ?? [] }];

const filesSent = ({ recording, captions }: SentMedia[number]) => [
  ...(recording ? [recording] : []),
  ...(captions ? [captions] : []),
];
const withoutTicket = <Sent extends { readonly ticket?: string | undefined }>({ ticket: _, ...sent }: Sent) => sent;
const medium = ({ recording, captions, ...rest }: SentMedia[number]) => ({
  ...withoutTicket(rest),
  ...(recording && { recording: withoutTicket(recording) }),
  ...(captions && { captions: withoutTicket(captions) }),
});

/** The tickets in the body of a command. */
export const ticketsIn = (body: object): string[] =>
  placesIn(body).flatMap(({ media = [], captures = [] }) =>
    [...media, ...pagePictures(captures), ...media.flatMap(filesSent)].flatMap(({ ticket }) => ticket ?? []),
  );

const stripped = <Held extends Pictured>({ media, captures, ...rest }: Held) => ({
  ...rest,
  ...(media && { media: media.map(medium) }),
  ...(captures && { captures: withoutPageTickets(captures) }),
});

/**
 * A command's body without the tickets of pictures and recordings: they let the sender show a file, and say nothing of what is shown. The hash of a
 * command does not cover them, so that the events show what it covered.
 */
export function withoutTickets(body: object): object {
  if (ticketsIn(body).length === 0) return body;
  const { content, ...rest } = body as Body;
  return { ...stripped(rest), ...(content && { content: stripped(content) }) };
}
