#!/usr/bin/env python3
"""Checks a bundle without any of the product's code; needs Python 3.9 and nothing else.

    check_bundle.py BUNDLE [--key FINGERPRINT]    or    check_bundle.py --vectors docs/test-vectors.md

It was written from docs/consume-the-log.md and docs/bundles.md alone. It prints each fault on a line, and ends with 0 where
there is none and with 1 otherwise. It opens nothing that is sealed, and decides nothing again. Ed25519 and RFC 8785 are in the files beside it."""
import base64
import hashlib
import hmac
import json
import re
import sys
from pathlib import Path

sys.dont_write_bytecode = True
from canonical import canonical
from ed25519 import ed25519

HEX = re.compile(r'[0-9a-f]{64}\Z')
COVERED = ['source', 'type', 'subject', 'time', 'parent', 'seq', 'command', 'commandhash', 'kind']
FORMATS = ['dateline-bundle/1', 'dateline-bundle/2', 'dateline-bundle/3']


sha256 = lambda data: hashlib.sha256(data).hexdigest()


def from_base64url(text):
    """Only the one spelling without padding and spare bits is taken."""
    data = base64.urlsafe_b64decode(text + '=' * (-len(text) % 4))
    if base64.urlsafe_b64encode(data).rstrip(b'=').decode() != text:
        raise ValueError('this is base64url in another spelling')
    return data


def open_jws(text, typ):
    """The payload and the fingerprint of the key that signed it."""
    head, payload, signature = text.split('.')
    header = json.loads(from_base64url(head))
    key = header['jwk']
    if header['alg'] != 'EdDSA' or header['typ'] != typ or (key['kty'], key['crv']) != ('OKP', 'Ed25519'):
        raise ValueError('its header is not that of a ' + typ)
    thumbprint = canonical({name: key[name] for name in ('crv', 'kty', 'x')})
    fingerprint = base64.urlsafe_b64encode(hashlib.sha256(thumbprint.encode()).digest()).rstrip(b'=').decode()
    if re.sub('^dev-', '', header['kid']) != fingerprint:
        raise ValueError('kid is not the fingerprint of the key')
    if not ed25519(from_base64url(key['x']), (head + '.' + payload).encode(), from_base64url(signature)):
        raise ValueError('the signature is not that of the key')
    return from_base64url(payload), fingerprint


class Arbitration:
    def __init__(self):
        self.genesis, self.position, self.heads = None, 0, {}

    def take(self, headers):
        """The commit's number in its stream; None where the record does not count."""
        commit, stream, parent = (headers.get('ce_' + name) for name in ('id', 'subject', 'parent'))
        if not HEX.match(commit or '') or not stream or commit == parent or (not self.genesis and stream != 'log'):
            return None
        head, seq = self.heads.get(stream, (self.genesis or '0' * 64, 0))
        if parent != head:
            return None
        self.genesis = self.genesis or commit
        self.heads[stream] = (commit, seq + 1)
        self.position += 1
        return seq + 1


def commit_id(headers, value):
    attributes = {name: headers['ce_' + name] for name in COVERED if 'ce_' + name in headers}
    return sha256(canonical({**attributes, 'value': sha256(value)}).encode())


def value_of(line):
    return base64.b64decode(line['base64'], validate=True) if 'base64' in line else line['value'].encode()


leaf_of = lambda line: hashlib.sha256(b'\0' + line).digest()
node_of = lambda left, right: hashlib.sha256(b'\1' + left + right).digest()


def root_of(leaves):
    """RFC 6962, section 2.1, level by level: the last of an odd level moves up as it is."""
    while len(leaves) > 1:
        paired = [node_of(leaves[i], leaves[i + 1]) for i in range(0, len(leaves) - 1, 2)]
        leaves = paired + leaves[len(leaves) - len(leaves) % 2:]
    return leaves[0].hex()


def root_by_path(leaf, index, size, path):
    """RFC 9162, section 2.1.3.2; None where the path is not one of that place."""
    last = size - 1
    for step in path:
        if last == 0:
            return None
        other = bytes.fromhex(step)
        if index % 2 or index == last:
            leaf = node_of(other, leaf)
            while index % 2 == 0 and index:
                index, last = index // 2, last // 2
        else:
            leaf = node_of(leaf, other)
        index, last = index // 2, last // 2
    return leaf.hex() if last == 0 else None


class Bundle:
    def __init__(self, folder):
        self.folder, self.faults, self.strange = Path(folder), [], 0
        self.named, self.taken_down = {}, set()

    def demand(self, holds, fault):
        self.faults += [] if holds else [fault]

    def read(self, name):
        """Only of a file: a pipe or a device may never end."""
        path = self.folder / name
        if not path.is_file():
            raise ValueError(f'{name} is not there, or is no file')
        return path.read_bytes()

    def lines(self, name):
        data = self.read(name)
        self.demand(data == b'' or data.endswith(b'\n'), name + ': the last line has no line feed')
        parsed = [(line, json.loads(line)) for line in data.split(b'\n')[:-1]]
        for number, (line, value) in enumerate(parsed, 1):
            self.demand(canonical(value).encode() == line, f'{name}:{number}: the line is not canonical JSON')
        return parsed

    def check(self, expected):
        text = self.read('manifest.json')
        jws = self.read('manifest.jws').decode()
        self.demand(jws.endswith('\n'), 'manifest.jws: the line feed is missing')
        payload, fingerprint = open_jws(jws[:-1], 'dateline-bundle+jws')
        self.demand(payload == text, 'manifest.json is not what was signed')
        self.demand(expected in (None, fingerprint), 'the bundle was signed by ' + fingerprint)
        manifest = json.loads(payload)
        self.demand(manifest['format'] in FORMATS, 'the format is unknown')
        self.demand(re.sub('^dev-', '', manifest['kid']) == fingerprint, 'kid is another key')
        self.check_files(manifest)
        index = [value for _, value in self.lines('index.jsonl')]
        self.check_commits(manifest, index)
        self.check_visibility(manifest)
        self.check_keys(manifest)
        self.check_blobs(manifest)

    def check_files(self, manifest):
        for entry in manifest['files']:
            data = self.read(entry['name'])
            found = {'bytes': len(data), 'lines': data.count(b'\n'), 'sha256': sha256(data)}
            self.demand(found == {name: entry[name] for name in found}, entry['name'] + ' is not what was signed')
        named = {entry['name'] for entry in manifest['files']}
        self.demand({'commits.jsonl', 'index.jsonl', 'visibility.jsonl'} <= named, 'a file is not signed')
        known = named | {'manifest.json', 'manifest.jws', 'keys.jsonl' if 'key-digests.jsonl' in named else ''}
        known |= {'blobs'} if 'blobs.jsonl' in named else set()
        self.demand({path.name for path in self.folder.iterdir()} <= known, 'a file belongs to no bundle')

    def check_commits(self, manifest, index):
        state, leaves, before, size = Arbitration(), [], 0, manifest['tree']['size']
        whole = manifest['scope'] == {'all': True}
        commits = self.lines('commits.jsonl')
        self.demand(len(index) == len(commits), 'the index has another number of lines')
        for number, ((line, commit), entry) in enumerate(zip(commits, index), 1):
            at, headers, leaf = f'commits.jsonl:{number}: ', commit['headers'], leaf_of(line)
            seq, position = state.take(headers), commit['position']
            self.demand(seq is not None, at + 'the commit does not follow its parent')
            self.demand(position == number if whole else before < position <= size, at + 'the position is wrong')
            strange = commit_id(headers, value_of(commit)) != headers.get('ce_id')
            self.strange += strange
            due = (headers.get('ce_id'), leaf.hex(), position, seq, headers.get('ce_subject'))
            found = tuple(entry.get(name) for name in ('id', 'leaf', 'position', 'seq', 'stream'))
            self.demand(found == due, at + 'the index says otherwise')
            if not whole:
                root = root_by_path(leaf, position - 1, size, entry.get('path', []))
                self.demand(root == manifest['tree']['root'], at + 'the audit path leads to another root')
            leaves.append(leaf)
            before = position
            if not strange:
                self.read_files(commit)
        if whole:
            self.demand(len(leaves) == size and root_of(leaves) == manifest['tree']['root'], 'the root is another')
        else:
            heads = {stream: {'id': commit, 'seq': seq} for stream, (commit, seq) in state.heads.items()}
            self.demand(manifest.get('heads') == heads, 'the streams do not end as was signed')
            self.demand('story:' + manifest['scope']['story'] in heads, 'the story is not in the bundle')
        name = commits[0][1]['headers'].get('ce_source')
        self.demand(manifest['log'] == {'id': state.genesis, 'name': name}, 'the log is another')
        counts = manifest['counts']
        self.demand((counts['commits'], counts['streams']) == (len(commits), len(state.heads)), 'counts are wrong')

    def read_files(self, commit):
        """The names of files in the outlines of events; and what was taken down."""
        try:
            for event in json.loads(value_of(commit))['events']:
                data = event['data']
                files = data.get('outline', {}).get('files', [])
                self.named.setdefault(data.get('development'), set()).update(files)
                self.taken_down |= {data['development']} if event['type'] == 'ContentShredded' else set()
        except (ValueError, LookupError, TypeError, AttributeError):
            # A commit that cannot be read names no files.
            return

    def check_blobs(self, manifest):
        if 'blobs.jsonl' not in {entry['name'] for entry in manifest['files']}:
            return
        self.demand(manifest['format'] == 'dateline-bundle/3', 'a bundle of this format has no files of pictures')
        listed = [value for _, value in self.lines('blobs.jsonl')]
        names = [value['name'] for value in listed]
        self.demand(names == sorted(set(names)), 'blobs.jsonl: out of order')
        due = set().union(*(files for development, files in self.named.items() if development not in self.taken_down))
        self.demand(set(names) == due, 'blobs.jsonl does not list the files that the commits name')
        for value in listed:
            name = value['name']
            path = Path('blobs', name[:2], name)
            if 'lost' in value or not (self.folder / path).exists():
                self.faults.append('the file is gone: ' + name)
            else:
                data = self.read(path)
                self.demand((len(data), sha256(data)) == (value['bytes'], name), 'the file is another: ' + name)

    def check_visibility(self, manifest):
        entries = [value for _, value in self.lines('visibility.jsonl')]
        self.demand(len(entries) == manifest['counts']['visibility'], 'visibility.jsonl: the count is wrong')
        last, at = 0, ''
        for entry in entries:
            self.demand(last < entry['first'] <= entry['last'] and at <= entry['at'], 'visibility.jsonl: out of order')
            last, at = entry['last'], entry['at']

    def check_keys(self, manifest):
        if not (self.folder / 'key-digests.jsonl').exists():
            return
        digests = {value['development']: value for _, value in self.lines('key-digests.jsonl')}
        exported = {name: value['sha256'] for name, value in digests.items() if 'sha256' in value}
        self.demand(len(exported) == manifest['counts']['keys'], 'the count of keys is wrong')
        self.demand(len(digests) - len(exported) == manifest['counts'].get('lost', 0), 'the count of lost keys is wrong')
        path = self.folder / 'keys.jsonl'
        there = [value for _, value in self.lines('keys.jsonl')] if path.exists() else []
        keys = {value['development']: value['key'] for value in there}
        self.demand(len(keys) == len(there), 'keys.jsonl: a key is there twice')
        for development, key in keys.items():
            self.demand(exported.get(development) == sha256(from_base64url(key)), 'the key is another: ' + development)
        self.faults += ['the key is gone: ' + development for development in exported.keys() - keys.keys()]


def check_vectors(page):
    """What differs between the page's values and those computed here."""
    given = json.loads(re.search(r'```json\n(.*?)```', Path(page).read_text(), re.S)[1])
    wrong, state, leaves, line = [], Arbitration(), [], {}
    for commit in given['commits']:
        line = json.loads(commit['line'])
        leaves.append(leaf_of(commit['line'].encode()))
        seq = state.take(line['headers'])
        found = (commit_id(line['headers'], value_of(line)), state.position, seq, leaves[-1].hex())
        wrong += [commit['id']] if found != tuple(commit[name] for name in ('id', 'position', 'seq', 'leaf')) else []
    key, signed = from_base64url(given['key']['base64url']), given['signed']
    payload, fingerprint = open_jws(signed['jws'], 'dateline-head+jws')
    outline = json.loads(line['value'])['events'][0]['data']['outline']
    content = canonical(json.loads(given['told'])['content'])
    pairs = {
        'root': (root_of(leaves), given['root']),
        'path': (root_by_path(leaves[2], 2, 3, given['pathOfThird']), given['root']),
        'key': (sha256(key), given['key']['sha256']),
        'outline': (hmac.new(key[32:], content.encode(), 'sha256').hexdigest(), outline['digest']),
        'command': (sha256(canonical(given['command']['of']).encode()), given['command']['hash']),
        'head': (json.loads(payload), signed['head']),
        'fingerprint': (fingerprint, signed['fingerprint']),
    }
    return wrong + [name for name, (found, due) in pairs.items() if found != due]


def main(arguments):
    if arguments[:1] == ['--vectors']:
        faults, strange = check_vectors(arguments[1]), 0
    else:
        bundle = Bundle(arguments[0])
        try:
            bundle.check(arguments[2] if arguments[1:2] == ['--key'] else None)
        except (ValueError, LookupError, TypeError, AttributeError, OSError) as error:
            bundle.faults.append(f'unreadable: {error}')
        faults, strange = bundle.faults, bundle.strange
    print('\n'.join(faults) or f'WHOLE; {strange} commits whose id does not cover their bytes')
    return 1 if faults else 0


if __name__ == '__main__':
    sys.exit(main(sys.argv[1:]))
