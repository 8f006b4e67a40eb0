import type { Words } from './words.js';

const plural = new Intl.PluralRules('en');
/** "1 update", "2 updates". */
export const count = (n: number, one: string, other: string) => `${n} ${plural.select(n) === 'one' ? one : other}`;

/** What was done to a picture, by C2PA's names. */
const editing: Readonly<Record<string, string>> = {
  addedText: 'text added',
  adjustedColor: 'colours adjusted',
  color_adjustments: 'colours adjusted',
  cropped: 'cropped',
  drawing: 'drawn on',
  edited: 'edited',
  filtered: 'filtered',
  orientation: 'turned',
  placed: 'a part added',
  redacted: 'a part redacted',
  removed: 'a part removed',
  resized: 'resized',
};

/** All of the pages' own words, in English. */
export const en: Words = {
  tag: 'en',
  dates: 'en-GB',

  live: 'Live',
  closed: 'Closed',
  allStories: 'All stories',
  noStories: 'No stories yet.',
  olderStories: 'Older stories',
  updatesIn: n => count(n, 'update', 'updates'),
  story: 'Story',
  timeMachine: 'Time machine',
  api: 'API',
  search: 'Search',
  skip: 'Skip to the updates',
  skipToContent: 'Skip to the content',
  continues: 'The coverage goes on in another story',
  replayable: position => `Position ${position} of the log. Replaying the log reproduces this page.`,

  updates: 'Updates',
  keyEvents: 'Key events',
  moreKeyEvents: n => `${count(n, 'earlier key event', 'earlier key events')}`,
  known: 'What we know',
  moreKnown: n => `${n} more`,
  pinned: 'Pinned',
  showAll: 'Show all',
  people: 'People and organisations',
  conditions: 'Depends on',

  lastChange: 'Last change',
  acts: {
    StoryOpened: 'The story was opened',
    StoryOpenedSealed: 'The story was opened',
    StoryAmended: 'The headline was changed',
    TextShredded: 'A headline or a key point was taken down',
    KeyPointWritten: 'What we know was changed',
    KeyPointsSet: 'What we know was changed',
    StoryClosed: 'The story was closed',
    StoryClosedSealed: 'The story was closed',
    StoryReopened: 'The story was reopened',
    StoryReopenedSealed: 'The story was reopened',
    DevelopmentRecorded: 'New',
    DevelopmentCorrected: 'Corrected',
    DevelopmentClassified: 'Classified',
    DevelopmentCopyEdited: 'Edited',
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
    ConditionSettledSealed: 'Condition settled',
    EmbargoLifted: 'New',
    DevelopmentLinked: 'Linked to another update',
    DevelopmentUnlinked: 'No longer linked',
    ContentShredded: 'Taken down',
  },
  changed: 'Changed',

  noHeadline: 'Live coverage',
  noName: 'Name withdrawn',
  headlineChanged: 'Headline changed',

  zoneOfStory: place => `Times in ${place}`,
  zoneOfReader: place => `Times in your zone: ${place}`,

  connection: {
    live: 'New updates appear automatically',
    connecting: 'Connecting…',
    reconnecting: 'Connection lost. Reconnecting…',
    offline: 'You are offline. This page may be out of date.',
    closed: 'This story is closed',
  },
  offer: n => count(n, 'new update', 'new updates'),
  since: {
    when: at => `Since ${at}:`,
    new: n => `${n} new`,
    corrected: n => `${n} corrected`,
    retracted: n => `${n} retracted`,
    removed: n => `${n} taken down`,
    points: n => count(Number(n), 'key point changed', 'key points changed'),
  },

  posted: 'Posted',
  writtenBy: 'By',
  credentials: ({ state, signer, tool, actions = [], generated }, day) => {
    const done = [...new Set(actions.flatMap(action => editing[action] ?? []))];
    const by =
      state === 'trusted' ? `by ${signer}` : `in the name of ${signer}, whose identity nobody here has checked`;
    return [
      `The original’s content credentials were signed ${by}${day ? `, on ${day}` : ''}${tool ? `, with ${tool}` : ''}.`,
      ...(generated ? ['A generative model made it, or a part of it.'] : []),
      ...(done.length > 0 ? [`Edited: ${done.join(', ')}.`] : []),
    ].join(' ');
  },
  captured: 'as captured',
  inPlace: 'in',
  when: { happened: 'Happened', said: 'Said', planned: 'Planned for', open: 'When:' },
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

  votes: 'votes',
  tally: { counting: 'Counting', called: 'Called', final: 'Final result' },
  fortunes: { won: 'won', through: 'through to the next round', lost: 'lost' },
  counted: (counted, total, of) => `${counted} of ${total} ${of} counted`,
  toCount: n => `${n} still to count`,
  range: { least: n => `at least ${n}`, most: n => `up to ${n}`, between: (least, most) => `${least} to ${most}` },
  says: 'says',
  vote: { for: 'For', against: 'Against', abstained: 'Abstained' },
  shootout: (own, other) => `${own}–${other} in the shoot-out`,

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
  edited: 'Edited',
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
  earlierUpdate: 'Before',
  laterUpdate: 'Next',
  copy: 'Copy link',
  copied: 'Copied',
  readInStory: 'Read it in the story',

  time: {
    notReported: 'time not reported',
    between: (from, to) => `between ${from} and ${to}`,
    after: from => `after ${from}`,
    before: to => `before ${to}`,
  },

  toStories: 'See all stories',
};
