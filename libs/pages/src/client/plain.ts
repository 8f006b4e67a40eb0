import { datesFor, wordsFor } from '../words/index.js';
import { offerCopies } from './copy.js';
import { localiseForms } from './forms.js';
import { localise, readersTime } from './times.js';

// A page that does not change while it is open: only its times are converted to the reader's zone.
document.documentElement.classList.add('js');
const { lang } = document.documentElement;
const words = wordsFor(lang);
localise(document, { words, locale: datesFor(lang, words), ...readersTime() });
localiseForms(document);
offerCopies(words);
