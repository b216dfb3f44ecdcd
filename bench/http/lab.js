// A process of its own for the laboratory: OCSP and CRL for the gateways, people with keys, signatures over challenges. What it
// computes between the timed parts costs the gateways nothing, and what it computes during them can be counted.
import { createLaboratory, makeIin, startCrlPoint, startOcspResponder } from '../../dist/lab/index.js';
import { writeTrustFolder } from '../../dist/cli/demo/laboratory.js';

const people = new Map();
let lab;
let ocsp;

const ORDERS = {
  async open({ trustFolder }) {
    lab = await createLaboratory({ algorithms: ['gost2015-512', 'rsa-2048'] });
    ocsp = await startOcspResponder(lab);
    const crl = await startCrlPoint(lab);
    await writeTrustFolder(lab, trustFolder, new Date());
    return {
      ocspUrl: ocsp.url,
      crlUrls: crl.addresses.map(({ url, deltaUrl }) => `${url}|${deltaUrl}`).join(' '),
    };
  },
  async issue({ algorithm, count, bin, organisation }) {
    const made = [];
    for (let i = 0; i < count; i++) {
      const iin = makeIin({ born: `19${60 + (i % 40)}-05-17`, sex: 'female', order: people.size + 1 });
      const subject = {
        kind: 'employee',
        surname: `СЫНАҚ${people.size}`,
        givenName: 'ТЕСТ',
        iin,
        bin,
        organisation,
      };
      people.set(iin, await lab.issue({ algorithm, ...subject }));
      made.push({ iin, name: `${subject.surname} ТЕСТ` });
    }
    return made;
  },
  async sign({ items }) {
    const signatures = [];
    for (const { iin, data } of items) {
      const der = await lab.signCms(people.get(iin), Buffer.from(data, 'base64'));
      signatures.push(Buffer.from(der).toString('base64'));
    }
    return signatures;
  },
  usage: () => ({ ...process.cpuUsage(), ocspRequests: ocsp.requests.length ?? ocsp.requests }),
};

process.on('message', async ({ id, order, ...details }) => {
  try {
    process.send({ id, answer: await ORDERS[order](details) });
  } catch (error) {
    process.send({ id, failure: error.stack });
  }
});

// The bench has died.
process.on('disconnect', () => process.exit());
