/** `qaqpa audit prove`, `checkpoint`, `keys`, `rotate-key`: what outsiders verify the log with. */
import { keyIdOf, verifierKey } from '../../../audit/checkpoint.js';
import { writeProof } from '../../../audit/proof.js';
import { type OpenServices } from '../../../services.js';
import { type CommandIo, EXIT, InputError } from '../../command.js';
import { operatorsAct, recordOperatorRead } from '../../operator.js';

/** That the operator was shown the record is a record itself. */
export async function proveRecord({ audit }: OpenServices, io: CommandIo, sequence: number): Promise<number> {
  const proof = await audit.prove(sequence);
  if (proof === null) {
    const there = (await audit.find(sequence)) !== null;
    io.stderr.write(
      there
        ? `record ${sequence} is not sealed yet; a gateway seals it within a second\n`
        : `there is no record ${sequence}: never, or not any more\n`,
    );
    return EXIT.failed;
  }
  const details = { record: sequence };
  await recordOperatorRead(audit, operatorsAct(io), 'audit prove', { details });
  io.stdout.write(writeProof(proof));
  return EXIT.ok;
}

export async function printCheckpoint({ audit }: OpenServices, io: CommandIo): Promise<number> {
  const checkpoint = await audit.checkpoint();
  if (checkpoint === null) throw new InputError('nothing is sealed yet: a gateway does that');
  io.stdout.write(checkpoint);
  return EXIT.ok;
}

export async function printKeys({ audit }: OpenServices, io: CommandIo): Promise<number> {
  const keys = await audit.keys();
  if (keys.length === 0) throw new InputError('the log has no key yet: a gateway makes it');
  io.stdout.write(keys.map((key) => `${verifierKey(key)}\n`).join(''));
  return EXIT.ok;
}

export async function rotateLogKey({ audit, sealing }: OpenServices, io: CommandIo): Promise<number> {
  await sealing.rotateKey(operatorsAct(io));
  const [newest] = await audit.keys();
  if (newest === undefined) throw new InputError('the log has no key');
  io.stdout.write(`the log is signed with ${keyIdOf(newest)} from now on:\n${verifierKey(newest)}\n`);
  return EXIT.ok;
}
