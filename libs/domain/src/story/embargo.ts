import { z } from 'zod';
import { event, of } from './event.js';

/** A development under embargo is recorded and can be worked on; readers get nothing of it before it is lifted. */
export const Embargo = z.strictObject({
  until: z.iso
    .datetime({ precision: 3, error: 'must be an ISO 8601 instant in UTC with milliseconds' })
    .optional()
    .meta({ description: 'When it lifts by itself; without it, it is lifted by hand alone.' }),
});
export type Embargo = z.infer<typeof Embargo>;

// Stored names: for ever. A breaking change is a new event beside the old one.
export const embargoEvents = [
  // In the commit that records the development, never later: what readers could read is not taken back by it.
  event('DevelopmentEmbargoed', { ...of, ...Embargo.shape }),
  event('EmbargoChanged', { ...of, ...Embargo.shape }),
  // With the instant that it was set to lift at, where the passing of that lifted it and nobody's hand.
  event('EmbargoLifted', { ...of, ...Embargo.shape }),
] as const;

export type EmbargoOn = Embargo & { readonly development: string };
