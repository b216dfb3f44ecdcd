import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { gatewayAct } from '../../src/audit/act.js';
import { readCheckpoint, verifierKey } from '../../src/audit/checkpoint.js';
import { consistencyProof } from '../../src/audit/merkle.js';
import { writeProof } from '../../src/audit/proof.js';
import { nodesInTiles, type TileAt } from '../../src/audit/tile.js';
import { NOW, STARTED } from '../support/sample-records.js';
import { openTemporaryStorage, type TemporaryStorage } from '../support/temporary-storage.js';
import { buildVerifier, type Evidence, type OutsideVerifier, sumdbMissing } from './sumdb.js';

const missing = sumdbMissing();
const ORIGIN = 'https://login.example.kz';
const SIZES = [1, 300, 700];

(missing === null ? describe : describe.skip)(
  `the log before Go’s sumdb${missing === null ? '' : ` (${missing} is not installed)`}`,
  () => {
    let opened: TemporaryStorage;
    let outside: OutsideVerifier;
    let evidence: Evidence;

    beforeAll(async () => {
      outside = buildVerifier();
      opened = await openTemporaryStorage();
      const { audit, sealing } = opened.storage;
      const checkpoints: string[] = [];
      for (const size of SIZES) {
        await opened.storage.atomically(async (unit) => {
          const from = (await unit.audit.latest(1))[0]?.sequence ?? 0;
          for (let index = from; index < size; index += 1)
            await unit.audit.append({ ...STARTED, details: { index } });
        });
        await sealing.seal(ORIGIN, NOW);
        if (size === 300) await sealing.rotateKey(gatewayAct(new Date(NOW.getTime() + 1)));
        checkpoints.push((await audit.checkpoint())!);
      }
      const proofs: string[] = [];
      for (const sequence of [1, 255, 256, 257, 512, 513, 699, 700]) {
        proofs.push(writeProof((await audit.prove(sequence))!));
      }
      const tileAt: TileAt = async (level, index) => {
        const [row] = await opened.query(
          `select hashes from audit_tiles where level = ${level} and tile_index = ${index}`,
        );
        return row === undefined ? null : Buffer.from(row['hashes'] as Uint8Array);
      };
      const [, older, newer] = checkpoints as [string, string, string];
      const [from, to] = [older, newer].map((text) => readCheckpoint(text)!.size) as [number, number];
      evidence = {
        keys: (await audit.keys()).map(verifierKey),
        checkpoints: [older, newer],
        proofs,
        consistency: (await consistencyProof(nodesInTiles(tileAt), from, to)).map((hash) =>
          hash.toString('base64'),
        ),
      };
    }, 120_000);
    afterAll(async () => {
      outside.remove();
      await opened.remove();
    });

    it('is signed, holds its records, and grew, as an outside verifier sees it', () => {
      expect(outside.refusalOf(evidence)).toBeNull();
    });

    it('is verified with the key of before as well as with the next one', () => {
      expect(evidence.keys).toHaveLength(2);
      for (const key of evidence.keys) expect(outside.refusalOf({ ...evidence, keys: [key] })).toBeNull();
    });

    it.each<[string, (sound: Evidence) => Evidence]>([
      [
        'a key of another log',
        ({ keys, ...rest }) => ({ ...rest, keys: [keys[0]!.replace('login', 'lagin')] }),
      ],
      [
        'a checkpoint of another size',
        ({ checkpoints: [older, newer], ...rest }) => ({
          ...rest,
          checkpoints: [older!, newer!.replace(/\n\d+\n/, '\n699\n')],
        }),
      ],
      [
        'a proof of another record',
        ({ proofs: [first, second], ...rest }) => ({
          ...rest,
          proofs: [first!.replace(/^extra .*$/m, /^extra .*$/m.exec(second!)![0])],
        }),
      ],
      [
        'a proof of another place',
        ({ proofs: [, second], ...rest }) => ({
          ...rest,
          proofs: [second!.replace('index 254', 'index 253')],
        }),
      ],
      [
        'trees of which the newer comes first',
        ({ checkpoints, ...rest }) => ({ ...rest, checkpoints: [...checkpoints].reverse() }),
      ],
      [
        'another path between them',
        ({ consistency, ...rest }) => ({ ...rest, consistency: [...consistency].reverse() }),
      ],
    ])('is refused with %s', (_what, change) => {
      expect(outside.refusalOf(change(evidence))).toMatch(/./);
    });
  },
);
