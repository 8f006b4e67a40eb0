import { expect, test } from '@jest/globals';
import { renderToString } from 'preact-render-to-string';
import type { Draft } from '../drafts.js';
import { nothingKnown, type Known } from '../known.js';
import type { Progress } from '../send.js';
import type { Composing } from '../use-draft.js';
import { Conflict } from './conflict.js';
import { Foot, Meanwhile } from './pane.js';

const content = { kind: 'update', body: 'Rain.' };
const correction = {
  ...{ id: 'k', story: 's', act: 'correct', on: 'development', target: 'd', head: 'h1', changed: '' },
  ...{ value: { content }, was: content },
} as Draft;
const nothing = () => undefined;

test('a colleague’s change can be dismissed from a new post, but not from a correction, which would undo it', () => {
  const events = [{ type: 'DevelopmentCorrected', development: 'd' }];
  const known = { ...nothingKnown, story: { head: 'h2' }, recent: [{ commit: 'h2', by: { id: 'ben' }, events }] };
  const meanwhile = (draft: object) =>
    renderToString(
      <Meanwhile composing={{ draft, change: nothing } as unknown as Composing} known={known as unknown as Known} />,
    );
  expect(meanwhile(correction)).toContain('Since you began, ben corrected');
  expect(meanwhile(correction)).not.toContain('Dismiss');
  const replacing = {
    ...correction,
    act: 'record',
    on: 'story',
    target: undefined,
    value: { supersedes: 'd', content },
  };
  expect(meanwhile(replacing)).toContain('Dismiss');
});

test.each<[Progress, boolean]>([
  [{ at: 'editing' }, true],
  [{ at: 'sending' }, false],
  [{ at: 'pending' }, false],
  [{ reply: 'unreached', detail: 'You are offline.' }, true],
])('a draft can be discarded while nothing of it is on its way: %o', (progress, offered) => {
  const composing = { draft: correction, progress, kept: true, shared: { at: 'here' }, discard: nothing };
  const foot = renderToString(
    <Foot
      composing={composing as unknown as Composing}
      label="Post"
      pristine={false}
      others={0}
      onPost={nothing}
      onOthers={nothing}
    />,
  );
  expect(foot.includes('Discard')).toBe(offered);
});

test('a conflict says why the other version could not be loaded, and offers to try again', () => {
  const conflict = (theirs: object) =>
    renderToString(
      <Conflict
        draft={correction}
        concerns={[]}
        entries={new Map()}
        theirs={{ content: undefined, retry: nothing, ...theirs }}
        clock={String}
        onGoOn={nothing}
        onBack={nothing}
      />,
    );
  expect(conflict({})).toContain('Loading their version');
  const failed = conflict({ failed: 'It has been taken down.' });
  expect(failed).toContain('It has been taken down.');
  expect(failed).toContain('Try again');
  expect(failed).not.toContain('Loading their version');
  expect(conflict({ content })).toContain('Continue and post mine');
});
