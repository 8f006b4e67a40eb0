import { commitLine, leafHash, MerkleTree, openHead, ProvingTree, readCommitLine, signerOf, signHead } from '#bundle';
import { canonicalJson, digest, sha256, type Commit, type Content, type OpenCommit } from '#domain';
import { arbitrate, commitId, decode, emptyLog } from '#event-log';
import { open, outlined } from '#keys';
import { Certificates, checkSigned, signStatement } from '#signatures';
import { expect, test } from '@jest/globals';
import { createPrivateKey } from 'node:crypto';
import { readFileSync } from 'node:fs';

const [, json] = /```json\n([\s\S]*?)```/.exec(readFileSync('docs/test-vectors.md', 'utf8'))!;
const given = JSON.parse(json!);

const lines: string[] = given.commits.map(({ line }: { line: string }) => line);
const records = lines.map(line => readCommitLine(line)!);
const key = Buffer.from(given.key.base64url, 'base64url');

function winners() {
  let state = emptyLog;
  return records.map(({ headers, value }) => {
    const [next, verdict] = arbitrate(state, headers);
    state = next;
    if (!verdict.won) throw new Error('A commit of the vectors is void.');
    return { headers, value, verdict };
  });
}

test('the lines are canonical, and the code computes the same ids, positions and numbers', () => {
  expect(records.map(commitLine)).toEqual(lines);
  expect(
    winners().map(({ headers, value, verdict: { position, seq } }) => [commitId(headers, value), position, seq]),
  ).toEqual(given.commits.map(({ id, position, seq }: Record<string, unknown>) => [id, position, seq]));
  expect(records[0]!.headers.ce_id).toBe(given.commits[0].id);
  expect(sha256(given.idOfFirst)).toBe(given.commits[0].id);
});

test('the code computes the same leaves, root and audit path', () => {
  const [leaves, tree] = [lines.map(leafHash), new MerkleTree()];
  leaves.forEach(leaf => tree.append(leaf));
  expect(leaves.map(leaf => leaf.toString('hex'))).toEqual(given.commits.map(({ leaf }: { leaf: string }) => leaf));
  expect(tree.root()).toBe(given.root);
  expect(new ProvingTree(Buffer.concat(leaves)).path(2)).toEqual(given.pathOfThird);
});

test('the code signs the same head and can read it', async () => {
  const { jwk, fingerprint, head, jws } = given.signed;
  expect(await signHead(await signerOf(jwk), head)).toBe(jws);
  expect(await openHead(jws)).toEqual({ ...head, fingerprint, dev: false });
  expect(head).toMatchObject({ root: given.root, log: given.commits[0].id, position: lines.length });
});

test('the key has the given digest, opens the payload and gives the outline', () => {
  expect(sha256(key)).toBe(given.key.sha256);
  const third = winners()[2]!;
  const decoded = decode(third.headers, third.value, third.verdict) as { commit: Commit };
  const [recorded] = decoded.commit.events;
  const keys = new Map([[given.key.development as string, { secret: key }]]);
  const opened = open(decoded.commit, keys) as { commit: OpenCommit };
  const { content } = (opened.commit.events[0]!.data as { told: { content: Content } }).told;
  expect(canonicalJson({ content })).toBe(given.told);
  expect(outlined(content, key)).toEqual(given.outline);
  expect((recorded!.data as { outline: unknown }).outline).toEqual(given.outline);
});

test('the code computes the same hash of a command', () => {
  expect(digest(given.command.of)).toBe(given.command.hash);
  expect(records[1]!.headers.ce_commandhash).toBe(given.command.hash);
});

test('the code verifies the signature of the second commit’s command, and one that it makes of the same statement', async () => {
  const { jwk, statement, certified, signed } = given.author;
  const opened = await new Certificates().open(signed.certificate);
  expect(opened).toMatchObject({ certificate: certified, certifier: given.signed.fingerprint });
  const { headers, value } = records[1]!;
  const commit = {
    log: headers.ce_source!,
    stream: headers.ce_subject!,
    by: JSON.parse(Buffer.from(value).toString()).by,
    command: headers.ce_command!,
    commandHash: headers.ce_commandhash!,
    recorded: headers.ce_time!,
  };
  const own = signStatement(createPrivateKey({ key: jwk, format: 'jwk' }), statement);
  for (const command of [signed.command, own])
    expect(checkSigned({ ...signed, command }, opened, commit, [given.signed.fingerprint])).toEqual(statement);
});
