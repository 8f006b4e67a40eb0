import type { Words } from './words.js';

const plural = new Intl.PluralRules('en');
/** "1 update", "2 updates". */
export const count = (n: number, one: string, other: string) => `${n} ${plural.select(n) === 'one' ? one : other}`;

/** All of the pages' own words, in English. */
export const en: Words = {
  tag: 'en',
  dates: 'en-GB',

  live: 'Live',
  closed: 'Closed',
  allStories: 'All stories',
  noStories: 'No stories yet.',
  olderStories: 'Older stories',
  story: 'Story',
  timeMachine: 'Time machine',
  api: 'API',
  skip: 'Skip to the updates',
  skipToContent: 'Skip to the content',
  replayable: position => `Position ${position} of the log. Replaying the log reproduces this page.`,

  updates: 'Updates',
  keyEvents: 'Key events',
  noKeyEvents: 'None yet.',
  moreKeyEvents: n => `${count(n, 'earlier key event', 'earlier key events')}`,
  pinned: 'Pinned',
  people: 'People and organisations',
  conditions: 'Depends on',

  lastChange: 'Last change',
  acts: {
    StoryOpened: 'The story was opened',
    StoryClosed: 'The story was closed',
    StoryReopened: 'The story was reopened',
    DevelopmentRecorded: 'New',
    DevelopmentCorrected: 'Corrected',
    DevelopmentRetracted: 'Retracted',
    DevelopmentSuperseded: 'Replaced',
    DevelopmentReinstated: 'Reinstated',
    DevelopmentVerified: 'Verified',
    DevelopmentDisputed: 'Disputed',
    DevelopmentPinned: 'Pinned',
    DevelopmentUnpinned: 'No longer pinned',
    DevelopmentMarkedKey: 'Key event',
    DevelopmentUnmarkedKey: 'No longer a key event',
    ConditionSettled: 'Condition settled',
    EmbargoLifted: 'New',
    DevelopmentLinked: 'Linked to another update',
    DevelopmentUnlinked: 'No longer linked',
    ContentShredded: 'Taken down',
  },
  changed: 'Changed',

  zoneOfStory: zone => `Times are local to the story (${zone}).`,
  zoneOfReader: zone => `Times are in your time zone (${zone}).`,

  connection: {
    live: 'New updates appear automatically',
    connecting: 'Connecting…',
    reconnecting: 'Connection lost. Reconnecting…',
    offline: 'You are offline. This page may be out of date.',
    closed: 'This story is closed',
  },
  offer: n => count(n, 'new update', 'new updates'),

  posted: 'Posted',
  happened: 'Happened',
  keyEvent: 'Key event',
  labels: {
    retracted: 'Retracted',
    superseded: 'Replaced',
    corrected: 'Corrected',
    removed: 'Taken down',
    disputed: 'Disputed',
    hinted: 'Unconfirmed',
    planned: 'Planned',
    denied: 'Denied',
  },
  labelled: (label, headline) => `${label}: ${headline}`,
  ifOnly: 'If',
  and: 'and',
  fates: { open: 'still open', met: 'this happened', lapsed: 'this did not happen' },

  sources: {
    'on-record': name => (name ? `${name}, on the record` : 'On the record'),
    official: name => name ?? 'Official sources',
    'media-report': name => name ?? 'Media reports',
    anonymous: name => name ?? 'Anonymous sources',
    analyst: name => name ?? 'Analysts',
    desk: name => name ?? 'Our own reporting',
  },
  standings: {
    confirmed: 'confirmed',
    reported: 'not independently confirmed',
    hinted: 'unconfirmed',
    disputed: 'disputed',
  },

  corrected: (n: number) => (n > 1 ? `Corrected ${n} times` : 'Corrected'),
  was: 'It said',
  why: 'Why',
  verdicts: { verified: 'Verified', disputed: 'Disputed' },
  retractedWhy: 'We published this and no longer stand by it.',
  removedOn: 'Taken down on',
  removedWhy: 'The text of this update was deleted.',
  grounds: {
    legal: 'legal grounds',
    privacy: 'to protect a person’s privacy',
    safety: 'to protect a person’s safety',
    'court-order': 'by order of a court',
  },
  links: { related: 'See also', follows: 'Follows', answers: 'In answer to', contradicts: 'Contradicts' },
  superseded: 'No longer current.',
  supersededBy: 'Replaced by a later update',
  permalink: 'Link to this update',
  copy: 'Copy link',
  copied: 'Copied',
  readInStory: 'Read it in the story',

  time: {
    notReported: 'time not reported',
    onDay: day => `on ${day}, time not reported`,
    overDays: days => `${days}, times not reported`,
    between: (from, to) => `between ${from} and ${to}`,
    after: from => `after ${from}, time not reported`,
    before: to => `before ${to}, time not reported`,
  },

  toStories: 'See all stories',
};
