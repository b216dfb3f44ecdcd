import { renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from '@jest/globals';
import { TrustError } from '../../src/trust/error.js';
import { openTrustStore, type TrustEvent, type TrustStore } from '../../src/trust/store.js';
import { copyOfShipped, editEntry, readManifest } from './folder.js';

const NOW = new Date('2026-11-23T00:00:00Z');
const RETIRING = {
  status: 'retiring' as const,
  window: { from: null, until: '2027-01-01T00:00:00Z' },
};

const open: TrustStore[] = [];
afterEach(() => {
  for (const store of open.splice(0)) store.close();
});

async function openStore(
  directory: string,
): Promise<{ store: TrustStore; events: TrustEvent[]; next: () => Promise<TrustEvent> }> {
  const events: TrustEvent[] = [];
  const waiting: ((event: TrustEvent) => void)[] = [];
  const onEvent = (event: TrustEvent): void => {
    events.push(event);
    waiting.shift()?.(event);
  };
  const store = await openTrustStore({ directory, now: () => NOW, onEvent });
  open.push(store);
  return { store, events, next: () => new Promise((resolve) => waiting.push(resolve)) };
}

describe('the trust store', () => {
  it('does not open an invalid folder', async () => {
    const directory = copyOfShipped();
    editEntry(directory, 'nca_gost', { serial: '01' });
    await expect(openStore(directory)).rejects.toBeInstanceOf(TrustError);
  });

  it('swaps to a new set at once, and leaves the old one to those who hold it', async () => {
    const directory = copyOfShipped();
    const { store, events } = await openStore(directory);
    const before = store.current();
    editEntry(directory, 'nca_gost', RETIRING);
    expect(store.current()).toBe(before);
    const outcome = await store.reload();
    expect(outcome).toEqual({ outcome: 'replaced', version: store.current().version });
    expect(store.current()).not.toBe(before);
    expect(before.entries.every(({ window }) => window.until === null)).toBe(true);
    expect(events).toMatchObject([{ kind: 'replaced', from: before.version, to: store.current().version }]);
  });

  it('says that nothing changed when nothing did', async () => {
    const { store, events } = await openStore(copyOfShipped());
    expect(await store.reload()).toMatchObject({ outcome: 'unchanged' });
    expect(events).toEqual([]);
  });

  it.each([
    [
      'is no JSON',
      (directory: string) => {
        writeFileSync(join(directory, 'manifest.json'), '{');
      },
    ],
    [
      'is gone',
      (directory: string) => {
        rmSync(join(directory, 'manifest.json'));
      },
    ],
    [
      'lacks a certificate',
      (directory: string) => {
        rmSync(join(directory, 'nca_gost_2022.pem'));
      },
    ],
    [
      'is gone as a whole',
      (directory: string) => {
        rmSync(directory, { recursive: true });
      },
    ],
  ])('keeps the old set, loudly, when the folder %s', async (_, spoil) => {
    const directory = copyOfShipped();
    const { store, events } = await openStore(directory);
    const before = store.current();
    spoil(directory);
    expect(await store.reload()).toMatchObject({ outcome: 'refused', version: before.version });
    expect(store.current()).toBe(before);
    expect(events).toMatchObject([{ kind: 'refused', kept: before.version }]);
  });

  it('recovers from a refused folder once it is repaired', async () => {
    const directory = copyOfShipped();
    const { store } = await openStore(directory);
    editEntry(directory, 'nca_gost', { ...RETIRING, serial: '01' });
    expect(await store.reload()).toMatchObject({ outcome: 'refused' });
    editEntry(directory, 'nca_gost', { serial: '46170a97a64bbaf7643c87d90c0fe24071595a8d' });
    expect(await store.reload()).toMatchObject({ outcome: 'replaced' });
  });

  it('never lets an older reading replace a newer one', async () => {
    const directory = copyOfShipped();
    const { store } = await openStore(directory);
    const first = store.reload();
    editEntry(directory, 'nca_gost', RETIRING);
    const outcomes = await Promise.all([first, store.reload(), store.reload()]);
    expect(outcomes.at(-1)?.version).toBe(store.current().version);
    expect(store.current().entries.some(({ window }) => window.until !== null)).toBe(true);
  });
});

describe('the watched folder', () => {
  it('is read again when an editor renames a new manifest over the old one', async () => {
    const directory = copyOfShipped();
    const { store, next } = await openStore(directory);
    store.watch();
    const changed = next();
    const manifest = readManifest(directory);
    const entries = manifest.entries.map((entry) =>
      entry.name === 'nca_gost' ? { ...entry, ...RETIRING } : entry,
    );
    writeFileSync(join(directory, '.manifest.swp'), JSON.stringify({ ...manifest, entries }));
    renameSync(join(directory, '.manifest.swp'), join(directory, 'manifest.json'));
    expect(await changed).toMatchObject({ kind: 'replaced', to: store.current().version });
  });

  it('is looked at where the system tells of no change, and read again only when its text is another', async () => {
    const directory = copyOfShipped();
    const { store, next } = await openStore(directory);
    const look = (): Promise<void> => store.looking.run(new AbortController().signal);
    await look();
    const changed = next();
    editEntry(directory, 'nca_gost', RETIRING);
    await look();
    expect(await changed).toMatchObject({ kind: 'replaced', to: store.current().version });
  });

  it('is read again when the manifest is rewritten in place, and again after a refusal', async () => {
    const directory = copyOfShipped();
    const { store, next } = await openStore(directory);
    const before = store.current();
    store.watch();
    const refused = next();
    writeFileSync(join(directory, 'manifest.json'), '{ half');
    expect(await refused).toMatchObject({ kind: 'refused', kept: before.version });
    const good = copyOfShipped();
    editEntry(good, 'nca_gost', RETIRING);
    const replaced = next();
    renameSync(join(good, 'manifest.json'), join(directory, 'manifest.json'));
    expect(await replaced).toMatchObject({ kind: 'replaced' });
    expect(store.current()).not.toBe(before);
  });
});
