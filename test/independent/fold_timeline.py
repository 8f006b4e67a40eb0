#!/usr/bin/env python3
"""Folds the timeline from a bundle of a whole log with its keys, without any of the product's code; needs Python 3.9 and nothing else.

    fold_timeline.py BUNDLE [--rows FILE]

It was written from docs/fold-the-timeline.md, docs/consume-the-log.md and docs/bundles.md alone. It prints the position, how many rows
there are, and their hash; it ends with 1 where the bundle cannot be folded. check_bundle.py says whether the bundle is whole."""
import hmac
import json
import sys
from datetime import datetime, timezone
from pathlib import Path

sys.dont_write_bytecode = True
from actors import PLACES, actors_of
from aes_gcm import aes_gcm_open
from canonical import canonical
from check_bundle import Arbitration, commit_id, from_base64url, sha256, value_of
from shown import capture_of, medium_of

INTERNAL = set('''ApprovalsRequired ApprovalsLoosened ApprovalsKept ApprovalsProposed ProposalApproved ProposalWithdrawn RetractionProposed
    TakedownProposed TextTakedownProposed TextTakedownWithdrawn EmbargoChanged PostingDefaultsSet DevelopmentSubmitted SubmissionApproved
    SubmissionReturned ReviewSet MemberNamed MemberRemoved'''.split())
OTHERS = set('''StoryOpened StoryOpenedSealed StoryAmended TextShredded StoryClosed StoryClosedSealed StoryReopened StoryReopenedSealed
    KeyPointWritten KeyPointsSet ConditionSettled ConditionSettledSealed DevelopmentEmbargoed'''.split())
ACTS = set('''DevelopmentRecorded DevelopmentCorrected DevelopmentClassified DevelopmentCopyEdited DevelopmentRecaptured DevelopmentRetracted
    DevelopmentSuperseded DevelopmentReinstated DevelopmentVerified DevelopmentDisputed DevelopmentPinned DevelopmentUnpinned
    DevelopmentMarkedKey DevelopmentUnmarkedKey DevelopmentLinked DevelopmentUnlinked EmbargoLifted ContentShredded'''.split())
REPORTED = 'kind headline body data occurred sourcing modality byline media captures'.split()
ABSENT = 'headline body data occurred sourcing modality begun byline media captures standing'.split()


def named_in(event):
    return [event['data'][name] for name in ('development', 'by', 'retracted', 'to') if name in event['data']]


def begun_by(occurred):
    at = occurred.get('from', occurred.get('to'))
    if at is None:
        return None
    moment = datetime.fromisoformat(at.replace('Z', '+00:00'))
    return int((moment - datetime(1970, 1, 1, tzinfo=timezone.utc)).total_seconds() * 1000)


def columns_of(content):
    columns = {name: content.get(name) for name in REPORTED}
    columns['media'] = [medium_of(each) for each in content['media']] if 'media' in content else None
    columns['captures'] = [capture_of(each) for each in content['captures']] if 'captures' in content else None
    columns['actors'] = actors_of(content)
    columns['conditions'] = [each['id'] for each in content['modality'].get('conditions', [])]
    return {**columns, 'standing': content['sourcing']['standing'], 'begun': begun_by(content['occurred'])}


class Story:
    def __init__(self, name, forgotten):
        self.name, self.forgotten = name, forgotten
        self.rows, self.withheld, self.unread = {}, {}, None

    def take(self, act, events):
        """Applies a commit as a whole or not at all."""
        names = {name for event in events for name in named_in(event)}
        before = [(held, {name: dict(held[name]) for name in names & held.keys()}) for held in (self.rows, self.withheld)]
        try:
            self.sort(act, events)
        except Exception:
            for held, rows in before:
                for name in names & held.keys():
                    del held[name]
                held.update(rows)
            raise

    def sort(self, act, events):
        """Sorts the events of a commit, and applies them: first those that readers see."""
        begun = {event['data']['development'] for event in events if event['type'] == 'DevelopmentEmbargoed'}
        before = {name: state['over'] for name, state in self.withheld.items()}
        lifted, shown, hidden = {}, [], []
        for event in events:
            development = event['data'].get('development')
            if event['type'] == 'EmbargoLifted':
                if before.get(development) is False and development not in lifted:
                    lifted[development] = self.withheld[development]
                    shown.append(event)
            elif event['type'] in INTERNAL or any(
                name not in lifted and (name in begun or name in before) for name in named_in(event)
            ):
                hidden.append(event)
            else:
                shown.append(event)
        for ordinal, event in enumerate(shown):
            self.apply(act, ordinal, event, lifted)
        for event in hidden:
            self.withhold(act, event)
        for development in lifted:
            del self.withheld[development]

    def begin(self, development, act, ordinal, content, outline):
        row = {**act, 'story': self.name, 'development': development, 'ordinal': ordinal, 'changed': act['position']}
        row.update(superseded_by=None, retraction=None, lifted=None, takedown=None, key=False, pinned=False)
        row.update({name: [] for name in ('supersedes', 'checks', 'corrections', 'edits', 'links')})
        if content is None:
            gone = {name: None for name in ABSENT}
            row.update(gone, kind=outline['kind'], actors=[], conditions=[], status='taken-down')
        else:
            row.update(columns_of(content), status='active')
        self.rows[development] = row
        return row

    def apply(self, act, ordinal, event, lifted):
        kind, data = event['type'], event['data']
        development, told = data.get('development'), data.get('told')
        if kind == 'DevelopmentRecorded':
            self.begin(development, act, ordinal, told and told['content'], data['outline'])
        elif kind == 'EmbargoLifted':
            state = lifted[development]
            row = self.begin(development, act, ordinal, state['content'], state['outline'])
            row.update(recorded=state['recorded'], by=state['by'], lifted=act)
            if state['content'] is None:
                row['takedown'] = state['takedown']
            else:
                row.update({name: state[name] for name in ('standing', 'key', 'links')})
                row['actors'] = actors_of(state['content'], True)
        elif kind not in OTHERS and development in self.rows:
            row = self.rows[development]
            row['changed'] = act['position']
            if row['status'] != 'taken-down':
                self.change(row, act, kind, data)
            elif kind == 'ContentShredded':
                row['takedown'] = {'ground': data['ground'], 'position': act['position'], 'recorded': act['recorded']}
        if kind == 'DevelopmentSuperseded' and data['by'] in self.rows:
            other = self.rows[data['by']]
            other['changed'] = act['position']
            if other['status'] != 'taken-down':
                other['supersedes'] = other['supersedes'] + [development]

    def change(self, row, act, kind, data):
        told = data.get('told')
        if 'told' in data and told is None:
            return
        if kind == 'DevelopmentCorrected':
            was = {name: row[name] for name in REPORTED}
            correction = {**act, 'wrong': told['wrong'], 'reason': told['reason'], 'was': was}
            columns = columns_of(told['content'])
            if columns['standing'] == row['sourcing']['standing']:
                columns['standing'] = row['standing']
            row.update(columns, corrections=row['corrections'] + [correction])
        elif kind == 'DevelopmentClassified':
            actors = actors_of({**told, 'sourcing': row['sourcing']})
            row.update(kind=told['kind'], data=told['data'], actors=actors)
        elif kind == 'DevelopmentCopyEdited':
            was = {name: row[name] for name in ('headline', 'body')}
            changed = {name: told.get(name, was[name]) for name in was}
            row.update(changed, edits=row['edits'] + [{**act, 'was': was}])
        elif kind == 'DevelopmentRecaptured':
            row['captures'] = [capture_of(each) for each in told['captures']]
        elif kind == 'DevelopmentRetracted':
            retraction = {**act, 'reason': told['reason']}
            row.update(status='retracted', retraction=retraction, key=False, pinned=False, supersedes=[])
        elif kind == 'DevelopmentSuperseded':
            row.update(status='superseded', superseded_by=data['by'])
        elif kind == 'DevelopmentReinstated':
            row.update(status='active', superseded_by=None)
        elif kind in ('DevelopmentVerified', 'DevelopmentDisputed'):
            seen = kind == 'DevelopmentVerified'
            check = {**act, 'verdict': 'verified' if seen else 'disputed', 'note': told['note' if seen else 'reason']}
            row.update(standing='confirmed' if seen else 'disputed', checks=row['checks'] + [check])
        else:
            change_marks(row, kind, data)

    def withhold(self, act, event):
        kind, data = event['type'], event['data']
        development, told = data.get('development'), data.get('told')
        if kind == 'DevelopmentRecorded':
            state = {'by': act['by'], 'recorded': act['recorded'], 'key': False, 'links': [], 'over': False, 'takedown': None}
            content = told and told['content']
            state.update(content=content, outline=data['outline'], standing=data['outline']['standing'])
            self.withheld[development] = state
        state = self.withheld.get(development)
        if state is None:
            return
        if kind == 'DevelopmentCorrected':
            if data['outline']['standing'] != state['outline']['standing']:
                state['standing'] = data['outline']['standing']
            state.update(content=told and told['content'], outline=data['outline'])
        elif kind in ('DevelopmentClassified', 'DevelopmentCopyEdited', 'DevelopmentRecaptured'):
            content = {**state['content'], **told} if told and state['content'] else None
            state.update(content=content, outline=data['outline'])
        elif kind in ('DevelopmentVerified', 'DevelopmentDisputed'):
            state['standing'] = 'confirmed' if kind == 'DevelopmentVerified' else 'disputed'
        elif kind == 'DevelopmentRetracted':
            state['over'] = True
        elif kind == 'ContentShredded':
            takedown = {'ground': data['ground'], 'position': act['position'], 'recorded': act['recorded']}
            state.update(over=True, takedown=takedown)
        else:
            change_marks(state, kind, data)


def change_marks(row, kind, data):
    """What a row and the state of a withheld development have in common; such a state has no pin."""
    if kind in ('DevelopmentMarkedKey', 'DevelopmentUnmarkedKey'):
        row['key'] = kind == 'DevelopmentMarkedKey'
    elif kind in ('DevelopmentPinned', 'DevelopmentUnpinned'):
        row['pinned'] = kind == 'DevelopmentPinned'
    elif kind in ('DevelopmentLinked', 'DevelopmentUnlinked'):
        link = {'to': data['to'], 'as': data['as']}
        kept = [each for each in row['links'] if each != link]
        row['links'] = row['links'] + [link] if kind == 'DevelopmentLinked' else kept


def opened(event, stream, keys):
    """The event with what its `told` opens to; None in its place where it is forgotten."""
    data = event['data']
    if event['type'] not in INTERNAL | OTHERS | ACTS or data.get('outline', {}).get('kind', 'update') not in PLACES:
        raise ValueError('an event of this type or kind is unknown')
    if 'told' not in data:
        return event
    key_id = data.get('text', data.get('development'))
    if key_id not in keys:
        return {**event, 'data': {**data, 'told': None}}
    head, none, nonce, sealed, tag = data['told'].split('.')
    header = json.loads(from_base64url(head))
    due = {'alg': 'dir', 'enc': 'A256GCM', 'kid': key_id, 'stream': stream, 'event': event['type']}
    if header != due or none:
        raise ValueError('it was sealed for another place')
    told = json.loads(aes_gcm_open(keys[key_id][:32], *map(from_base64url, (nonce, sealed, tag)), head.encode()))
    if told.get('content', told).get('kind', 'update') not in PLACES:
        raise ValueError('the kind is unknown')
    if 'content' in told:
        digest = hmac.new(keys[key_id][32:], canonical(told['content']).encode(), 'sha256').hexdigest()
        if digest != data['outline']['digest']:
            raise ValueError('the outline is that of another content')
    return {**event, 'data': {**data, 'told': told}}


def fold(folder):
    lines = lambda name: [json.loads(line) for line in (folder / name).read_bytes().split(b'\n')[:-1]]
    keys = {each['development']: from_base64url(each['key']) for each in lines('keys.jsonl')}
    arbitration, stories = Arbitration(), {}
    for line in lines('commits.jsonl'):
        headers, value = line['headers'], value_of(line)
        stream = headers.get('ce_subject', '')
        if arbitration.take(headers) is None or not stream.startswith('story:'):
            continue
        name = stream[len('story:'):]
        story = stories.setdefault(name, Story(name, keys))
        if story.unread:
            continue
        try:
            if commit_id(headers, value) != headers['ce_id']:
                raise ValueError('the id does not cover the bytes')
            parsed = json.loads(value)
            by = {'name': parsed['by']['name']} if 'name' in parsed['by'] else {}
            act = {'position': line['position'], 'recorded': headers['ce_time'], 'by': by}
            story.take(act, [opened(event, stream, keys) for event in parsed['events']])
        except (ValueError, LookupError, TypeError, AttributeError) as error:
            story.unread = f'{stream} stays as it was before position {line["position"]}: {error!r}'
    return arbitration.position, stories


def main(arguments):
    try:
        position, stories = fold(Path(arguments[0]))
    except (ValueError, LookupError, TypeError, OSError) as error:
        print(f'unreadable: {error}')
        return 1
    rows = [row for story in stories.values() for row in story.rows.values()]
    rows.sort(key=lambda row: (row['story'].encode(), row['development'].encode()))
    stored = ({**row, 'valid_from': row['changed'], 'valid_to': 2**31 - 1} for row in rows)
    text = '\n'.join(map(canonical, stored))
    if arguments[1:2] == ['--rows']:
        Path(arguments[2]).write_text(text)
    for story in stories.values():
        if story.unread:
            print(story.unread)
    print(f'TIMELINE at {position}: {len(rows)} rows, {sha256(text.encode())}')
    return 0


if __name__ == '__main__':
    sys.exit(main(sys.argv[1:]))
