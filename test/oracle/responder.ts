import { extendedKeyUsage } from '../../src/lab/certificate.js';
import { extension, nullValue } from '../../src/lab/der.js';
import { certifyService } from '../../src/lab/hierarchy.js';
import { type LabKey } from '../../src/lab/index.js';
import { OID } from '../../src/lab/oid.js';
import { generatePrivateKey } from '../../src/lab/private-key.js';
import { NOW } from './scene.js';

/** A delegated OCSP responder without keyUsage, as НУЦ РК's older ones. */
export async function certifyResponder(issuer: LabKey): Promise<LabKey> {
  const key = await generatePrivateKey(issuer.algorithm);
  return certifyService(key, 'СЕРВИС ПРОВЕРКИ ОНЛАЙН СТАТУСА СЕРТИФИКАТА', issuer, NOW, [
    extension(OID.ocspNoCheck, nullValue()),
    extendedKeyUsage([OID.ocspSigning]),
  ]);
}
