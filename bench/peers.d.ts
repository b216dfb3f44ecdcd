import { type GostCurve } from '../src/eds/gost/index.js';

interface Timed {
  readonly seconds: number;
  readonly count: number;
}

export interface SignatureRecord {
  readonly publicKey: Uint8Array;
  readonly signature: Uint8Array;
  readonly digest: Uint8Array;
}

export interface Peer {
  readonly name: string;
  readonly ready: Promise<string>;
  load(curve: GostCurve, records: readonly SignatureRecord[]): Promise<void>;
  verify(count: number): Promise<Timed>;
  verifyFresh(count: number): Promise<Timed>;
  verdicts(): Promise<boolean[]>;
  digest(algorithm: string, octets: number, count: number): Promise<Timed>;
  close(): void;
}

export function startPeers(): {
  readonly peers: readonly Peer[];
  readonly absent: readonly string[];
  readonly scratch: string;
};
