// Which step of a sign-in a processor profile (V8's .cpuprofile) was in: the innermost caller that belongs to a step counts, so that
// arithmetic and parsing go to whoever asked for them.
const STEPS = [
  ['storage', /\/storage\/(engines\/|storage\.js$)/],
  ['challenge', /\/(challenge\/|storage\/(tables|redis)\/[^/]*challenges)/],
  ['audit', /\/(audit\/|storage\/tables\/[^/]*audit)/],
  ['session', /\/(sessions\/|storage\/(tables|redis)\/[^/]*sessions|sign-in\/obligation)/],
  ['account', /\/(accounts\/|passwords\/|sign-in\/admission|storage\/(tables|keys)\/)/],
  ['revocation', /\/(revocation\/|eds\/(ocsp|crl)\/|eds\/revocation)/],
  ['path', /\/eds\/path\//],
  ['signature', /\/eds\/(cms|judgement|identity|timestamp)/],
  [
    'http',
    /\/(dist\/http\/|node_modules\/(express|router|zod|pino|helmet|prom-client)\/)|^node:(_?http|internal\/http|net|stream|internal\/streams)/,
  ],
];

/** Shares of the time that was not idle, by step, largest first. */
export function shares({ nodes, samples, timeDeltas }) {
  const byId = new Map(nodes.map((node) => [node.id, node]));
  const parents = new Map(nodes.flatMap((node) => (node.children ?? []).map((child) => [child, node.id])));
  const stepOf = new Map();
  const find = (id) => {
    if (id === undefined) return 'other';
    if (!stepOf.has(id)) {
      const { functionName, url } = byId.get(id).callFrame;
      const own =
        functionName === '(garbage collector)'
          ? 'garbage'
          : STEPS.find(([, pattern]) => pattern.test(url))?.[0];
      stepOf.set(id, functionName === '(idle)' ? 'idle' : (own ?? find(parents.get(id))));
    }
    return stepOf.get(id);
  };
  const spent = {};
  for (const [i, id] of samples.entries()) {
    const step = find(id);
    if (step !== 'idle') spent[step] = (spent[step] ?? 0) + timeDeltas[i];
  }
  const all = Object.values(spent).reduce((sum, time) => sum + time, 0);
  return Object.fromEntries(
    Object.entries(spent)
      .map(([step, time]) => [step, time / all])
      .sort(([, a], [, b]) => b - a),
  );
}
