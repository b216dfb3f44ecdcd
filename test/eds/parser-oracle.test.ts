import { readdirSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import * as pkijs from 'pkijs';
import { parseCertificate } from '../../src/eds/certificate/certificate.js';
import { decodePem } from '../../src/eds/asn1/pem.js';
import { readSignatureInput } from '../../src/eds/asn1/signature-input.js';
import { parseSignedData } from '../../src/eds/cms/signed-data.js';
import { sharedBytes, sharedMaterialPresent, sharedPath } from '../support/shared-material.js';

const hex = (octets: Uint8Array | ArrayBuffer): string => Buffer.from(new Uint8Array(octets)).toString('hex');

/** What an independent parser reads in a certificate, in the terms of ours. */
function asPkijsReads(der: Uint8Array): unknown {
  const certificate = pkijs.Certificate.fromBER(der);
  return {
    tbs: hex(certificate.tbsView),
    serialNumber: hex(certificate.serialNumber.valueBlock.valueHexView).replace(/^(00)+/, ''),
    issuer: hex(certificate.issuer.toSchema().toBER()),
    subject: hex(certificate.subject.toSchema().toBER()),
    notBefore: certificate.notBefore.value.toISOString(),
    notAfter: certificate.notAfter.value.toISOString(),
    signatureOid: certificate.signatureAlgorithm.algorithmId,
    signature: hex(certificate.signatureValue.valueBlock.valueHexView),
    extensions: certificate.extensions?.map(({ extnID, critical, extnValue }) => [
      extnID,
      critical,
      hex(extnValue.valueBlock.valueHexView),
    ]),
  };
}

function asWeRead(der: Uint8Array): unknown {
  const certificate = parseCertificate(der);
  return {
    tbs: hex(certificate.tbs),
    serialNumber: certificate.serialNumber,
    issuer: hex(certificate.issuer.der),
    subject: hex(certificate.subject.der),
    notBefore: certificate.notBefore.toISOString(),
    notAfter: certificate.notAfter.toISOString(),
    signatureOid: certificate.signatureAlgorithm.oid,
    signature: hex(certificate.signature),
    extensions: certificate.extensions.map(({ oid, critical, value }) => [oid, critical, hex(value)]),
  };
}

(sharedMaterialPresent() ? describe : describe.skip)('an independent parser', () => {
  const authorities = ['certs/ship', 'certs/pinned'].flatMap((folder) =>
    readdirSync(sharedPath(folder)).map((name) => `${folder}/${name}`),
  );
  const messages = ['cms-gost2015-attached-t.der', 'cms-gost2015-detached-t.der', 'cms-rsa-attached.der'];

  it.each(authorities)('reads in %s what we read', (path) => {
    const [pem] = decodePem(sharedBytes(path));
    expect(asWeRead(pem!.der)).toEqual(asPkijsReads(pem!.der));
  });

  it.each([...messages, 'cms-gost2004-t.pem'])('reads in %s what we read', (name) => {
    const der = readSignatureInput(sharedBytes(`vectors/${name}`));
    const ours = parseSignedData(der);
    const theirs = new pkijs.SignedData({ schema: pkijs.ContentInfo.fromBER(der).content });
    const enclosed = theirs.encapContentInfo.eContent;
    expect(ours.contentType).toBe(theirs.encapContentInfo.eContentType);
    expect(ours.content === null ? null : hex(ours.content)).toBe(
      enclosed === undefined ? null : hex(enclosed.getValue()),
    );
    const certificates = theirs.certificates?.filter((item) => item instanceof pkijs.Certificate) ?? [];
    expect(ours.certificates.map(({ tbs }) => hex(tbs))).toEqual(
      certificates.map(({ tbsView }) => hex(tbsView)),
    );
    expect(
      ours.signers.map(({ digestAlgorithm, signatureAlgorithm, signature, signed }) => [
        digestAlgorithm.oid,
        signatureAlgorithm.oid,
        hex(signature),
        signed === null ? null : hex(signed.octets),
      ]),
    ).toEqual(
      theirs.signerInfos.map((signer) => [
        signer.digestAlgorithm.algorithmId,
        signer.signatureAlgorithm.algorithmId,
        hex(signer.signature.valueBlock.valueHexView),
        signer.signedAttrs === undefined ? null : hex(signer.signedAttrs.encodedValue),
      ]),
    );
  });
});
