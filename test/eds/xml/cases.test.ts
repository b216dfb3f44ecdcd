import { readdirSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { parseCertificate } from '../../../src/eds/certificate/certificate.js';
import { createTrustSet, type TrustSet } from '../../../src/eds/trust-set.js';
import { type SignatureReport } from '../../../src/eds/judgement/verdict.js';
import { sharedBytes, sharedMaterialPresent, sharedPath } from '../../support/shared-material.js';
import { judge, lineOf, MISMATCH } from './grounds.js';

const AT = new Date('2026-12-01T10:00:00Z');
const WHOLE = { scope: 'whole', element: null };

function trustFolder(name: string): TrustSet {
  const files = readdirSync(sharedPath(`cases/${name}`)).filter((file) => file.endsWith('.pem'));
  return createTrustSet(
    name,
    files.map((file) => ({
      certificate: parseCertificate(fromPem(sharedBytes(`cases/${name}/${file}`))),
      role: file.startsWith('lab-root') ? 'anchor' : 'intermediate',
      purposes: ['document'],
      window: { from: null, until: null },
    })),
  );
}

function fromPem(pem: Uint8Array): Uint8Array {
  return new Uint8Array(
    Buffer.from(
      Buffer.from(pem)
        .toString()
        .replace(/-----[^-]*-----/g, ''),
      'base64',
    ),
  );
}

async function signaturesOf(file: string, trust: string): Promise<readonly SignatureReport[]> {
  return (await judge(trustFolder(trust), sharedBytes(`cases/xml/${file}`), AT)).signatures;
}

(sharedMaterialPresent() ? describe : describe.skip)('a document the JDK signed', () => {
  it.each([
    ['with xml:lang above an inclusive signature', '01-xml-lang-on-root.xml', 1],
    ['twice, the first under namespaces of its own', '03-two-signatures-first-nested-inclusive.xml', 2],
    ['with a list of prefixes', '05-inclusive-namespaces-prefix-list.xml', 1],
    ['with a processing instruction', '08-stylesheet-pi.xml', 1],
    ['in windows-1251', '11-declared-windows-1251.xml', 1],
    ['with 130 attributes', '13-129-attributes.xml', 1],
  ])('%s is good as a whole', async (_, file, count) => {
    const signatures = await signaturesOf(file, 'trust-xml');
    expect(signatures).toHaveLength(count);
    for (const signature of signatures) {
      expect(signature).toMatchObject({
        indication: 'TOTAL_PASSED',
        contentVerified: true,
        signedContent: WHOLE,
        warnings: [],
      });
    }
  });

  it('with the certificate of the CA in front of its own names the signer, not the CA', async () => {
    const [signature] = await signaturesOf('06-keyinfo-ca-certificate-first.xml', 'trust-xml');
    expect(signature).toMatchObject({
      indication: 'TOTAL_PASSED',
      signer: { kind: 'individual', name: 'ВЫМЫШЛЕННЫЙ ЧЕЛОВЕК' },
      certificate: { subject: expect.stringContaining('ВЫМЫШЛЕННЫЙ') as unknown },
    });
  });

  it('as WS-Security wants it is good over the body and says so', async () => {
    const [signature] = await signaturesOf('16-wsse-keyidentifier-x509v3.xml', 'trust-xml');
    expect(signature).toMatchObject({
      indication: 'TOTAL_PASSED',
      signedContent: {
        scope: 'part',
        element: '{http://schemas.xmlsoap.org/soap/envelope/}Body',
        octets: 344,
      },
      warnings: ['SIGNATURE_COVERS_PART'],
    });
  });
});

(sharedMaterialPresent() ? describe : describe.skip)('a document the laboratory signed before', () => {
  it('with a comment in its digest is refused, as the standard has it', async () => {
    const signatures = await signaturesOf('17-lab-signed-comment.xml', 'trust-labxml');
    expect(signatures.map(lineOf)).toEqual([MISMATCH]);
  });
});
