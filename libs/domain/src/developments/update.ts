import { z } from 'zod';
import { capitalised } from '../bidi.js';
import { firstWords } from '../first-words.js';
import { defineKind } from './kind.js';

/** The longest headline that is made of a body, in UTF-16 units: it is read beside the body, so it need not hold all of it. */
const longest = 120;

/** A post that is nothing but its text. */
export const updateKinds = [
  defineKind({
    kind: 'update',
    title: 'Update',
    icon: 'M4 20v-4L15.5 4.5l4 4L8 20zm9-13 4 4',
    needsBody: true,
    unclassified: true,
    schema: z.strictObject({}),
    headline: (_, _name, _quoted, body = '') => capitalised(firstWords(body, longest) || 'Update'),
    marks: () => [],
  }),
];
