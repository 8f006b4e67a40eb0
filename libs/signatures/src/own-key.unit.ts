import { generateSigningKey, signerOf } from '#bundle';
import { expect, test } from '@jest/globals';
import { Certificates } from './certificate.js';
import { certificateS, newCertificate, OwnKey } from './own-key.js';

const about = { by: 'dateline', command: 'k', commandhash: 'h', log: 'urn:test:log', stream: 'story:s' };

test('a certificate is in force when its key signs, also after the clock was put back', async () => {
  const signer = await signerOf(await generateSigningKey({ dev: true }));
  const right = Date.parse('2026-01-01T12:00:00.250Z');
  const instants = [right, right + 86_400_000, right, right + 1_000, right + (certificateS * 1_000) / 2];
  let [now, made] = [right, 0];
  const key = new OwnKey(jwk => {
    made++;
    return newCertificate(signer, { sub: 'dateline', iss: 'i', log: about.log, roles: [] }, jwk, Infinity, now);
  });
  for (now of instants) {
    const { certificate } = await key.sign(about, now);
    const { iat, exp } = (await new Certificates().open(certificate))!.certificate;
    expect(iat * 1_000).toBeLessThanOrEqual(now);
    expect(exp * 1_000).toBeGreaterThan(now);
  }
  // One serves for half of its time.
  expect(made).toBe(4);
});
