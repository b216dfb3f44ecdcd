import { type LabKey, makeBin } from '../../src/lab/index.js';
import { nextIin, ncalayerSignature, type LabGateway } from './lab-gateway.js';
import { type TestVisitor } from './visitor.js';

type World = Pick<LabGateway, 'lab'>;

let organisations = 0;

/** A BIN no organisation of the tests has. */
export function nextBin(): string {
  organisations += 1;
  return makeBin({ registered: '2020-05', order: 20_000 + organisations });
}

/** A key of a person of an organisation. */
export function companyKey(
  world: World,
  details: {
    readonly kind?: 'head' | 'employee' | 'signing-right' | 'hr';
    readonly bin: string;
    readonly iin?: string;
    readonly surname?: string;
    readonly organisation?: string;
  },
): Promise<LabKey> {
  const { kind = 'head', bin, iin = nextIin(), surname = 'ЖАҢА', organisation = `ТОО «${bin}»` } = details;
  return world.lab.issue({
    kind,
    algorithm: 'gost2015-512',
    surname,
    givenName: 'ТЕСТ',
    patronymic: 'ТЕСТҰЛЫ',
    iin,
    bin,
    organisation,
  });
}

export function personalKey(world: World, iin = nextIin(), surname = 'ЖЕКЕ'): Promise<LabKey> {
  return world.lab.issue({ kind: 'individual', algorithm: 'gost2015-512', surname, givenName: 'ТЕСТ', iin });
}

export interface SignedRegistration {
  readonly challengeId: string;
  readonly signature: string;
  readonly text: string;
}

/** Asks for the terms and signs them. */
export async function signTerms(
  world: World,
  visitor: TestVisitor,
  key: LabKey,
  { path = '/v1/registration/challenge', body = {} }: { readonly path?: string; readonly body?: object } = {},
): Promise<SignedRegistration> {
  const response = await visitor.post(path, body);
  if (response.status !== 201) throw new Error(`no challenge: ${response.status} ${await response.text()}`);
  const { challengeId, data, text } = (await response.json()) as {
    challengeId: string;
    data: string;
    text: string;
  };
  const signature = await ncalayerSignature(world.lab, key, Buffer.from(data, 'base64'));
  return { challengeId, signature, text };
}

/** Challenge, signature, registration. */
export async function register(
  world: World,
  visitor: TestVisitor,
  key: LabKey,
  more: object = {},
): Promise<Response> {
  const { challengeId, signature } = await signTerms(world, visitor, key);
  return visitor.post('/v1/registration', { challengeId, signature, ...more });
}
